import { describe, expect, it } from "vitest";
import { DROPPED_FROM_CALLERS, isPlainHeaderName } from "../../src/http/header-names.ts";
import { toClientResponse } from "../../src/upstream/client-response.ts";
import { createHeaderFilter } from "../../src/upstream/request-headers.ts";
import { faultsOf, policyFileWith } from "../support/policy/policy-file.ts";

/**
 * Each name, written out, with what happens to it: in a caller's request, in an upstream's answer, as a claim header.
 */
const NAMES: readonly {
  readonly caller: "dropped" | "kept";
  readonly answer: "removed" | "kept";
  readonly claim: "refused" | "allowed";
  readonly names: string;
}[] = [
  {
    caller: "dropped",
    answer: "removed",
    claim: "refused",
    names:
      "connection http2-settings keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer " +
      "transfer-encoding upgrade",
  },
  {
    caller: "dropped",
    answer: "kept",
    claim: "refused",
    names:
      "x-original-url x-rewrite-url x-http-method x-http-method-override x-method-override x-original-method " +
      "x-original-uri x-rewrite-uri x-script-name script-name path-info document-uri path-translated query-string " +
      "request-method request-uri script-filename x-original-path x-original-prefix x-ms-original-url x-replaced-path " +
      "x-waws-unencoded-url x-envoy-original-path x-envoy-* x-accel-mapping x-accel-* x-sendfile-type x-invoke-path " +
      "x-invoke-* x-matched-path x-middleware-subrequest x-middleware-* x-now-route-matches " +
      "cloudflare-workers-version-key cloudflare-workers-version-overrides cloudflare-workers-version-anything " +
      "cloudflare-workers-version-* " +
      "x-real-ip true-client-ip x-client-ip x-cluster-client-ip client-ip x-remote-ip forwarded-for x-forward-for " +
      "x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-anything x-forwarded-* x-original-for " +
      "x-original-forwarded-for x-originating-ip remote-addr remote-host remote-ident remote-port server-name " +
      "server-port x-remote-addr proxy-client-ip wl-proxy-client-ip wl-proxy-* x-azure-clientip x-azure-socketip " +
      "x-azure-* fastly-client-ip fastly-* cloudfront-viewer-address cloudfront-viewer-* fly-client-ip " +
      "do-connecting-ip x-nf-client-connection-ip x-vercel-forwarded-for x-vercel-proxied-for incap-client-ip " +
      "x-sucuri-clientip x-proxyuser-ip disguised-host x-host x-http-host-override x-original-host x-scheme " +
      "x-url-scheme https front-end-https x-arr-ssl x-original-proto x-proxied-https proxy " +
      "dpop txn-token authorization forwarded via x-request-id traceparent tracestate " +
      "cf-access-jwt-assertion cf-access-authenticated-user-email cf-access-* proxy-auth-cert proxy-ssl-id",
  },
  {
    caller: "dropped",
    answer: "kept",
    claim: "allowed",
    names:
      "x-auth-request-user x-auth-* auth-type remote-user remote-groups remote-* x-remote-user x-remote-* " +
      "impersonate-user impersonate-* x-amzn-oidc-identity x-amzn-oidc-* x-amzn-mtls-clientcert x-amzn-mtls-* " +
      "x-amzn-ava-user-context x-amzn-ava-* x-amzn-lambda-context x-amzn-request-context " +
      "x-goog-authenticated-user-email x-goog-authenticated-user-* x-goog-iap-jwt-assertion x-goog-iap-* " +
      "x-appengine-user-email x-appengine-* x-apigateway-api-userinfo x-endpoint-api-userinfo " +
      "x-ms-client-principal x-ms-client-principal-id x-ms-client-principal* x-ms-token-aad-id-token x-ms-token-* " +
      "ms-aspnetcore-clientcert ms-aspnetcore-* tailscale-user-login tailscale-* x-pomerium-jwt-assertion x-pomerium-* " +
      "x-authentik-username x-authentik-* x-vouch-user x-vouch-* x-anonymous-consumer x-authenticated-userid " +
      "x-authenticated-* x-consumer-id x-consumer-* x-credential-identifier x-credential-username x-jwt-assertion " +
      "x-userinfo oidc-claim-sub oidc-* shib-session-id shib-* iv-creds iv-groups iv-remote-address iv-remote-address* " +
      "iv-user iv-user-l iv-user* sm-user sm-userdn sm-user* sm-universalid oam-remote-user x-webauth-user x-webauth-* " +
      "x-proxy-roles x-proxy-user es-security-runas-user client-cert client-cert-chain ssl-client-cert ssl-* " +
      "x-ssl-client-cn x-ssl-* x-client-cert x-client-cert* x-client-dn x-client-verify x-arr-clientcert",
  },
  {
    caller: "kept",
    answer: "removed",
    claim: "allowed",
    names: "alt-svc clear-site-data service-worker-allowed",
  },
  {
    caller: "kept",
    answer: "kept",
    claim: "refused",
    names:
      "trailers host cookie cookie2 set-cookie origin referer from accept expect max-forwards range user-agent date " +
      "cache-control pragma early-data priority prefer upgrade-insecure-requests purpose baggage cdn-loop mcp-name " +
      "proxy-x cf-connecting-ip cf-ray cf-accessible sec-fetch-site content-length content-type content-encoding if-match " +
      "accept-encoding access-control-request-method",
  },
];
const CASES = NAMES.flatMap(({ names, ...expected }) => names.split(" ").map((name) => ({ name, ...expected })));

