import * as v from "valibot";
import { MAX_DURATION_SECONDS, MAX_TIMEOUT_MS } from "../../../limits.ts";
import { ALGORITHMS, SCOPE_NAMES } from "../../issuer-choices.ts";
import type { SuppressibleLint } from "../../lint-codes.ts";
import { PROFILE_NAMES } from "../../profiles.ts";
import { closed, dictionary } from "./closed.ts";

const text = v.pipe(v.string(), v.nonEmpty());
const flag = v.boolean();
const wholeNumber = (atLeast: number, atMost: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(atLeast), v.maxValue(atMost));
const listOf = <Item extends v.GenericSchema>(item: Item) => v.pipe(v.array(item), v.nonEmpty());
const about = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.exactOptional(v.pipe(schema, v.description(description)));

const timeoutMs = wholeNumber(1, MAX_TIMEOUT_MS);

const keysSchema = closed({
  refreshAfterSeconds: about(wholeNumber(1, MAX_DURATION_SECONDS), "Keys older than this are refreshed. Default 600."),
  maxStaleSeconds: about(wholeNumber(1, MAX_DURATION_SECONDS), "Keys older than this are not used. Default 86400."),
  cooldownSeconds: about(
    wholeNumber(1, MAX_DURATION_SECONDS),
    "Least time between two attempts to fetch an unknown key. Default 30.",
  ),
  timeoutMs: about(timeoutMs, "Time limit of one request to the issuer. Default 3000."),
});

const issuerSchema = closed({
  issuer: v.pipe(text, v.description("Compared exactly with the claim `iss`.")),
  jwksUri: about(text, "Where its keys are. Default: `<issuer>/.well-known/jwks.json`."),
  profile: v.pipe(
    v.picklist(PROFILE_NAMES),
    v.description("What its access tokens must look like: AWS Cognito, RFC 9068, or any JWT with an audience."),
  ),
  algorithms: about(
    listOf(v.picklist(ALGORITHMS)),
    "JWS algorithms that are accepted. Default: RS256 for cognito, else RS256, PS256, ES256, EdDSA.",
  ),
  audiences: about(listOf(text), "The token must be meant for any of these. Required but for cognito."),
  scopeClaim: about(text, "Claim name, or JSON Pointer (RFC 6901), of the granted scopes. Default: scope."),
  scopeNames: about(
    v.picklist(SCOPE_NAMES),
    "Whether tokens hold full scope names only, or short ones too. Default: full for cognito, else short.",
  ),
  clockToleranceSeconds: about(wholeNumber(0, MAX_DURATION_SECONDS), "Allowance for clocks that disagree. Default 5."),
  registeredClientsOnly: about(
    flag,
    "Whether the client must be in `clients`, and is held to its scopes there. Default false.",
  ),
  keys: about(keysSchema, "How long its keys are kept and how they are fetched."),
});

const scopeSchema = v.union([
  v.string(),
  closed({
    description: v.string(),
    implies: about(v.array(text), "Scopes that whoever holds this one holds as well."),
  }),
]);

const resourceServerSchema = closed({
  name: about(v.string(), "Its name, for people."),
  scopes: v.pipe(
    dictionary(scopeSchema),
    v.description("Short name of each scope, with its description. The full name is `identifier/name`."),
  ),
});

const clientSchema = closed({
  scopes: v.pipe(v.array(text), v.description("The scopes it may be granted, by short or full name.")),
});

const upstreamSchema = closed({
  url: about(text, "https, or http on loopback. A path is kept as a prefix. Either this or `service`."),
  service: about(text, "Name of a service binding. Either this or `url`."),
  timeoutMs: about(timeoutMs, "How long the response's headers may take. Default 10000."),
  forwardAuthorization: about(flag, "Whether it gets the caller's access token. Default false."),
  allowPathParameters: about(flag, "Whether `;` may stand in a path. Default false."),
});

const corsSchema = closed({
  origins: v.pipe(
    v.union([v.literal("*"), listOf(text)]),
    v.description('Exact origins, such as https://shop.example, or "*".'),
  ),
  maxAgeSeconds: about(wholeNumber(0, MAX_DURATION_SECONDS), "How long a preflight answer may be kept. Default 600."),
  exposedHeaders: about(v.array(text), "Response headers that scripts may read."),
  credentials: about(flag, "Whether cookies and the like are allowed. Default false."),
});

/** A required scope, or a nested group. In a name, `*` stands for any characters of a declared name. */
export type RequiredScope = string | ScopeGroup;
/** Exactly one of the two. */
export interface ScopeGroup {
  anyOf?: RequiredScope[];
  allOf?: RequiredScope[];
}

