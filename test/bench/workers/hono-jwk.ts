/** What a team with Hono would write: its JWK middleware, the claims as headers, its proxy helper. */
import { Hono } from "hono";
import { jwk } from "hono/jwk";
import { proxy } from "hono/proxy";
import { claimHeaders, isAccessToken, type PeerEnv } from "./claims.ts";

const app = new Hono<{ Bindings: PeerEnv; Variables: { jwtPayload: Record<string, unknown> } }>();

// The keys are in the configuration: with `jwks_uri` the middleware would fetch them for every request.
app.use("/products", (c, next) =>
  jwk({ keys: c.env.KEYS, alg: ["RS256"], verification: { iss: c.env.ISSUER_URL } })(c, next),
);

app.get("/products", (c) => {
  const claims = c.get("jwtPayload");
  if (!isAccessToken(claims)) return Response.json({ error: "insufficient_scope" }, { status: 403 });
  const headers = { ...c.req.header(), authorization: undefined, ...claimHeaders(claims) };
  return proxy(c.env.PRODUCTS_URL + c.req.path, { raw: c.req.raw, headers });
});

export default app;
