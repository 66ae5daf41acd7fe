import * as v from "valibot";
import { MAX_CLIENT_NAME_LENGTH, MAX_DURATION_SECONDS } from "../../../limits.ts";
import { ALGORITHMS, SCOPE_NAMES } from "../../issuer-choices.ts";
import type { IssuerLint } from "../../lint-codes.ts";
import { PROFILE_NAMES } from "../../profiles.ts";
import { assertionSchema } from "./assertion-schema.ts";
import { acrSettings, authenticationSchema } from "./authentication-schema.ts";
import { bindingSchema, dpopSchema, mtlsSchema } from "./binding-schema.ts";
import { closed, dictionary } from "./closed.ts";
import { keysSchema } from "./keys-schema.ts";
import { rateLimitsSchema } from "./rate-limits-schema.ts";
import { requiredScope, scopeGroup } from "./required-scope.ts";
import { revocationSchema } from "./revocation-schema.ts";
import { routeSchema } from "./route-schema.ts";
import { telemetrySchema } from "./telemetry-schema.ts";
import { upstreamSchema } from "./upstream-schema.ts";
import { about, flag, listOf, suppressing, text, wholeNumber } from "./values.ts";

const issuerLintSchema = closed({
  "any-tenant": suppressing("a token of any tenant"),
} satisfies Readonly<Record<IssuerLint, unknown>>);

const issuerSchema = closed({
  issuer: v.pipe(
    text,
    v.description(
      "The issuer's identifier. The `iss` claim of a token must equal it exactly. For an issuer with `tenants`, one path segment is `{tenant}`.",
    ),
  ),
  tenants: about(
    v.union([v.literal("any"), listOf(text)]),
    'The accepted tenants: GUIDs in lower case, or "any". Required if `issuer` has `{tenant}`.',
  ),
  tenantClaim: about(
    text,
    "The claim with the tenant: its name, or a JSON Pointer (RFC 6901). It must name the tenant of `iss`. Required if `issuer` has `{tenant}`.",
  ),
  jwksUri: about(text, "URL of the issuer's JSON Web Key Set. Default: `<issuer>/.well-known/jwks.json`."),
  profile: v.pipe(
    v.picklist(PROFILE_NAMES),
    v.description("The form of its access tokens: AWS Cognito's, that of RFC 9068, or any JWT with an audience."),
  ),
  algorithms: about(
    listOf(v.picklist(ALGORITHMS)),
    "JWS algorithms to accept. Default: RS256 for cognito; RS256, PS256, ES256 and EdDSA for the others.",
  ),
  audiences: about(listOf(text), "The token must have one of these audiences. Required, except for cognito."),
  audienceClaims: about(
    listOf(text),
    "The claims that can hold the audience: names, or JSON Pointers (RFC 6901). The first that a token has is compared with `audiences`. Default: aud; for cognito: aud, client_id. rfc9068 takes only aud.",
  ),
  scopeClaim: about(
    v.union([text, listOf(text)]),
    "The claim with the granted scopes, or a list of claims, all of which count. Each is a name or a JSON Pointer (RFC 6901). Default: scope.",
  ),
  grants: about(
    dictionary(dictionary(listOf(text))),
    "Scopes that groups, roles or permissions grant: claim (name or JSON Pointer), then exact value, then the scopes by short or full name; `*` matches any characters. Variables are not replaced here.",
  ),
  scopeNames: about(
    v.picklist(SCOPE_NAMES),
    "full: tokens contain full scope names only. short: also short ones. Default: full for cognito, short for the others.",
  ),
  requestedScopeNames: about(
    v.picklist(SCOPE_NAMES),
    "The form of the scope names that clients request from the issuer. Challenges and metadata use it. Default: as scopeNames.",
  ),
  clockToleranceSeconds: about(
    wholeNumber(0, MAX_DURATION_SECONDS),
    "How far the clocks of the issuer and the gateway may differ. Default: 5.",
  ),
  registeredClientsOnly: about(
    flag,
    "true: a client must be in `clients`, and its tokens grant at most the scopes listed there. Default: false.",
  ),
  binding: about(
    bindingSchema,
    "Whether tokens may or must be bound to their sender. Default: bound tokens are refused.",
  ),
  ...acrSettings,
  keys: about(keysSchema, "How the issuer's keys are fetched and how long they are used."),
  lint: about(issuerLintSchema, "Lints to suppress for this issuer: the code of each, with the reason."),
});

