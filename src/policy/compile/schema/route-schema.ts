import * as v from "valibot";
import type { SuppressibleLint } from "../../lint-codes.ts";
import { authenticationSchema } from "./authentication-schema.ts";
import { chosenByMember, closed } from "./closed.ts";
import { mcpSchema } from "./mcp-schema.ts";
import { rateLimitNames } from "./rate-limits-schema.ts";
import { reportSchema } from "./report-schema.ts";
import { requiredScope, scopeGroup } from "./required-scope.ts";
import { about, listOf, suppressing, text } from "./values.ts";

const lintSchema = closed({
  "unmeetable-requirement": suppressing("a requirement that no client can meet"),
  "unheld-scope": suppressing("a scope that no client may be granted"),
  "looser-sibling": suppressing("a route that serves requests which many servers take for those of a stricter route"),
  "shared-upstream-path": suppressing("a route to a path of the upstream that a stricter route leads to, too"),
  "collection-without-items": suppressing("a collection without a route for its items"),
  "items-without-collection": suppressing("a route for items without one for their collection"),
  "unlisted-handshake": suppressing("a route where no client of the protocol can begin"),
  "public-write": suppressing("a public route with a method that changes data"),
  "uncounted-caller": suppressing("a caller without a token whom no limit counts"),
} satisfies Readonly<Record<SuppressibleLint, unknown>>);

const members = {
  path: v.pipe(
    text,
    v.description(
      "The path pattern: literal segments, `:name` for one segment, and `*` at the end for one or more segments. A slash at the end counts: `/orders/` is not `/orders`.",
    ),
  ),
  methods: v.pipe(
    listOf(text),
    v.description('HTTP methods. GET covers HEAD. ["*"] stands for all methods except CONNECT and TRACE.'),
  ),
  hosts: about(
    listOf(text),
    "The hosts on which the route serves: names in `hosts`. They decide before the routes that name no host. Default: every host.",
  ),
  scopes: about(
    v.union([listOf(requiredScope), v.lazy(() => scopeGroup)]),
    "The scopes and conditions that the caller needs: at least one of a list, or a group with `anyOf` or `allOf`.",
  ),
  authenticated: about(v.literal(true), "true: the caller needs a valid access token, with any scopes or none."),
  optional: about(
    v.literal(true),
    "true: everyone may call the route. A caller who sends an access token needs a valid one, and the upstream gets its claims.",
  ),
  public: about(v.literal(true), "true: everyone may call the route. Access tokens are neither required nor read."),
  issuers: about(
    listOf(text),
    "The issuers whose tokens the route accepts: names in `issuers`. Tokens of others are refused with 401. Default: every issuer.",
  ),
  senderConstrained: about(
    v.literal(true),
    "true: the access token must be bound to its sender, by DPoP or a client certificate. Default: bearer tokens are accepted, too.",
  ),
  authentication: about(
    authenticationSchema,
    "How and when the user must have authenticated (RFC 9470). Only with `scopes` or `authenticated`. Default: in any way, at any time.",
  ),
  upstream: v.pipe(text, v.description("The upstream that gets permitted requests: a name in `upstreams`.")),
  upstreamPath: about(
    text,
    "The path that the upstream gets, behind the path of its `url`: a template with the `:name`s of `path` and, at its end, its `*`. Default: the request's path, without the upstream's `stripPrefix`.",
  ),
  report: about(
    reportSchema,
    "For how long the route only reports: until the end of that day, it logs each request that it would refuse as `would-deny`, and lets the request go on. Default: it enforces.",
  ),
  rateLimit: rateLimitNames,
  lint: about(lintSchema, "Lints to suppress for this route: the code of each, with the reason."),
};

/** The members that a route with `mcp` cannot have: its messages decide. The compiler says where they belong. */
export const NOT_BESIDE_MCP = ["methods", "scopes", "authenticated", "optional", "public"] as const;

const plainRoute = closed(members, { known: [...Object.keys(members), "mcp"] });
const { methods: _, scopes: __, authenticated: ___, optional: ____, public: _____, ...beside } = members;
const mcpRoute = closed(
  {
    ...beside,
    mcp: v.pipe(
      mcpSchema,
      v.description(
        "The route guards a server of the Model Context Protocol: each message is decided by its method, and by the name of the tool, resource or prompt.",
      ),
    ),
  },
  { refused: NOT_BESIDE_MCP },
);

/** A route of either kind: one of them lacks `mcp`, the other `methods` and a requirement. */
export type RouteConfig = Omit<v.InferOutput<typeof plainRoute>, "methods"> &
  Partial<Pick<v.InferOutput<typeof plainRoute>, "methods"> & Pick<v.InferOutput<typeof mcpRoute>, "mcp">>;

/** One of `routes`. */
export const routeSchema: v.GenericSchema<RouteConfig> = chosenByMember(
  v.union([plainRoute, mcpRoute]),
  [[["mcp"], mcpRoute]],
  plainRoute,
);
