/**
 * The ceiling for any gateway: one function, written by hand for the one route of the bench, that keeps the gateway's
 * contract. Constants stand for everything that a policy says. It has one issuer with one key, RS256, and a `Map` of
 * verified tokens. No rotation, outage, second route or hostile request was thought of: nobody should deploy it.
 */
import { base64url } from "jose";
import type { PeerEnv } from "./claims.ts";

interface Claims extends Record<string, string> {
  readonly sub: string;
  readonly client_id: string;
  readonly scope: string;
  readonly iss: string;
  readonly jti: string;
}

const SCOPE = "https://api.myecommerce.com/read:products";
const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const MAX_TOKENS = 10_000;
const TIMEOUT_MS = 10_000;
const REQUEST_ID = /^(?=[A-Za-z0-9._:-]{1,200}$)(?!.*eyJ[\w-]*\.)/;
/** What callers must not send. The gateway's list is ten times as long. */
const DROPPED = new Set([
  ...["authorization", "forwarded", "via", "x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"],
  ...["connection", "keep-alive", "te", "trailer", "upgrade", "traceparent", "tracestate", "x-request-id"],
]);
/** What answers lose: the same names as in the gateway. */
const REMOVED = [
  ...["connection", "http2-settings", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade", "alt-svc", "clear-site-data", "service-worker-allowed"],
  ...["cdn-cache-control", "cloudflare-cdn-cache-control", "vercel-cdn-cache-control", "netlify-cdn-cache-control"],
  ...["akamai-cache-control", "edge-control", "surrogate-control", "x-accel-expires"],
];
const TIMED_OUT = Symbol("timed out");

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const verified = new Map<string, Claims>();
/** By status: to copy a response is cheaper than to make one. */
const blanks = new Map<number, Response>();
let key: CryptoKey | undefined;

export default {
  async fetch(request, env) {
    const began = Date.now();
    const { headers, method } = request;
    const url = new URL(request.url);
    const given = headers.get("x-request-id");
    const id = given !== null && REQUEST_ID.test(given) ? given : crypto.randomUUID();
    if (url.pathname !== "/products" || method !== "GET") return refusal(404, "route-unknown", id, url, began);
    const token = /^Bearer ([\w.-]+)$/i.exec(headers.get("authorization") ?? "")?.[1];
    if (token === undefined) return refusal(401, "credentials-missing", id, url, began);
    let claims = verified.get(token);
    const isKnown = claims !== undefined;
    if (claims === undefined) {
      claims = await verify(token, env);
      if (claims === undefined) return refusal(401, "signature-invalid", id, url, began);
      if (verified.size === MAX_TOKENS) verified.clear();
      verified.set(token, claims);
    }
    if (Number(claims["exp"]) <= began / 1000) return refusal(401, "token-expired", id, url, began);
    const granted = claims.scope.split(" ");
    if (!granted.includes(SCOPE)) return refusal(403, "scope-insufficient", id, url, began);

    const sent = new Headers(headers);
    for (const name of headers.keys()) if (DROPPED.has(name) || name.startsWith("x-auth-")) sent.delete(name);
    const trace = id.replaceAll("-", "");
    sent.set("via", "1.1 by-hand");
    sent.set("x-forwarded-proto", url.protocol.slice(0, -1));
    sent.set("x-forwarded-host", url.host);
    sent.set("x-request-id", id);
    sent.set("traceparent", `00-${trace}-${trace.slice(16)}-01`);
    sent.set("x-auth-subject", claims.sub);
    sent.set("x-auth-client-id", claims.client_id);
    sent.set("x-auth-scopes", claims.scope);
    sent.set("x-auth-issuer", claims.iss);
    sent.set("x-auth-token-id", claims.jti);
    const { promise: timeUp, resolve } = Promise.withResolvers<typeof TIMED_OUT>();
    const timer = setTimeout(resolve, TIMEOUT_MS, TIMED_OUT);
    const init: RequestInit = { method, headers: sent, redirect: "manual", cache: "no-store" };
    const answer = await Promise.race([fetch(env.PRODUCTS_URL + url.pathname + url.search, init), timeUp]);
    clearTimeout(timer);
    if (answer === TIMED_OUT) return refusal(504, "upstream-timeout", id, url, began);

    const response = new Response(answer.body, answer);
    for (const name of REMOVED) if (response.headers.has(name)) response.headers.delete(name);
    if (!response.headers.has("cache-control")) response.headers.set("cache-control", "private, no-store");
    response.headers.set("x-request-id", id);
    const { iss, client_id, sub } = claims;
    const caller = { issuer: iss, client_id, subject: sub, granted };
    const decided = { decision: "allow", status: response.status, upstream_status: answer.status, ...caller };
    log({ ...decided, token_cache: isKnown ? "hit" : "miss" }, id, began);
    return response;
  },
} satisfies ExportedHandler<PeerEnv>;

async function verify(token: string, env: PeerEnv): Promise<Claims | undefined> {
  const [header = "", payload = "", signature = ""] = token.split(".");
  key ??= await crypto.subtle.importKey("jwk", env.KEYS[0] as JsonWebKey, RSA, false, ["verify"]);
  const { alg } = JSON.parse(decoder.decode(base64url.decode(header)));
  const claims = JSON.parse(decoder.decode(base64url.decode(payload)));
  if (alg !== "RS256" || claims.iss !== env.ISSUER_URL || claims.token_use !== "access") return undefined;
  const signed = encoder.encode(token.slice(0, token.lastIndexOf(".")));
  return (await crypto.subtle.verify(RSA, key, base64url.decode(signature) as Uint8Array<ArrayBuffer>, signed))
    ? claims
    : undefined;
}

function refusal(status: number, reason: string, id: string, url: URL, began: number): Response {
  const problem = {
    type: `https://scopegate.dev/problems/${reason}`,
    title: reason,
    status,
    detail: reason,
    instance: id,
  };
  const challenge = `Bearer realm="products", scope="${SCOPE}", resource_metadata="${url.origin}/.well-known/products"`;
  log({ decision: "deny", reason, status }, id, began);
  let blank = blanks.get(status);
  if (blank === undefined) {
    const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
    blank = new Response(null, { status, headers });
    blanks.set(status, blank);
  }
  const response = new Response(JSON.stringify(problem), blank);
  response.headers.set("x-request-id", id);
  response.headers.set("www-authenticate", challenge);
  return response;
}

function log(members: object, id: string, began: number): void {
  const time = new Date(began).toISOString();
  const duration_ms = Date.now() - began;
  console.log({
    event: "decision",
    time,
    request_id: id,
    route: "/products",
    upstream: "products",
    duration_ms,
    ...members,
  });
}
