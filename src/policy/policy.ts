/** The policy: `routes.json`, validated and compiled. It never changes. */

import type { Guarantee } from "./guarantee.ts";
import type { Issuer } from "./issuer.ts";
import type { McpRules } from "./mcp/mcp-rules.ts";
import type { DpopSettings, MtlsSettings } from "./requirements/binding.ts";
import type { ClaimPath, Requirement, TestedClaim } from "./requirements/requirement.ts";
import type { CorsPolicy } from "./settings/cors.ts";
import type { RateLimit } from "./settings/rate-limit.ts";
import type { ReportOnly } from "./settings/report-only.ts";
import type { Revocation } from "./settings/revocation.ts";
import type { Telemetry } from "./settings/telemetry.ts";
import type { AssertionSettings, Rewriting, Upstream } from "./upstream.ts";

export type { CallSelection, Claim, Guarantee, PathSelection } from "./guarantee.ts";
export type { ClaimGrants, Issuer, KeySettings, Tenants } from "./issuer.ts";
export type { DpopSettings, MtlsSettings } from "./requirements/binding.ts";
export type {
  ClaimCondition,
  ClaimPath,
  Condition,
  Expression,
  GuaranteedExpression,
  NamedParameter,
  ParameterCondition,
  Requirement,
  ScopeExpression,
  ScopeLeaf,
  StepUp,
  TestedClaim,
} from "./requirements/requirement.ts";
export type { CorsPolicy } from "./settings/cors.ts";
export type { RateLimit, RateLimitKey } from "./settings/rate-limit.ts";
export type { Revocation } from "./settings/revocation.ts";
export type { Telemetry } from "./settings/telemetry.ts";
export type {
  AssertionSettings,
  Rewriting,
  ServiceUpstream,
  Upstream,
  UpstreamHeader,
  UpstreamHeaderValue,
  UrlUpstream,
} from "./upstream.ts";

/** The parts of a policy that serving requests needs. The Worker has no others. */
export interface ServedPolicy {
  /** For `WWW-Authenticate` challenges (RFC 9110 11.5). */
  readonly realm: string;
  /** The hosts that are served, each as `hostKey` returns it; `undefined`: all. */
  readonly hosts: ReadonlySet<string> | undefined;
  /** The gateway's own origin, without a trailing slash; `undefined`: that of the request. */
  readonly publicUrl: string | undefined;
  readonly cors: CorsPolicy | undefined;
  /** Left out: as in the file, only certificates that the platform has verified count. */
  readonly mtls?: MtlsSettings | undefined;
  /** Left out: no issuer's tokens may be bound by DPoP. */
  readonly dpop?: DpopSettings | undefined;
  /** By the exact value of the `iss` claim. */
  readonly issuers: ReadonlyMap<string, Issuer>;
  /** By identifier, in the order of the file. */
  readonly resourceServers: ReadonlyMap<string, ResourceServer>;
  readonly scopes: ScopeTable;
  /** By path, the longest path first. Every route belongs to one: see `resourceOf`. */
  readonly resources: ReadonlyMap<string, ProtectedResource>;
  /** The registered clients by the name of their issuer, then by client id. */
  readonly registrations: Registrations;
  /** By name. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** The claims that conditions of routes test, each once. */
  readonly testedClaims: readonly TestedClaim[];
  /** The claim headers to write, defaults included. */
  readonly claimHeaders: readonly ClaimHeader[];
  /** How assertions to upstreams are made; left out: no upstream gets any. */
  readonly assertion?: AssertionSettings;
  /** Finds the routes of a path, except those that name hosts. */
  readonly table: RouteLookup;
  /** What each served host has of its own, by `hostKey`; `undefined`: no route names a host. */
  readonly byHost: ReadonlyMap<string, HostRoutes> | undefined;
  /** Whether some route has conditions. Left out: none has. */
  readonly hasConditions?: true;
  /** Whether some route asks how or when its callers authenticated. Left out: none does. */
  readonly asksForAuthentication?: true;
  /** Whether some route has `report`. Left out: none has. */
  readonly hasReports?: true;
  /** Left out: every decision is logged, and none is counted. */
  readonly telemetry?: Telemetry | undefined;
  /** Left out: no token is looked up in a list of revocations. */
  readonly revocation?: Revocation | undefined;
  /** The file of the candidate policy that judges each request, too. It changes no answer. Left out: there is none. */
  readonly shadow?: string | undefined;
  /** Whether some route decides messages of the Model Context Protocol. Left out: none does. */
  readonly hasMessages?: true;
  /** The rate limits that routes name; in the Worker, one may be there several times. Left out: no route names one. */
  readonly rateLimits?: readonly RateLimit[] | undefined;
  /**
   * How each route with an `upstreamPath` builds the path of its upstream. By these, paths in answers are mapped back.
   */
  readonly templates: readonly RouteTemplate[];
}

