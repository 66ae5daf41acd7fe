/**
 * A local issuer that behaves like an AWS Cognito user pool with resource servers. It has the token endpoint (client
 * credentials) and the metadata and keys of the pool. Resource servers, scopes and clients come from `routes.json`; the
 * secret of a client is `<client id>-secret`.
 *
 * `/admin/*` does not exist at Cognito and needs no credentials: anyone who reaches this Worker can get any claims
 * signed. It therefore listens on loopback only, and only the local gateway accepts its keys.
 */
import { Hono } from "hono";
import type { JWTPayload } from "jose";
import * as v from "valibot";
import routes from "../../../routes.json" with { type: "json" };
import { parseBody } from "../common/parse-body.ts";
import { problem } from "../common/problem.ts";
import { type DatabaseEnv, withDatabase } from "../common/with-database.ts";
import { declaredScopes, registeredClients } from "./clients.ts";
import { KEY_TABLES, publicKeys, rotateKeys, signClaims } from "./signing-keys.ts";
import { decideTokenRequest, type Grant, TokenError } from "./token-request.ts";

interface IssuerEnv extends DatabaseEnv {
  /** The `iss` claim: the origin of this Worker followed by `/<pool id>`. */
  readonly ISSUER_URL: string;
}

const TOKEN_LIFETIME_SECONDS = 3600;

/** The issuer that this Worker stands in for: the local stack sets the variable to its address. */
const localIssuer = Object.entries(routes.issuers).find(([, { issuer }]) => issuer.includes("ISSUER_URL"))?.[0];
const clients = registeredClients(routes, localIssuer);

const app = new Hono<{ Bindings: IssuerEnv }>();

app.use(withDatabase(KEY_TABLES, []));

app.post("/oauth2/token", async (c) => {
  // RFC 6749 5.1: nobody may store a response that contains a token.
  c.header("cache-control", "no-store");
  c.header("pragma", "no-cache");
  const isForm = /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(c.req.header("content-type") ?? "");
  const decided = isForm
    ? decideTokenRequest(new URLSearchParams(await c.req.text()), c.req.header("authorization"), clients)
    : new TokenError("invalid_request");
  if (decided instanceof TokenError) {
    if (decided.challenge) c.header("www-authenticate", 'Basic realm="local issuer"');
    return c.json({ error: decided.error }, decided.challenge ? 401 : 400);
  }
  return c.json({
    access_token: await signClaims(c.env.DB, accessTokenClaims(decided, c.env.ISSUER_URL, Date.now())),
    expires_in: TOKEN_LIFETIME_SECONDS,
    token_type: "Bearer",
  });
});

app.get("/:pool/.well-known/jwks.json", async (c, next) => {
  if (!isPool(c.env, c.req.param("pool"))) return next();
  return c.json({ keys: await publicKeys(c.env.DB) });
});

app.get("/:pool/.well-known/openid-configuration", async (c, next) => {
  if (!isPool(c.env, c.req.param("pool"))) return next();
  const issuer = c.env.ISSUER_URL;
  return c.json({
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: new URL("/oauth2/token", issuer).href,
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    grant_types_supported: ["client_credentials"],
    response_types_supported: [],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: declaredScopes(routes),
  });
});

/** Rotates the keys; `?mode=overlap` is the default, `hard` the alternative. Answers 204. */
app.post("/admin/rotate", async (c) => {
  const mode = c.req.query("mode") ?? "overlap";
  if (mode !== "overlap" && mode !== "hard") return problem(c, 400, "Bad Request", "mode must be overlap or hard.");
  await rotateKeys(c.env.DB, mode);
  return c.body(null, 204);
});

/** Signs the JSON object in the body with the current key. The claims are not checked. */
app.post("/admin/sign", async (c) => {
  const claims = await parseBody(c, v.record(v.string(), v.unknown()));
  if (claims instanceof Response) return claims;
  return c.json({ access_token: await signClaims(c.env.DB, claims as JWTPayload) });
});

app.notFound((c) => problem(c, 404, "Not Found", "There is nothing here."));

export default app;

function isPool(env: IssuerEnv, pool: string): boolean {
  return new URL(env.ISSUER_URL).pathname === `/${pool}`;
}

/** The claims of a Cognito access token for client credentials. It has no `aud`, and its subject is the client. */
function accessTokenClaims({ clientId, scopes }: Grant, issuer: string, nowMs: number): JWTPayload {
  const now = Math.floor(nowMs / 1000);
  return {
    sub: clientId,
    token_use: "access",
    scope: scopes.join(" "),
    auth_time: now,
    iss: issuer,
    exp: now + TOKEN_LIFETIME_SECONDS,
    iat: now,
    version: 2,
    jti: crypto.randomUUID(),
    client_id: clientId,
  };
}