/** The cases that are names: `x-a-*` stands in the list for every name with that beginning. */
const SINGLE = CASES.filter(({ name }) => !name.endsWith("*"));

it("every name that callers must not send is in the cases below", () => {
  const named = new Set(CASES.map(({ name }) => name));
  expect(DROPPED_FROM_CALLERS.filter((name) => !named.has(name))).toEqual([]);
});

describe("what happens to each header by its name", () => {
  const isDropped = createHeaderFilter({ claimHeaders: [] });

  it.each(SINGLE)("$name is $caller in a caller's request", ({ name, caller }) => {
    expect(isDropped(name) ? "dropped" : "kept").toBe(caller);
  });

  it.each(SINGLE.filter(({ caller }) => caller === "dropped"))("$name is dropped in other spellings", ({ name }) => {
    for (const spelling of [name.toUpperCase(), name.replaceAll("-", "_"), name.replaceAll("-", ".")]) {
      expect(isDropped(spelling), spelling).toBe(true);
    }
  });

  it.each(SINGLE)("$name is $answer in an upstream's answer", ({ name, answer }) => {
    const { headers } = toClientResponse(new Response(null, { headers: { [name]: "x" } }), {
      isProtected: false,
      isUnenforced: false,
      isOptional: false,
      originWide: false,
    });
    expect(headers.has(name) ? "kept" : "removed").toBe(answer);
  });

  it.each(SINGLE)("$name is $claim as a claim header", ({ name, claim }) => {
    const expected = expect.stringContaining(`The header \`${name}\` belongs to HTTP or to the gateway.`);
    expect(faultsOf(policyFileWith({ claimHeaders: { [name]: "email" } }))).toEqual(
      claim === "refused" ? [expected] : [],
    );
  });

  it.each(SINGLE)("$name may be set for an upstream, or not, as its kind says", ({ name, caller, claim }) => {
    const headers = { [name]: "a" };
    const file = policyFileWith({ upstreams: { orders: { url: "https://orders.example", headers } } });
    // The gateway's own credential, names of other proxies, and what changes neither the resource nor the caller.
    const fixed = ["accept", "authorization", "user-agent"];
    const isIdentity = caller === "dropped" && /^(?:cf-access-|proxy-auth-cert$|proxy-ssl-id$)/.test(name);
    const isRefused = claim === "refused" && !fixed.includes(name) && !isIdentity;
    expect(faultsOf(file)).toEqual(isRefused ? [expect.stringContaining("belongs to HTTP or to the gateway.")] : []);
  });

  it.each(["x-email", "x-auth-email", "baggages", "x-origin"])("%s is a claim header if the policy says so", (name) => {
    expect(faultsOf(policyFileWith({ claimHeaders: { [name]: "email" } }))).toEqual([]);
  });

  it.each(["x-auth-subject", "X_Auth_Anything", "content_length", "Content.Type"])(
    "%s is dropped, for an upstream could take it for a header that the gateway vouches for",
    (name) => expect(isDropped(name)).toBe(true),
  );

  it.each(["SCRIPT_NAME", "X_Legacy", "x.legacy", "x!", "~passenger", "$wsra", "CF_Connecting_IP", "cf.ray"])(
    "%s is dropped, for its name has a character that CGI cannot tell from `-`",
    (name) => expect(isDropped(name)).toBe(true),
  );

  it.each(["cf-accessible", "x-authority", "x-remoted", "oidcs", "x-forwards", "iv", "remotely", "x-hosts", "x-sslx"])(
    "%s is kept, for it only resembles a header that is dropped",
    (name) => expect(isDropped(name)).toBe(false),
  );
});

it.each([
  { name: "x-legacy", expected: true },
  { name: "X-2", expected: true },
  { name: "-", expected: true },
  { name: "x_legacy", expected: false },
  { name: "x.legacy", expected: false },
  { name: "x~", expected: false },
  { name: "", expected: false },
])("whether a header name has only letters, digits and `-`: $name", ({ name, expected }) => {
  expect(isPlainHeaderName(name)).toBe(expected);
});