const scopeSchema = v.union([
  v.string(),
  closed({
    description: v.pipe(v.string(), v.description("What the scope allows, for people.")),
    implies: about(v.array(text), "Scopes that this scope includes: a token that grants this scope grants them, too."),
  }),
]);

const resourceServerSchema = closed({
  name: about(v.string(), "A name for people."),
  issuers: about(
    listOf(text),
    "The issuers whose tokens may grant these scopes: names in `issuers`. Tokens of others grant none of them. Default: every issuer.",
  ),
  scopes: v.pipe(
    dictionary(scopeSchema),
    v.description("The scopes by short name, each with its description. The full name is `identifier/name`."),
  ),
});

const resourceSchema = closed({
  name: about(v.string(), "A name for people. Default: none."),
});

const clientSchema = closed({
  name: about(
    v.pipe(text, v.maxLength(MAX_CLIENT_NAME_LENGTH)),
    "What people call the client. The tools show it beside the client's key. It decides nothing, and the Worker does not have it. Default: none.",
  ),
  id: about(text, "The client id in its tokens. Default: its key here."),
  issuer: about(
    text,
    "The issuer that registers the client: a name in `issuers`. Only its tokens count as this client's. Required if there are several issuers.",
  ),
  scopes: v.pipe(v.array(text), v.description("The scopes that the client may be granted, by short or full name.")),
});

const corsSchema = closed({
  origins: v.pipe(
    v.union([v.literal("*"), listOf(text)]),
    v.description(
      'The allowed origins, for example https://shop.example, or https://*.shop.example for exactly one label. "*" allows every origin.',
    ),
  ),
  maxAgeSeconds: about(
    wholeNumber(0, MAX_DURATION_SECONDS),
    "How long browsers may cache the answer to a preflight. Default: 600.",
  ),
  exposedHeaders: about(v.array(text), "Response headers that scripts of other origins may read."),
  credentials: about(flag, "true: browsers may send credentials such as cookies. Default: false."),
});

/** MCP messages, by name. */
const messages = closed({
  tools: about(listOf(text), "Calls of these tools: `tools/call`, by name."),
  resources: about(listOf(text), "Requests for these resources, by URI."),
  prompts: about(listOf(text), "Requests for these prompts, by name."),
  methods: about(listOf(text), "Messages with these methods, by any name."),
});

const selection = {
  clients: about(
    listOf(text),
    'Only calls by these clients: names in `clients`. ["*"] stands for all registered clients. Default: calls by every caller.',
  ),
  issuers: about(
    listOf(text),
    "Only calls with tokens of these issuers: names in `issuers`. Calls without a token are not covered. Default: calls by every caller.",
  ),
  hosts: about(listOf(text), "Only calls to these hosts: names in `hosts`. Default: every host."),
  methods: about(listOf(text), "Only calls with these methods. GET covers HEAD. Default: every method."),
  paths: about(listOf(text), "Only calls to paths that match one of these patterns. Default: every path."),
  under: about(listOf(text), "Only calls to these paths and all paths below them. With `paths`: calls to either."),
  mcp: about(
    messages,
    "Only MCP messages that one of these lists covers. A name is exact, or ends in `*` and covers all names with that beginning. Default: every call.",
  ),
};

