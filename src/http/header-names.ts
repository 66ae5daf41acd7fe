/**
 * Every header name with a rule of its own, in the list of what it is. That decides what happens to it:
 *
 * | list | in a caller's request | in an upstream's answer | as a claim header | in an upstream's `headers` |
 * |---|---|---|---|---|
 * | `HOP_BY_HOP` | dropped | removed | refused | refused |
 * | `OVERRIDES`, `ADDRESSES`, `CREDENTIALS`, `WRITTEN_BY_GATEWAY` | dropped | kept | refused | refused |
 * | `IDENTITIES` | dropped | kept | allowed | allowed |
 * | `END_TO_END` | kept | kept | refused | refused |
 * | `ORIGIN_WIDE` | kept | removed, unless the upstream may send them | allowed | allowed |
 * | `TARGETED_CACHE_FIELDS` | kept | removed for a verified token or a reported refusal | allowed | allowed |
 *
 * `FIXED` names the exceptions of the last column.
 *
 * Add a name to one list; the filters are built from these lists. Names are folded (see `foldHeaderName`). A name that
 * ends in `*` stands for every name with that beginning. An upstream's `allowHeaderNames` must not contain any spelling
 * of a name that is dropped or refused here.
 */

/** Headers that belong to one connection (RFC 9110 7.6.1), with those that older proxies still send. */
export const HOP_BY_HOP = [
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** With these an upstream would serve another path, method or version than the one that was authorized. */
const OVERRIDES = [
  // The method (Rack::MethodOverride, OData 4.0 Part 1, Google API conventions).
  ...["x-http-method", "x-http-method-override", "x-method-override"],
  // The path (IIS URL Rewrite, Symfony's and Laminas' Request).
  ...["x-original-url", "x-rewrite-url"],
  // The path and method of the request that an authorization subrequest is about (ingress-nginx, auth-url).
  ...["x-original-method", "x-original-uri", "x-rewrite-uri"],
  // The part of the path that the application is mounted at (WSGI middlewares such as flask-reverse-proxy-fix;
  // gunicorn).
  ...["x-script-name", "script-name", "path-info"],
  // Variables of CGI that name the request (RFC 3875 4.1); some servers take them from headers without a prefix.
  ...["document-uri", "path-translated", "query-string", "request-method", "request-uri", "script-filename"],
  // The path before rewriting (ASP.NET Core's forwarded headers, Azure App Service, Static Web Apps, Traefik).
  ...["x-original-path", "x-original-prefix", "x-ms-original-url", "x-replaced-path", "x-waws-unencoded-url"],
  // The path, retries and the internal origin (Envoy, header sanitizing).
  "x-envoy-*",
  // How a file is sent: a front proxy is made to serve an internal path (Rack::Sendfile, CVE-2025-61780).
  ...["x-accel-*", "x-sendfile-type"],
  // The rewritten path, and skipped middleware (Next.js, CVE-2025-29927).
  ...["x-invoke-*", "x-matched-path", "x-middleware-*", "x-now-route-matches"],
  // Which version of an upstream Worker serves the request: one that was replaced may still have a hole (gradual
  // deployments).
  "cloudflare-workers-version-*",
];

/** Headers in which other proxies name the caller's address or the original host, port and scheme. */
const ADDRESSES = [
  // The caller's address (nginx realip, Rails RemoteIp, Akamai, Rackspace, misspelt).
  ...["client-ip", "true-client-ip", "x-client-ip", "x-cluster-client-ip", "x-real-ip", "x-remote-ip"],
  ...[
    "forwarded-for",
    "x-forward-for",
    "x-forwarded-*",
    "x-original-for",
    "x-original-forwarded-for",
    "x-originating-ip",
  ],
  // Variables of CGI that name the two ends (RFC 3875 4.1.8, 4.1.14).
  ...["remote-addr", "remote-host", "remote-ident", "remote-port", "server-name", "server-port", "x-remote-addr"],
  // The same, by vendor: WebLogic, Azure Front Door, Fastly, CloudFront, Fly.io, DigitalOcean, Netlify, Vercel,
  // Imperva, Sucuri, Google.
  ...["proxy-client-ip", "wl-proxy-*", "x-azure-*", "fastly-*", "cloudfront-viewer-*", "fly-client-ip"],
  ...["do-connecting-ip", "x-nf-client-connection-ip", "x-vercel-forwarded-for", "x-vercel-proxied-for"],
  ...["incap-client-ip", "x-sucuri-clientip", "x-proxyuser-ip"],
  // The host (ingress-nginx, Azure App Service, PortSwigger on host header attacks).
  ...["disguised-host", "x-host", "x-http-host-override", "x-original-host"],
  // The scheme (WSGI middlewares, RFC 3875 in practice, Microsoft TMG, Azure App Service, Jetty).
  ...["x-scheme", "x-url-scheme", "https", "front-end-https", "x-arr-ssl", "x-original-proto", "x-proxied-https"],
  // CGI turns it into the setting `HTTP_PROXY` (httpoxy, CVE-2016-5385).
  "proxy",
];

/** The header with an assertion of the gateway (OAuth Transaction Tokens, "Txn-Token" HTTP Header). */
export const TXN_TOKEN = "txn-token";

/**
 * Proofs that belong to a token, which the gateway does not forward with them (RFC 9449 4), and assertions: an upstream
 * must only get one that the gateway made.
 */
const CREDENTIALS = ["dpop", TXN_TOKEN];

/** Headers in which other proxies name an authenticated caller. A policy may write its own claims to them. */
const IDENTITIES = [
  // The family of the gateway's claim headers; also oauth2-proxy's `X-Auth-Request-User`.
  "x-auth-*",
  // The user that a web server authenticated (RFC 3875 4.1.11; Django RemoteUserMiddleware, Authelia, Kubernetes).
  ...["auth-type", "remote-*", "x-remote-*", "impersonate-*"],
  // Cloudflare Access.
  "cf-access-*",
  // AWS: load balancers, Verified Access, Lambda Web Adapter.
  ...["x-amzn-oidc-*", "x-amzn-mtls-*", "x-amzn-ava-*", "x-amzn-lambda-context", "x-amzn-request-context"],
  // Google: Identity-Aware Proxy, App Engine, Endpoints, API Gateway.
  ...["x-goog-authenticated-user-*", "x-goog-iap-*", "x-appengine-*"],
  ...["x-apigateway-api-userinfo", "x-endpoint-api-userinfo"],
  // Azure App Service authentication, IIS integration of ASP.NET Core.
  ...["x-ms-client-principal*", "x-ms-token-*", "ms-aspnetcore-*"],
  // Other identity-aware proxies: Tailscale, Pomerium, authentik, Vouch.
  ...["tailscale-*", "x-pomerium-*", "x-authentik-*", "x-vouch-*"],
  // Gateways: Kong, WSO2, lua-resty-openidc.
  ...["x-anonymous-consumer", "x-authenticated-*", "x-consumer-*", "x-credential-identifier", "x-credential-username"],
  ...["x-jwt-assertion", "x-userinfo"],
  // Apache: mod_auth_openidc, Shibboleth.
  ...["oidc-*", "shib-*"],
  // IBM Verify Access, SiteMinder, Oracle Access Manager.
  ...["iv-creds", "iv-groups", "iv-remote-address*", "iv-user*", "sm-user*", "sm-universalid", "oam-remote-user"],
  // Applications that trust a proxy: Grafana, OpenSearch, Elasticsearch.
  ...["x-webauth-*", "x-proxy-roles", "x-proxy-user", "es-security-runas-user"],
  // The client certificate (RFC 9440 4; HAProxy, nginx, Tomcat's SSLValve, Azure App Service, Jetty).
  ...["client-cert", "client-cert-chain", "ssl-*", "x-ssl-*", "x-client-cert*", "x-client-dn", "x-client-verify"],
  ...["x-arr-clientcert", "proxy-auth-cert", "proxy-ssl-id"],
];

/** Written by the gateway itself. `traceparent` and `tracestate` are set from what was valid in the caller's. */
const WRITTEN_BY_GATEWAY = ["authorization", "forwarded", "traceparent", "tracestate", "via", "x-request-id"];

/** Headers that pass through the gateway and mean something to upstreams already. */
const END_TO_END = [
  // Where the request goes and in whose name (RFC 9110 7.2, 10.1.2, 10.1.3; RFC 6265; RFC 6454).
  ...["cookie", "cookie2", "from", "host", "origin", "referer", "set-cookie"],
  // What the request asks for and how it may be answered (RFC 9110 7.6.2, 10.1, 12, 14; RFC 9111; RFC 8470; RFC 9218).
  ...[
    "accept",
    "accept-*",
    "cache-control",
    "date",
    "early-data",
    "expect",
    "if-*",
    "max-forwards",
    "pragma",
    "prefer",
  ],
  ...["priority", "purpose", "range", "upgrade-insecure-requests", "user-agent"],
  // What describes the body (RFC 9110 8), and what is for browsers, Cloudflare and proxies.
  ...["content-*", "access-control-*", "sec-*", "cf-*", "proxy-*"],
  // How the message ends, misspelt; what tracing and Cloudflare's loop detection go by.
  ...["trailers", "baggage", "cdn-loop"],
  // What a message of the Model Context Protocol asks for, and its session.
  "mcp-*",
];

/** Headers of an answer that act on the whole origin (RFC 7838; Clear Site Data; Service Workers). */
export const ORIGIN_WIDE = ["alt-svc", "clear-site-data", "service-worker-allowed"];

/**
 * Headers of an answer by which some caches ignore `Cache-Control`. Each is looked for by its name, because reading all
 * names of an answer would cost more; RFC 9213 2 lets anyone define another that ends in `-Cache-Control`.
 */
export const TARGETED_CACHE_FIELDS = [
  // CDNs (RFC 9213 3), and those of one vendor.
  ...["cdn-cache-control", "cloudflare-cdn-cache-control", "vercel-cdn-cache-control", "netlify-cdn-cache-control"],
  ...["akamai-cache-control", "edge-control"],
  // Surrogates (Edge Architecture Specification; Fastly), nginx.
  ...["surrogate-control", "x-accel-expires"],
];

/** All names that a caller must not send to an upstream. */
export const DROPPED_FROM_CALLERS = [
  ...HOP_BY_HOP,
  ...OVERRIDES,
  ...ADDRESSES,
  ...CREDENTIALS,
  ...IDENTITIES,
  ...WRITTEN_BY_GATEWAY,
];

/** Whether a caller's header must not reach an upstream, by its folded name. */
export const isDroppedFromCallers = createMatcher(DROPPED_FROM_CALLERS);

/** Whether no claim may be written to a header, by its folded name: the claim's subject may have chosen the value. */
export const isRefusedAsClaimHeader = createMatcher([
  ...HOP_BY_HOP,
  ...OVERRIDES,
  ...ADDRESSES,
  ...CREDENTIALS,
  ...WRITTEN_BY_GATEWAY,
  ...END_TO_END,
]);

/**
 * Headers whose value an upstream's `headers` may fix although no claim may be written to them: they change neither
 * what is served nor for whom, or they carry the gateway's own credential.
 */
const FIXED: ReadonlySet<string> = new Set(["accept", "authorization", "user-agent", "x-forwarded-prefix"]);
const isOfHttpOrGateway = createMatcher([
  ...HOP_BY_HOP,
  ...OVERRIDES,
  ...ADDRESSES,
  ...CREDENTIALS,
  ...WRITTEN_BY_GATEWAY,
]);
const isEndToEnd = createMatcher(END_TO_END);
const isIdentity = createMatcher(IDENTITIES);

/** Whether an upstream's `headers` must not set a header, by its folded name. */
export function isRefusedForUpstreams(folded: string): boolean {
  if (FIXED.has(folded)) return false;
  return isOfHttpOrGateway(folded) || (isEndToEnd(folded) && !isIdentity(folded));
}

function createMatcher(names: readonly string[]): (folded: string) => boolean {
  const exact = new Set(names);
  const prefixes = names.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
  return (folded) => exact.has(folded) || prefixes.some((prefix) => folded.startsWith(prefix));
}

/** Whether the text is a field name (RFC 9110 5.1, 5.6.2). */
export function isHeaderName(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text);
}

/**
 * Whether a header name has only letters, digits and `-`. With any other character, two names can be one to an
 * upstream: see `foldHeaderName`.
 */
export function isPlainHeaderName(name: string): boolean {
  return /^[0-9A-Za-z-]+$/.test(name);
}

/**
 * The name under which an upstream may know a header: lower case, and every character except letters and digits read
 * as `-`. CGI and its heirs (RFC 3875 4.1.18) cannot tell `X_Auth_Subject` from `X-Auth-Subject`, so a filter that
 * compares names for safety compares these.
 */
export function foldHeaderName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "-");
}
