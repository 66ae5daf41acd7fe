/** What a team with `jose` would write: Hono, a remote key set, the claims as headers, Hono's proxy helper. */
import { Hono } from "hono";
import { proxy } from "hono/proxy";
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import { claimHeaders, isAccessToken, type PeerEnv } from "./claims.ts";

let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

async function verify(token: string, issuer: string): Promise<JWTPayload | undefined> {
  keys ??= createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  try {
    const { payload } = await jwtVerify(token, keys, { issuer, algorithms: ["RS256"] });
    return payload;
  } catch {
    return undefined;
  }
}

const app = new Hono<{ Bindings: PeerEnv }>();

app.get("/products", async (c) => {
  const token = /^Bearer ([\w.-]+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  const claims = token === undefined ? undefined : await verify(token, c.env.ISSUER_URL);
  if (claims === undefined) {
    return Response.json({ error: "invalid_token" }, { status: 401, headers: { "www-authenticate": "Bearer" } });
  }
  if (!isAccessToken(claims)) return Response.json({ error: "insufficient_scope" }, { status: 403 });
  const headers = { ...c.req.header(), authorization: undefined, ...claimHeaders(claims) };
  return proxy(c.env.PRODUCTS_URL + c.req.path, { raw: c.req.raw, headers });
});

export default app;
