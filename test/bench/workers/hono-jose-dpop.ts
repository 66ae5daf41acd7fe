/**
 * What a team with `jose` would write to accept DPoP (RFC 9449): a token and a proof on every request, each `jti` once.
 */
import { Hono } from "hono";
import { proxy } from "hono/proxy";
import { base64url, calculateJwkThumbprint, createRemoteJWKSet, EmbeddedJWK, type JWTPayload, jwtVerify } from "jose";
import { claimHeaders, isAccessToken, type PeerEnv } from "./claims.ts";

const PROOF_AGE_SECONDS = 600;
const MAX_KEPT = 20_000;

let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
const used = new Set<string>();

async function verify(token: string, issuer: string): Promise<JWTPayload | undefined> {
  keys ??= createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  try {
    const { payload } = await jwtVerify(token, keys, { issuer, algorithms: ["RS256"] });
    return payload;
  } catch {
    return undefined;
  }
}

async function isProven(proof: string, token: string, { cnf }: JWTPayload, request: Request): Promise<boolean> {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      ...{ typ: "dpop+jwt", algorithms: ["ES256", "EdDSA"], maxTokenAge: PROOF_AGE_SECONDS },
    });
    const { origin, pathname } = new URL(request.url);
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
    const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk ?? {});
    const fits =
      payload["htm"] === request.method &&
      payload["htu"] === origin + pathname &&
      payload["ath"] === base64url.encode(new Uint8Array(hash)) &&
      (cnf as { readonly jkt?: unknown } | undefined)?.jkt === thumbprint;
    const use = `${thumbprint} ${payload.jti}`;
    if (!fits || payload.jti === undefined || used.has(use)) return false;
    if (used.size >= MAX_KEPT) used.clear();
    used.add(use);
    return true;
  } catch {
    return false;
  }
}

const app = new Hono<{ Bindings: PeerEnv }>();

app.get("/products", async (c) => {
  const token = /^DPoP ([\w.-]+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  const claims = token === undefined ? undefined : await verify(token, c.env.ISSUER_URL);
  const proof = c.req.header("dpop") ?? "";
  if (token === undefined || claims === undefined || !(await isProven(proof, token, claims, c.req.raw))) {
    return Response.json({ error: "invalid_token" }, { status: 401, headers: { "www-authenticate": "DPoP" } });
  }
  if (!isAccessToken(claims)) return Response.json({ error: "insufficient_scope" }, { status: 403 });
  const headers = { ...c.req.header(), authorization: undefined, dpop: undefined, ...claimHeaders(claims) };
  return proxy(c.env.PRODUCTS_URL + c.req.path, { raw: c.req.raw, headers });
});

export default app;