const guaranteeSchema = closed({
  name: about(text, "What is guaranteed, in words for people."),
  ...selection,
  except: about(
    listOf(closed(selection)),
    "Calls that the guarantee does not cover. Each entry needs at least one member.",
  ),
  never: about(v.literal(true), "true: no selected call is permitted."),
  requires: about(
    v.union([listOf(requiredScope), v.lazy(() => scopeGroup)]),
    "Every permitted call needs these scopes and conditions. Write them as in a route.",
  ),
  senderConstrained: about(v.literal(true), "true: the token of every permitted call is bound to its sender."),
  authentication: about(
    authenticationSchema,
    "For every permitted call, the user authenticated in this way. Write it as in a route.",
  ),
  publicOnly: about(
    v.array(text),
    "Every selected call requires a token, except calls to paths that match these patterns.",
  ),
  upstream: about(text, "Every permitted call goes to this upstream."),
});

/**
 * The shape of `routes.json` after its variables are replaced. The JSON Schema for editors is generated from it, so it
 * has only rules that JSON Schema can express, and it transforms nothing. The compiler adds the defaults and checks
 * what relates two parts of the file.
 *
 * Editors show the descriptions.
 */
export const policyConfigSchema = closed({
  $schema: about(v.string(), "URL or path of this file's JSON Schema, for editors."),
  realm: about(
    v.pipe(v.string(), v.regex(/^[ -~]+$/)),
    "The realm in `WWW-Authenticate` challenges. Default: scopegate.",
  ),
  hosts: about(
    listOf(text),
    "The host names that are served, without port. Requests for other hosts are refused with 421. Default: every host is served.",
  ),
  publicUrl: about(
    text,
    "The gateway's own origin, for example: https://api.example. Default: the origin of the request.",
  ),
  cors: about(corsSchema, "Which other origins may call the API from a browser (CORS). Default: none."),
  dpop: about(dpopSchema, "How the DPoP proofs of bound tokens are checked. Required if an issuer accepts them."),
  mtls: about(mtlsSchema, "How the client certificates of bound tokens are checked."),
  issuers: about(
    dictionary(issuerSchema),
    "The authorization servers whose access tokens are accepted, by a name of your choice.",
  ),
  resourceServers: about(
    dictionary(resourceServerSchema),
    "The declared scopes, by the identifier of their resource server.",
  ),
  resources: about(
    dictionary(resourceSchema),
    "The protected resources (RFC 9728), by path. Each has its own metadata document. Default: the origin is the only one.",
  ),
  clients: about(
    dictionary(clientSchema),
    "The registered clients and the scopes that each may be granted, by a name of your choice or by client id.",
  ),
  upstreams: about(dictionary(upstreamSchema), "The services that get permitted requests, by a name of your choice."),
  assertion: about(
    assertionSchema,
    "Signed assertions (OAuth Transaction Tokens) for the upstreams with `assertion`. Default: none.",
  ),
  claimHeaders: about(
    dictionary(text),
    "Headers that upstreams get, each with its claim: a name or a JSON Pointer (RFC 6901).",
  ),
  routes: v.pipe(
    listOf(routeSchema),
    v.description("Which requests are served, and who may send them. Their order never matters."),
  ),
  telemetry: about(
    telemetrySchema,
    "How many decisions are logged, and where they are counted. Default: all are logged and none are counted.",
  ),
  revocation: about(
    revocationSchema,
    "The gateway looks each token up in the list of revocations that `scopegate revoke` writes to the KV namespace `REVOCATIONS`. Default: it reads no list.",
  ),
  shadow: about(
    text,
    "A candidate policy beside this file, such as routes.next.json, with the same `issuers`. It judges each request, too, and the log says where it would decide otherwise. It changes no answer. Default: none.",
  ),
  rateLimits: rateLimitsSchema,
  guarantees: about(
    v.array(guaranteeSchema),
    "Statements that must be true for every request. `scopegate prove` and `scopegate check` prove them.",
  ),
});

/** A parsed `routes.json` of the right shape. */
export type PolicyConfig = v.InferOutput<typeof policyConfigSchema>;
export type IssuerConfig = NonNullable<PolicyConfig["issuers"]>[string];
export type UpstreamConfig = NonNullable<PolicyConfig["upstreams"]>[string];
export type { RouteConfig } from "./route-schema.ts";
export type GuaranteeConfig = NonNullable<PolicyConfig["guarantees"]>[number];
