/** What a team with `jose` would write to assert the caller: a signed token, kept for half its lifetime. */
import { Hono } from "hono";
import { proxy } from "hono/proxy";
import { type CryptoKey, createRemoteJWKSet, importJWK, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { claimHeaders, isAccessToken, type PeerEnv } from "./claims.ts";

interface Env extends PeerEnv {
  readonly ASSERTION_KEYS: string;
}

const LIFETIME_SECONDS = 60;
const MAX_KEPT = 1_000;

let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
let signer: { readonly key: CryptoKey | Uint8Array; readonly kid: string } | undefined;
const kept = new Map<string, { readonly text: string; readonly until: number }>();

async function verify(token: string, issuer: string): Promise<JWTPayload | undefined> {
  keys ??= createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  try {
    const { payload } = await jwtVerify(token, keys, { issuer, algorithms: ["RS256"] });
    return payload;
  } catch {
    return undefined;
  }
}

async function assertion(token: string, claims: JWTPayload, env: Env): Promise<string> {
  const found = kept.get(token);
  if (found !== undefined && found.until > Date.now()) return found.text;
  const [jwk] = JSON.parse(env.ASSERTION_KEYS).keys;
  signer ??= { key: await importJWK(jwk, "ES256"), kid: jwk.kid };
  const sub = String(claims.sub);
  const text = await new SignJWT({
    txn: crypto.randomUUID(),
    sub_id: { format: "iss_sub", iss: claims.iss, sub },
    scope: "https://api.myecommerce.com/read:products",
    req_wl: "https://gateway.example",
    tctx: { client_id: claims["client_id"] },
    rctx: { method: "GET", route: "/products" },
  })
    .setProtectedHeader({ alg: "ES256", kid: signer.kid, typ: "txntoken+jwt" })
    .setIssuer("https://gateway.example")
    .setAudience("internal.example")
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME_SECONDS}s`)
    .sign(signer.key);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(token, { text, until: Date.now() + (LIFETIME_SECONDS * 1000) / 2 });
  return text;
}

const app = new Hono<{ Bindings: Env }>();

app.get("/products", async (c) => {
  const token = /^Bearer ([\w.-]+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  const claims = token === undefined ? undefined : await verify(token, c.env.ISSUER_URL);
  if (token === undefined || claims === undefined) {
    return Response.json({ error: "invalid_token" }, { status: 401, headers: { "www-authenticate": "Bearer" } });
  }
  if (!isAccessToken(claims)) return Response.json({ error: "insufficient_scope" }, { status: 403 });
  const signed = { "txn-token": await assertion(token, claims, c.env) };
  const headers = { ...c.req.header(), authorization: undefined, ...claimHeaders(claims), ...signed };
  return proxy(c.env.PRODUCTS_URL + c.req.path, { raw: c.req.raw, headers });
});

export default app;