/** How one route builds the path that its upstream gets. */
export interface RouteTemplate {
  /** The route's pattern. */
  readonly path: string;
  readonly upstreamPath: string;
  /** Name of the upstream. */
  readonly upstream: string;
}

/** What one of the served hosts has of its own. */
export interface HostRoutes {
  /** The routes that name the host, in the order of the file. They decide before those that name none. */
  readonly routes: readonly Route[];
  /** Finds these routes; `undefined`: there are none. */
  readonly table: RouteLookup | undefined;
  /**
   * The protected resources of this host: those of `ServedPolicy` that have a route here, with what follows from it.
   */
  readonly resources: ReadonlyMap<string, ProtectedResource>;
}

/** The whole policy, for the tools that answer questions about it. */
export interface Policy extends ServedPolicy {
  /** The registered clients by name, in the order of the file. */
  readonly clients: ReadonlyMap<string, Client>;
  /**
   * What people call the registered clients: `name` of each, by its key. It decides nothing. Left out: none has one.
   */
  readonly clientNames?: ReadonlyMap<string, string>;
  /** In the order of the file. */
  readonly routes: readonly Route[];
  /** In the order of the file. */
  readonly guarantees: readonly Guarantee[];
  /** Names of the rate limits that no route names, in the order of the file. Left out: there are none. */
  readonly unusedRateLimits?: readonly string[] | undefined;
}

/** A resource server and the scopes that it declares. */
export interface ResourceServer {
  /** Its identifier: the prefix of its scopes' full names. */
  readonly identifier: string;
  readonly name: string | undefined;
  /** Names, sorted, of the issuers whose tokens may grant its scopes; left out: every issuer's. */
  readonly issuers?: readonly string[];
  /** Full names (`identifier/name`) of its scopes, in the order of the file. */
  readonly scopes: readonly string[];
}

/** A protected resource (RFC 9728): what one metadata document describes. */
export interface ProtectedResource {
  /** What follows the gateway's origin in its identifier: a path in canonical form; empty for the origin itself. */
  readonly path: string;
  /** For people. */
  readonly name: string | undefined;
  /**
   * Full names of the scopes that its routes mention and that an accepted issuer may grant, in the order of the file.
   */
  readonly scopes: readonly string[];
  /** Whether some route of it accepts tokens. */
  readonly acceptsTokens: boolean;
  /** Names, sorted, of the issuers whose tokens some route of it accepts; left out: every issuer. */
  readonly issuers?: readonly string[];
}

/** All declared scopes. */
export interface ScopeTable {
  /** Every declared scope by its full name, in the order of the file. */
  readonly byFullName: ReadonlyMap<string, Scope>;
  /** Every declared scope by its short name, which several resource servers may declare. */
  readonly byShortName: ReadonlyMap<string, readonly Scope[]>;
  /** `issuers` of the resource servers that have them, by identifier: see `mayGrant`. */
  readonly issuersOf: ReadonlyMap<string, readonly string[]>;
}

