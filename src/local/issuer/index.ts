/**
 * An issuer in the shape of an AWS Cognito user pool with resource servers, for this machine only: the token endpoint
 * of its domain (client credentials) and the pool's metadata and keys. Resource servers, scopes and clients are those
 * of `routes.json`; the secret of a client is `<client id>-secret`.
 *
 * `/admin/*` has no counterpart at Cognito and asks for no credential: whoever reaches this Worker may have any claims
 * signed. It therefore listens on loopback only, and its keys are worth nothing to any gateway but the local one.
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
  /** The `iss` claim: this Worker's origin and `/<pool id>`. */
  readonly ISSUER_URL: string;
}

const TOKEN_LIFETIME_SECONDS = 3600;

const clients = registeredClients(routes);

const app = new Hono<{ Bindings: IssuerEnv }>();

app.use(withDatabase(KEY_TABLES, []));

app.post("/oauth2/token", async (c) => {
  // RFC 6749 5.1: what holds a token must not be kept.
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

/** `?mode=overlap` (default) or `hard`. 204. */
app.post("/admin/rotate", async (c) => {
  const mode = c.req.query("mode") ?? "overlap";
  if (mode !== "overlap" && mode !== "hard") return problem(c, 400, "Bad Request", "mode is overlap or hard.");
  await rotateKeys(c.env.DB, mode);
  return c.body(null, 204);
});

/** Signs the JSON object in the body, whatever it claims, with the current key. */
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

/** The claims of Cognito's access tokens for client credentials: there is no `aud`, and the client is the subject. */
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
