/** Tokens that are bound to a client certificate (RFC 8705 3), at the built Worker on workerd. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MAX_CERTIFICATE_LENGTH } from "../../../src/limits.ts";
import { call, jsonOf, statusAndReason } from "../../support/e2e/call.ts";
import { NO_CERTIFICATE, newCertificate, overConnection } from "../../support/e2e/client-certificate.ts";
import { fullName, gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";

const MINE = newCertificate();
const OTHER = newCertificate();
const SELF_SIGNED = { ...MINE.tls, certVerified: "FAILED:self signed certificate" };
const BOUND_WRITE = { scopes: ["write:orders"], senderConstrained: true };
/** A Worker of the same account. */
const OWN_WORKER = {
  name: "own",
  script: `export default { fetch(request, env) {
    const { url, headers } = request;
    return env.GATEWAY.fetch(url, { headers, cf: { tlsClientAuth: ${JSON.stringify(MINE.tls)} } });
  } }`,
  services: { GATEWAY: "gateway" },
};
const MISMATCH = "401 token-binding-mismatch";
const thumbprint = (text: string) => createHash("sha256").update(text).digest("base64url");

let issuers: Readonly<Record<"accepts" | "requires" | "refuses", TestIssuer>>;
let upstream: TestUpstream;
let gateway: TestGateway;
let lenient: TestGateway;

beforeAll(async () => {
  const [accepts, requires, refuses] = await Promise.all([startIssuer(), startIssuer(), startIssuer()]);
  issuers = { accepts, requires, refuses };
  upstream = await startUpstream();
  const issuerOf = ({ url }: TestIssuer, mtls?: string) => ({
    ...{ issuer: url, profile: "cognito", algorithms: ["ES256"] },
    ...(mtls && { binding: { mtls } }),
  });
  const base = gatewayPolicy(accepts, upstream);
  const policy = {
    ...base,
    issuers: {
      accepts: issuerOf(accepts, "accepted"),
      requires: issuerOf(requires, "required"),
      refuses: issuerOf(refuses),
    },
    routes: [
      ...base.routes,
      { path: "/bound", methods: ["GET"], authenticated: true, senderConstrained: true, upstream: "echo" },
      { path: "/maybe", methods: ["GET"], optional: true, upstream: "echo" },
      { path: "/transfers", methods: ["POST"], ...BOUND_WRITE, upstream: "echo" },
    ],
  };
  gateway = await startGateway({ policy, workers: [OWN_WORKER] });
  lenient = await startGateway({ policy: { ...policy, mtls: { trust: "binding-only" } } });
}, 120_000);

afterAll(async () => {
  await Promise.all([gateway?.dispose(), lenient?.dispose(), upstream?.stop()]);
  await Promise.all(Object.values(issuers ?? {}).map((issuer) => issuer.stop()));
});

beforeEach(() => {
  upstream.received.length = 0;
});

/** Presents a token over a connection twice: it is remembered the second time. Refused requests reach no upstream. */
async function outcomeOf(token: string, tls: unknown, request = "GET /me", at = gateway): Promise<string> {
  upstream.received.length = 0;
  const send = () => call(at.origin, request, { token, headers: overConnection(tls) });
  const [first, second] = [statusAndReason(await send()), statusAndReason(await send())];
  expect(second).toBe(first);
  expect(upstream.received).toHaveLength(first === "200" ? 2 : 0);
  return first;
}

