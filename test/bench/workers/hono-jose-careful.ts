/**
 * What a careful team would write with Hono and `jose`. Beside `hono-jose` it has a log line for each request, a
 * request id, headers that callers cannot forge, a time limit for the upstream, and problem documents (RFC 9457). It
 * tells tokens that it refuses from keys that it cannot get. Like `jose` itself, it remembers no verified token.
 */
import { type Context, Hono } from "hono";
import { proxy } from "hono/proxy";
import { type RequestIdVariables, requestId } from "hono/request-id";
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import { claimHeaders, isAccessToken, type PeerEnv } from "./claims.ts";

interface Variables extends RequestIdVariables {
  claims: JWTPayload;
  /** Why the request was refused. */
  reason: string;
}

type Ctx = Context<{ Bindings: PeerEnv; Variables: Variables }>;

const UPSTREAM_TIMEOUT_MS = 30_000;

/** What callers must not send: the gateway's own headers, those of other proxies, and those of one connection. */
const DROPPED = [
  ...["authorization", "forwarded", "via", "x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"],
  ...["connection", "keep-alive", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"],
];
const OWN_PREFIX = "x-auth-";

/** Errors of `jose` that are about the token. All others mean that there are no keys to check it with. */
const TOKEN_ERRORS = [
  ...[errors.JWTExpired, errors.JWTClaimValidationFailed, errors.JWTInvalid, errors.JWSInvalid],
  ...[errors.JWSSignatureVerificationFailed, errors.JOSEAlgNotAllowed, errors.JOSENotSupported],
  errors.JWKSNoMatchingKey,
];

let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

const app = new Hono<{ Bindings: PeerEnv; Variables: Variables }>();

app.use(requestId());

app.use(async (c, next) => {
  const began = Date.now();
  await next();
  // The middleware for request ids does not reach the answers of services.
  c.header("x-request-id", c.get("requestId"));
  const claims = c.get("claims");
  console.log({
    time: new Date(began).toISOString(),
    request_id: c.get("requestId"),
    method: c.req.method,
    path: c.req.path,
    status: c.res.status,
    duration_ms: Date.now() - began,
    reason: c.get("reason"),
    subject: claims?.sub,
    client_id: claims?.["client_id"],
    token_id: claims?.jti,
  });
});

app.use("/products", async (c, next) => {
  const token = /^Bearer ([\w.-]+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (token === undefined) return unauthorized(c, "token-missing", "The request has no bearer token.", "Bearer");
  const issuer = c.env.ISSUER_URL;
  keys ??= createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  try {
    const { payload } = await jwtVerify(token, keys, {
      ...{ issuer, algorithms: ["RS256"], requiredClaims: ["exp", "sub", "client_id"], clockTolerance: 5 },
    });
    c.set("claims", payload);
  } catch (error) {
    if (!TOKEN_ERRORS.some((type) => error instanceof type)) {
      return problem(c, 503, "keys-unavailable", "The keys of the issuer cannot be read.", { "retry-after": "5" });
    }
    return unauthorized(c, "token-invalid", "The access token is invalid.", 'Bearer error="invalid_token"');
  }
  if (!isAccessToken(c.get("claims"))) {
    const challenge = { "www-authenticate": 'Bearer error="insufficient_scope"' };
    return problem(c, 403, "scope-insufficient", "The access token lacks a scope.", challenge);
  }
  return next();
});

app.get("/products", async (c) => {
  const { search } = new URL(c.req.url);
  const response = await proxy(c.env.PRODUCTS_URL + c.req.path + search, {
    raw: c.req.raw,
    headers: upstreamHeaders(c),
    redirect: "manual",
    signal: AbortSignal.timeout(UPSTREAM_TIMEOUT_MS),
  });
  response.headers.set("cache-control", "private, no-store");
  return response;
});

app.notFound((c) => problem(c, 404, "not-found", "No route has this path."));

app.onError((error, c) =>
  error.name === "TimeoutError"
    ? problem(c, 504, "upstream-timeout", "The service did not answer in time.")
    : problem(c, 502, "upstream-failed", "The service cannot be reached."),
);

function upstreamHeaders(c: Ctx): Headers {
  const headers = new Headers(c.req.raw.headers);
  for (const name of DROPPED) headers.delete(name);
  for (const name of [...headers.keys()]) if (name.startsWith(OWN_PREFIX)) headers.delete(name);
  const { protocol, host } = new URL(c.req.url);
  headers.set("x-forwarded-proto", protocol.slice(0, -1));
  headers.set("x-forwarded-host", host);
  headers.set("x-request-id", c.get("requestId"));
  for (const [name, value] of Object.entries(claimHeaders(c.get("claims")))) headers.set(name, value);
  return headers;
}

function unauthorized(c: Ctx, reason: string, detail: string, challenge: string): Response {
  return problem(c, 401, reason, detail, { "www-authenticate": challenge });
}

function problem(
  c: Ctx,
  status: 401 | 403 | 404 | 502 | 503 | 504,
  reason: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  c.set("reason", reason);
  const type = `https://errors.myecommerce.com/${reason}`;
  return c.json({ type, title: reason, status, detail, request_id: c.get("requestId") }, status, {
    ...{ "content-type": "application/problem+json", "cache-control": "no-store" },
    ...headers,
  });
}

export default app;