/** A declared scope. */
export interface Scope {
  readonly fullName: string;
  readonly shortName: string;
  /** Identifier of the resource server that declares it. */
  readonly resourceServer: string;
  readonly description: string;
  /** Full names of all scopes that it implies, directly or through others, without itself. */
  readonly implies: readonly string[];
}

/** A registered app client and the scopes it may be granted. */
export interface Client {
  /** Its key in `clients` of the file. What people call it is in `Policy.clientNames`. */
  readonly name: string;
  /** Its client id in tokens: unique for one issuer only. */
  readonly id: string;
  /** Name of the issuer whose tokens the registration covers; `undefined` only if the policy has no issuer. */
  readonly issuer: string | undefined;
  /** Full names. */
  readonly scopes: ReadonlySet<string>;
}

/** Registered clients by the name of their issuer, then by client id: a token is looked up in constant time. */
export type Registrations = ReadonlyMap<string, ReadonlyMap<string, Client>>;

/** A header that upstreams get, and the source of its value. */
export interface ClaimHeader {
  /** Lower case. */
  readonly header: string;
  readonly source: ClaimSource;
}

/**
 * `client`, `scopes` and `tenant` are the values that the gateway derived. `claim` is a claim of the token, unchanged.
 */
export type ClaimSource =
  | { readonly kind: "client" }
  | { readonly kind: "scopes" }
  | { readonly kind: "tenant" }
  | { readonly kind: "claim"; readonly path: ClaimPath };

/** Requests with one of these methods on a matching path, what they require, and where they go. */
export interface Route {
  /** The pattern as written. */
  readonly path: string;
  /** As written; may be `["*"]`. `GET` covers `HEAD`. */
  readonly methods: readonly string[];
  /**
   * What its requests require. An MCP route requires a token and what holds for every message; `mcp` says what each
   * message requires besides.
   */
  readonly requirement: Requirement;
  readonly upstream: Upstream;
  /**
   * The hosts on which it serves, each as `hostKey` returns it; left out: every host, after the routes that name it.
   */
  readonly hosts?: readonly string[] | undefined;
  /**
   * The template of the path that the upstream gets, as written; left out: that of the request, without `stripPrefix`.
   */
  readonly upstreamPath?: string | undefined;
  /** How that path is built; left out: it is the path of the request. */
  readonly rewriting?: Rewriting | undefined;
  /** Which messages of the Model Context Protocol it serves; left out: it looks at no message. */
  readonly mcp?: McpRules | undefined;
  /** Left out: it always enforces its requirement. */
  readonly report?: ReportOnly;
  /** In the order in which requests are counted; left out: requests are not counted. */
  readonly rateLimits?: readonly RateLimit[] | undefined;
  /** Its place in the file's list, from 0. */
  readonly index: number;
}

/** Finds routes by path. `RouteTable` is the one implementation. */
export interface RouteLookup {
  /**
   * The routes of the pattern that wins a path by the matching rule (`routing/pattern-index.ts`). The path must come
   * from `canonicalPath`. Does not check whether the path may have path parameters or encoded slashes: the caller must.
   */
  match(path: string): RouteGroup | undefined;
  /** The group of a route, by the route's place in the list. */
  groupAt(index: number): RouteGroup;
}

/** The routes of one path shape. */
export interface RouteGroup {
  /** The pattern without the names of its parameters, such as `/orders/:`. */
  readonly shape: string;
  /** By method, in upper case. Contains `HEAD` if it contains `GET`, and never `*`. */
  readonly byMethod: ReadonlyMap<string, Route>;
  /** The route that lists `"*"`: it serves the methods that `byMethod` lacks, except CONNECT and TRACE. */
  readonly anyMethod: Route | undefined;
  /** Value of the `Allow` header (RFC 9110 10.2.1). */
  readonly allow: string;
}