describe("a token that is bound to a certificate", () => {
  it.each([
    { name: "its own", tls: MINE.tls },
    { name: "its own, told by the certificate alone", tls: { ...MINE.tls, certFingerprintSHA256: "" } },
    { name: "its own, told by the fingerprint alone", tls: { ...MINE.tls, certRFC9440: undefined } },
    { name: "its own, too large to be told", tls: { ...MINE.tls, certRFC9440: "", certRFC9440TooLarge: true } },
  ])("is accepted over a connection with $name", async ({ tls }) => {
    for (const issuer of [issuers.accepts, issuers.requires]) {
      expect(await outcomeOf(await issuer.token({ cnf: MINE.cnf }), tls)).toBe("200");
    }
  });

  it.each([
    { name: "no connection data", tls: undefined },
    { name: "no certificate", tls: NO_CERTIFICATE },
    { name: "null", tls: null },
    { name: "another certificate", tls: OTHER.tls },
    { name: "a revoked certificate", tls: { ...MINE.tls, certRevoked: "1" } },
    { name: "a certificate of unknown revocation", tls: { ...MINE.tls, certRevoked: undefined } },
    { name: "a certificate that is not presented", tls: { ...MINE.tls, certPresented: "0" } },
    { name: "a self-signed certificate", tls: SELF_SIGNED },
    {
      name: "a certificate of an unknown authority",
      tls: { ...MINE.tls, certVerified: "FAILED:unable to get local issuer certificate" },
    },
    {
      name: "its certificate, and the fingerprint of another",
      tls: { ...OTHER.tls, certRFC9440: MINE.tls["certRFC9440"] },
    },
    {
      name: "its fingerprint, and the certificate of another",
      tls: { ...MINE.tls, certRFC9440: OTHER.tls["certRFC9440"] },
    },
    {
      name: "its fingerprint, and an oversized certificate",
      tls: { ...MINE.tls, certRFC9440: `:${"A".repeat(MAX_CERTIFICATE_LENGTH)}:` },
    },
    { name: "its fingerprint, and rubbish", tls: { ...MINE.tls, certRFC9440: ":?:" } },
    {
      name: "a certificate too large to be told, without a fingerprint",
      tls: { ...NO_CERTIFICATE, certPresented: "1", certVerified: "SUCCESS", certRFC9440TooLarge: true },
    },
    { name: "values of other types", tls: { ...MINE.tls, certPresented: 1, certRevoked: 0 } },
  ])("is refused over a connection with $name", async ({ tls }) => {
    for (const issuer of [issuers.accepts, issuers.requires]) {
      expect(await outcomeOf(await issuer.token({ cnf: MINE.cnf }), tls)).toBe(MISMATCH);
    }
  });

  it("is accepted with a self-signed certificate where the policy says so, and not if that one is revoked", async () => {
    const token = await issuers.requires.token({ cnf: MINE.cnf });
    expect(await outcomeOf(token, SELF_SIGNED, "GET /me", lenient)).toBe("200");
    expect(await outcomeOf(token, { ...SELF_SIGNED, certRevoked: "1" }, "GET /me", lenient)).toBe(MISMATCH);
    expect(await outcomeOf(token, OTHER.tls, "GET /me", lenient)).toBe(MISMATCH);
  });

  it("that is remembered for its own connection is refused over another", async () => {
    const token = await issuers.accepts.token({ cnf: MINE.cnf });
    expect(await outcomeOf(token, MINE.tls)).toBe("200");
    expect(await outcomeOf(token, OTHER.tls)).toBe(MISMATCH);
    expect(await outcomeOf(token, NO_CERTIFICATE)).toBe(MISMATCH);
    expect(await outcomeOf(token, MINE.tls)).toBe("200");
  });

  it("is refused on an optional route, too, and not read on a public one", async () => {
    const token = await issuers.accepts.token({ cnf: MINE.cnf });
    expect(await outcomeOf(token, OTHER.tls, "GET /maybe")).toBe(MISMATCH);
    expect(await outcomeOf(token, MINE.tls, "GET /maybe")).toBe("200");
    expect(await outcomeOf(token, OTHER.tls, "GET /open")).toBe("200");
  });

  it("gets no certificate of a header that a caller writes", async () => {
    const token = await issuers.accepts.token({ cnf: MINE.cnf });
    const headers = {
      "client-cert": String(MINE.tls["certRFC9440"]),
      "cf-client-cert-sha256": String(MINE.tls["certFingerprintSHA256"]),
    };
    expect(statusAndReason(await call(gateway.origin, "GET /me", { token, headers }))).toBe(MISMATCH);
    expect(upstream.received).toEqual([]);
  });
});