const requiredScope: v.GenericSchema<RequiredScope> = v.union([text, v.lazy(() => scopeGroup)]);
/** Named here because it is recursive: the JSON Schema refers to it by name. */
export const scopeGroup: v.GenericSchema<ScopeGroup> = v.pipe(
  closed({
    anyOf: about(listOf(requiredScope), "Any one of these is enough."),
    allOf: about(listOf(requiredScope), "All of these are needed."),
  }),
  v.entries(1),
);

/** A lint that may be silenced, with the reason why. What is not here has no route to stand at. */
const silence = (what: string) => about(text, `Why ${what} is all right here.`);
const lintSchema = closed({
  "unmeetable-requirement": silence("a requirement that no client can meet"),
  "unheld-scope": silence("a scope that no client may hold"),
  "looser-sibling": silence("serving variants of a stricter sibling's path"),
  "collection-without-items": silence("a collection whose items are not covered"),
  "items-without-collection": silence("items whose collection is not covered"),
  "public-write": silence("a writing method that is public"),
} satisfies Readonly<Record<SuppressibleLint, unknown>>);

const routeSchema = closed({
  path: v.pipe(text, v.description("Literal segments, `:name` for one segment, `*` for the rest.")),
  methods: v.pipe(listOf(text), v.description('HTTP methods; GET covers HEAD. ["*"]: all but CONNECT and TRACE.')),
  scopes: about(
    v.union([listOf(requiredScope), v.lazy(() => scopeGroup)]),
    "The scopes the caller needs: any one of a list, or anyOf / allOf.",
  ),
  authenticated: about(v.literal(true), "Any valid access token will do."),
  public: about(v.literal(true), "No access token is needed or read."),
  upstream: v.pipe(text, v.description("Where permitted requests go: a name in `upstreams`.")),
  lint: about(lintSchema, "Lints to silence for this route: the code of each, and the reason."),
});

const selection = {
  clients: about(listOf(text), 'Calls by these clients only; ["*"]: by any registered one. Default: by anyone.'),
  methods: about(listOf(text), "Calls with these methods only; GET covers HEAD. Default: any method."),
  paths: about(listOf(text), "Calls of paths that any of these patterns matches. Default: any path."),
  under: about(listOf(text), "The same for these paths and all beneath them, a trailing slash included."),
};

const guaranteeSchema = closed({
  name: about(text, "What is guaranteed, for people."),
  ...selection,
  except: about(listOf(closed(selection)), "Calls that are left out. Each needs at least one member."),
  never: about(v.literal(true), "None of the calls is permitted."),
  requires: about(
    v.union([listOf(requiredScope), v.lazy(() => scopeGroup)]),
    "Whoever makes one of the calls holds these scopes, written as in a route.",
  ),
  publicOnly: about(v.array(text), "None of the calls needs no token, but those of these path patterns."),
  upstream: about(text, "All of the calls that are permitted go to this upstream."),
});

/**
 * The shape of `routes.json` once its variables are replaced. The JSON Schema for editors is generated from it, so it
 * holds only what that can say and transforms nothing: defaults, and all that relates two parts of the file, are the
 * compiler's.
 */
export const policyConfigSchema = closed({
  $schema: about(v.string(), "The JSON Schema of this file, for editors."),
  realm: about(v.pipe(v.string(), v.regex(/^[ -~]+$/)), "Realm of the challenges. Default: scopegate."),
  publicUrl: about(text, "The gateway's own origin. Default: that of the request."),
  cors: about(corsSchema, "Which other origins' pages may call the API from a browser. Default: none."),
  issuers: about(dictionary(issuerSchema), "Authorization servers whose access tokens are accepted, by a name."),
  resourceServers: about(dictionary(resourceServerSchema), "The declared scopes, by resource server identifier."),
  clients: about(dictionary(clientSchema), "App clients and the scopes they may be granted, by client id."),
  upstreams: about(dictionary(upstreamSchema), "Where permitted requests go, by a name."),
  claimHeaders: about(
    dictionary(text),
    "Headers for the upstream, each with the claim (a name or a JSON Pointer) it is written from.",
  ),
  routes: v.pipe(listOf(routeSchema), v.description("What may be called, and by whom. Their order never matters.")),
  guarantees: about(
    v.array(guaranteeSchema),
    "What must hold for every request, whatever the routes say: checked by `scopegate prove` and `check`.",
  ),
});

/** `routes.json` as it stands, once its shape is right. */
export type PolicyConfig = v.InferOutput<typeof policyConfigSchema>;
export type IssuerConfig = NonNullable<PolicyConfig["issuers"]>[string];
export type UpstreamConfig = NonNullable<PolicyConfig["upstreams"]>[string];
export type RouteConfig = PolicyConfig["routes"][number];
export type GuaranteeConfig = NonNullable<PolicyConfig["guarantees"]>[number];
