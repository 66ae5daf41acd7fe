/**
 * Plays the issuers of the policy. Each has the token endpoint (client credentials), the keys and the metadata of its
 * profile, and keys of its own. The stack passes what they are in a variable; the secret of a client is
 * `<client id>-secret`.
 *
 * `/admin/*` needs no credentials: anyone who reaches this Worker can get any claims signed. It therefore listens on
 * loopback only, signs only for callers that name a loopback host, and only the local gateway accepts its keys.
 */
import { type Context, Hono } from "hono";
import type { JWTPayload } from "jose";
import * as v from "valibot";
import { isLoopback } from "../../http/safe-url.ts";
import { parseBody } from "../common/parse-body.ts";
import { problem } from "../common/problem.ts";
import { type DatabaseEnv, withDatabase } from "../common/with-database.ts";
import type { IssuerSettings } from "./issuer-settings.ts";
import { KEY_TABLES, publicKeys, rotateKeys, signClaims } from "./signing-keys.ts";
import { TOKEN_LIFETIME_SECONDS, tokenClaims } from "./token-claims.ts";
import { decideTokenRequest, TokenError } from "./token-request.ts";

interface IssuerEnv extends DatabaseEnv {
  /** The issuers to play. */
  readonly ISSUERS: readonly IssuerSettings[];
}

type IssuerContext = Context<{ Bindings: IssuerEnv }>;

const TOKEN_PATH = "/oauth2/token";
const AUTHORIZATION_PATH = "/oauth2/authorize";

const app = new Hono<{ Bindings: IssuerEnv }>();

app.use(withDatabase(KEY_TABLES, []));

// A web page can make its own host name lead to loopback (DNS rebinding). The browser would then let it read the tokens
// that it asks for. The key sets may have any host: the gateway asks for them by the policy's addresses.
app.post("*", async (c, next) => {
  if (isLoopback(new URL(c.req.url).hostname)) return next();
  return problem(c, 421, "Misdirected Request", "Call the local issuer by a loopback address.");
});

app.post(TOKEN_PATH, async (c) => {
  // RFC 6749 5.1: nobody may store a response that contains a token.
  c.header("cache-control", "no-store");
  c.header("pragma", "no-cache");
  const issuer = chosenIssuer(c);
  const isForm = /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(c.req.header("content-type") ?? "");
  const decided =
    issuer && isForm
      ? decideTokenRequest(new URLSearchParams(await c.req.text()), c.req.header("authorization"), issuer)
      : new TokenError("invalid_request");
  if (decided instanceof TokenError || issuer === undefined) {
    const { error, challenge } = decided instanceof TokenError ? decided : new TokenError("invalid_request");
    if (challenge) c.header("www-authenticate", 'Basic realm="local issuer"');
    return c.json({ error }, challenge ? 401 : 400);
  }
  const claims = tokenClaims(issuer, decided, crypto.randomUUID(), Date.now());
  return c.json({
    access_token: await signClaims(c.env.DB, issuer, claims),
    expires_in: TOKEN_LIFETIME_SECONDS,
    token_type: "Bearer",
  });
});

/**
 * Where users would sign in (RFC 6749 3.1). The issuer has no users; many clients refuse metadata without this address.
 */
app.get(AUTHORIZATION_PATH, (c) =>
  problem(c, 400, "Bad Request", "The local issuer has no users. Ask for a token with client credentials."),
);

/** Rotates the keys of an issuer; `?mode=overlap` is the default, `hard` the alternative. Answers 204. */
app.post("/admin/rotate", async (c) => {
  const mode = c.req.query("mode") ?? "overlap";
  if (mode !== "overlap" && mode !== "hard") return problem(c, 400, "Bad Request", "mode must be overlap or hard.");
  const issuer = chosenIssuer(c);
  if (issuer === undefined) return unknownIssuer(c);
  await rotateKeys(c.env.DB, issuer, mode);
  return c.body(null, 204);
});

/** Signs the JSON object in the body with the current key of an issuer. The claims are not checked. */
app.post("/admin/sign", async (c) => {
  const claims = await parseBody(c, v.record(v.string(), v.unknown()));
  if (claims instanceof Response) return claims;
  const issuer = chosenIssuer(c);
  if (issuer === undefined) return unknownIssuer(c);
  return c.json({ access_token: await signClaims(c.env.DB, issuer, claims as JWTPayload) });
});

/**
 * The keys and the metadata (RFC 8414, OpenID Connect Discovery), at the addresses where the gateway and tools look.
 */
app.get("*", async (c, next) => {
  const asked = new URL(c.req.url);
  const holder = issuerAt(c.env.ISSUERS, asked, ({ jwksUri }) => new URL(jwksUri));
  if (holder) return c.json({ keys: await publicKeys(c.env.DB, holder) });
  const described = issuerAt(c.env.ISSUERS, asked, metadataUrl);
  if (!described) return next();
  const endpoints = {
    token: endpoint(c, described, TOKEN_PATH),
    authorization: endpoint(c, described, AUTHORIZATION_PATH),
  };
  return c.json(metadata(described, endpoints));
});

app.notFound((c) => problem(c, 404, "Not Found", "There is nothing here."));

export default app;

/** The issuer that the query names. The name may be left out if there is only one. */
function chosenIssuer(c: IssuerContext): IssuerSettings | undefined {
  const { ISSUERS } = c.env;
  const name = c.req.query("issuer");
  return name === undefined && ISSUERS.length === 1 ? ISSUERS[0] : ISSUERS.find((issuer) => issuer.name === name);
}

function unknownIssuer(c: IssuerContext): Response {
  return problem(c, 400, "Bad Request", "issuer must be the name of an issuer that runs here.");
}

/**
 * The issuer that has something at an address. Requests that come through the gateway have the address of the policy,
 * which decides; all others have the address of this Worker, so that only the path can decide.
 */
function issuerAt(
  issuers: readonly IssuerSettings[],
  asked: URL,
  addressOf: (issuer: IssuerSettings) => URL | null,
): IssuerSettings | undefined {
  const exact = issuers.find((issuer) => addressOf(issuer)?.href === asked.href);
  const pathOf = (url: URL | null) => url && `${url.pathname}${url.search}`;
  return exact ?? issuers.find((issuer) => pathOf(addressOf(issuer)) === pathOf(asked));
}

/** `null`: the issuer is not a URL, so it has no metadata. */
function metadataUrl({ issuer }: IssuerSettings): URL | null {
  return URL.parse(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
}

/** At this Worker's own address, because that is where it answers, not at the issuer's. */
function endpoint(c: IssuerContext, { name }: IssuerSettings, path: string): string {
  const query = c.env.ISSUERS.length === 1 ? "" : `?${new URLSearchParams({ issuer: name })}`;
  return new URL(`${path}${query}`, c.req.url).href;
}

function metadata(
  { issuer, jwksUri, algorithm, scopeNames }: IssuerSettings,
  endpoints: Readonly<Record<"token" | "authorization", string>>,
) {
  return {
    issuer,
    jwks_uri: jwksUri,
    authorization_endpoint: endpoints.authorization,
    token_endpoint: endpoints.token,
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    grant_types_supported: ["client_credentials"],
    response_types_supported: [],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [algorithm],
    scopes_supported: Object.values(scopeNames),
  };
}