it("a Worker with a service binding to the gateway can claim any certificate, so it must be trusted", async () => {
  const token = await issuers.accepts.token({ cnf: MINE.cnf });
  expect(statusAndReason(await call(gateway.urls["own"] ?? "", "GET /me", { token }))).toBe("200");
});

describe("a token with a binding that its issuer does not cover", () => {
  const { cnf } = MINE;
  it.each([
    { name: "a key", cnf: { jkt: thumbprint("key") } },
    { name: "a certificate and a key", cnf: { ...cnf, jkt: thumbprint("key") } },
    { name: "a certificate and something unknown", cnf: { ...cnf, kid: "device-1" } },
    { name: "a certificate's SHA-1", cnf: { x5t: thumbprint("mine").slice(0, 27) } },
    { name: "the thumbprint with padding", cnf: { "x5t#S256": `${cnf["x5t#S256"]}=` } },
    { name: "the thumbprint as a list", cnf: { "x5t#S256": [cnf["x5t#S256"]] } },
    { name: "null", cnf: null },
    { name: "an empty object", cnf: {} },
  ])("is refused: $name", async ({ cnf: claim }) => {
    for (const issuer of Object.values(issuers)) {
      expect(await outcomeOf(await issuer.token({ cnf: claim }), MINE.tls)).toBe("401 token-binding-unsupported");
    }
  });

  it("is refused where the issuer binds no tokens", async () => {
    const token = await issuers.refuses.token({ cnf });
    expect(await outcomeOf(token, MINE.tls)).toBe("401 token-binding-unsupported");
  });
});

describe("a token without a binding", () => {
  it.each([
    { issuer: "requires", request: "GET /me", expected: "401 token-binding-missing" },
    { issuer: "requires", request: "GET /maybe", expected: "401 token-binding-missing" },
    { issuer: "accepts", request: "GET /me", expected: "200" },
    { issuer: "refuses", request: "GET /me", expected: "200" },
    { issuer: "accepts", request: "GET /bound", expected: "401 token-binding-missing" },
    { issuer: "refuses", request: "GET /bound", expected: "401 token-binding-missing" },
    { issuer: "accepts", request: "POST /transfers", expected: "401 token-binding-missing" },
  ] as const)("of the issuer that $issuer bindings has the outcome $expected for $request", async (row) => {
    const token = await issuers[row.issuer].token({ scope: fullName("write:orders") });
    for (const tls of [MINE.tls, NO_CERTIFICATE]) expect(await outcomeOf(token, tls, row.request)).toBe(row.expected);
  });
});

describe("a route that asks for bound tokens", () => {
  it("accepts a bound token with the scopes, and tells one without them what it lacks", async () => {
    const [write, read] = await Promise.all(
      ["write:orders", "read:orders"].map((scope) => issuers.accepts.token({ scope: fullName(scope), cnf: MINE.cnf })),
    );
    expect(await outcomeOf(write ?? "", MINE.tls, "POST /transfers")).toBe("200");
    expect(await outcomeOf(write ?? "", OTHER.tls, "POST /transfers")).toBe(MISMATCH);
    expect(await outcomeOf(read ?? "", MINE.tls, "POST /transfers")).toBe("403 scope-insufficient");
  });

  it("says in the answer and in the log why a token is refused, and names no thumbprint", async () => {
    const token = await issuers.accepts.token({ cnf: MINE.cnf });
    const answer = await call(gateway.origin, "GET /bound", {
      token,
      headers: { ...overConnection(OTHER.tls), "x-request-id": "bound-1" },
    });
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(jsonOf(answer)).toMatchObject({ title: "Token binding mismatch", status: 401 });
    const line = JSON.stringify(await gateway.decision("bound-1"));
    expect(JSON.parse(line)).toMatchObject({
      reason: "token-binding-mismatch",
      detail: "The token is bound to another client certificate.",
    });
    for (const text of [
      ...Object.values(MINE.cnf),
      ...Object.values(OTHER.cnf),
      String(OTHER.tls["certFingerprintSHA256"]),
    ]) {
      expect(line + answer.body).not.toContain(text);
    }
  });
});
