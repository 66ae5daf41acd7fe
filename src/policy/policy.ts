/**
 * The policy: what `routes.json` means once it is validated and compiled. It never changes afterwards, and what depends on
 * it alone is not worked out for each request.
 */

import type { SCOPE_NAMES } from "./issuer-choices.ts";
import type { ProfileName } from "./profiles.ts";

/** What serving requests takes of a policy. */
export interface ServedPolicy {
  /** For `WWW-Authenticate` challenges (RFC 9110 11.5). */
  readonly realm: string;
  /** The gateway's own origin, without a trailing slash; `undefined`: that of the request. */
  readonly publicUrl: string | undefined;
  readonly cors: CorsPolicy | undefined;
  /** By the exact value of the `iss` claim. */
  readonly issuers: ReadonlyMap<string, Issuer>;
  /** By identifier, in the order of the file. */
  readonly resourceServers: ReadonlyMap<string, ResourceServer>;
  readonly scopes: ScopeTable;
  /** By client identifier. */
  readonly clients: ReadonlyMap<string, Client>;
  /** By name. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** The claim headers to write, defaults included. */
  readonly claimHeaders: readonly ClaimHeader[];
  /** Finds the routes of a path. */
  readonly table: RouteLookup;
}

/** All of it, for whoever asks what a policy allows rather than to serve by it. */
export interface Policy extends ServedPolicy {
  /** In the order of the file. */
  readonly routes: readonly Route[];
  /** In the order of the file. */
  readonly guarantees: readonly Guarantee[];
}

/** An authorization server whose tokens are accepted. */
export interface Issuer {
  /** Its key in `issuers` of the file. */
  readonly name: string;
  /** Compared exactly with `iss`. */
  readonly issuer: string;
  readonly jwksUri: string;
  readonly profile: ProfileName;
  /** JWS `alg` values that are accepted; asymmetric only. */
  readonly algorithms: ReadonlySet<string>;
  /** Any of these must be in the audience; `undefined`: deliberately unchecked (profile `cognito` only). */
  readonly audiences: ReadonlySet<string> | undefined;
  readonly scopeClaim: ClaimPath;
  readonly scopeNames: (typeof SCOPE_NAMES)[number];
  readonly clockToleranceSeconds: number;
  readonly registeredClientsOnly: boolean;
  readonly keys: KeySettings;
}

export interface KeySettings {
  /** Younger: used as it is. Older: used, and refreshed behind the response. */
  readonly refreshAfterSeconds: number;
  /** Older: not used. */
  readonly maxStaleSeconds: number;
  /** At most one attempt to ask the issuer for an unknown key in this time, per issuer and isolate. */
  readonly cooldownSeconds: number;
  /** Time limit of one request to the issuer. */
  readonly timeoutMs: number;
}

/** Where a value stands in the claims: member names from the root. A plain claim name is a path of one. */
export type ClaimPath = readonly string[];

export interface ResourceServer {
  /** Its identifier: the prefix of its scopes' full names. */
  readonly identifier: string;
  readonly name: string | undefined;
  /** Full names (`identifier/name`) of its scopes, in the order of the file. */
  readonly scopes: readonly string[];
}

export interface ScopeTable {
  /** Every declared scope by its full name, in the order of the file. */
  readonly byFullName: ReadonlyMap<string, Scope>;
  /** Every declared scope by its short name; several when several resource servers declare it. */
  readonly byShortName: ReadonlyMap<string, readonly Scope[]>;
}

export interface Scope {
  readonly fullName: string;
  readonly shortName: string;
  /** Identifier of the resource server that declares it. */
  readonly resourceServer: string;
  readonly description: string;
  /** Full names of all the scopes it implies, transitively, itself left out. */
  readonly implies: readonly string[];
}

/** A registered app client and the scopes it may be granted. */
export interface Client {
  readonly id: string;
  /** Full names. */
  readonly scopes: ReadonlySet<string>;
}

export type Upstream = UrlUpstream | ServiceUpstream;

interface UpstreamSettings {
  readonly name: string;
  /** How long the response's headers may take; the body may take longer. */
  readonly timeoutMs: number;
  /** Whether the caller's `Authorization` header is passed on. */
  readonly forwardAuthorization: boolean;
  /** Whether `;` may stand in a path. If so, parameters are left out of matching and passed on. */
  readonly allowPathParameters: boolean;
}

export interface UrlUpstream extends UpstreamSettings {
  readonly kind: "url";
  /** `https://host[:port]`, or `http` on loopback. */
  readonly origin: string;
  /** Prefix of every forwarded path, without a trailing slash; may be empty. */
  readonly pathPrefix: string;
}

export interface ServiceUpstream extends UpstreamSettings {
  readonly kind: "service";
  /** Name of the service binding in the Worker's environment. */
  readonly binding: string;
}

/** A header of the upstream request and the claim its value comes from. */
export interface ClaimHeader {
  /** Lower case. */
  readonly header: string;
  readonly source: ClaimSource;
}

/** `client` and `scopes` are what the gateway derived; `claim` is a value of the token as it stands. */
export type ClaimSource =
  | { readonly kind: "client" }
  | { readonly kind: "scopes" }
  | { readonly kind: "claim"; readonly path: ClaimPath };

export interface CorsPolicy {
  /** Exact origins, or `"*"`. */
  readonly origins: "*" | ReadonlySet<string>;
  readonly maxAgeSeconds: number;
  readonly exposedHeaders: readonly string[];
  readonly credentials: boolean;
}

export interface Route {
  /** The pattern as it stands in the file. */
  readonly path: string;
  /** As they stand in the file; may be `["*"]`. `GET` covers `HEAD`. */
  readonly methods: readonly string[];
  readonly requirement: Requirement;
  readonly upstream: Upstream;
  /** Its place in the file's list, from 0. */
  readonly index: number;
}

export type Requirement =
  | { readonly kind: "public" }
  | { readonly kind: "authenticated" }
  | {
      readonly kind: "scopes";
      readonly expression: ScopeExpression;
      /** Full names of all the scopes it mentions, without repetition, in order: whoever holds them all meets it. */
      readonly mentioned: readonly string[];
    };

/** A monotone formula over full scope names; wildcards are expanded. Lists are never empty. */
export type ScopeExpression =
  | { readonly kind: "scope"; readonly name: string }
  | { readonly kind: "anyOf"; readonly of: readonly ScopeExpression[] }
  | { readonly kind: "allOf"; readonly of: readonly ScopeExpression[] };

/** Finds routes by path. `RouteTable` is the one implementation. */
export interface RouteLookup {
  /**
   * The routes of the pattern that wins a path by the matching rule (`routing/pattern-index.ts`). The path must come from
   * `canonicalPath`. Whether it may have path parameters is the caller's to check.
   */
  match(path: string): RouteGroup | undefined;
  /** The group of a route, by the route's place in the list. */
  groupAt(index: number): RouteGroup;
}

/** The routes of one path shape. */
export interface RouteGroup {
  /** Shape of the pattern, with the name of each `:name` left out, e.g. `/orders/:`. */
  readonly shape: string;
  /** By method, upper case; `HEAD` is there where `GET` is. Holds no `*`. */
  readonly byMethod: ReadonlyMap<string, Route>;
  /** The route that lists `"*"`: every method but CONNECT and TRACE that `byMethod` lacks. */
  readonly anyMethod: Route | undefined;
  /** Value of the `Allow` header (RFC 9110 10.2.1). */
  readonly allow: string;
}

/** Something that must hold for every call that is selected and not excepted, whatever the routes say. */
export interface Guarantee extends CallSelection {
  /** What is guaranteed, for people. */
  readonly name: string;
  readonly except: readonly CallSelection[];
  readonly claim: Claim;
  /** Its place in the file's list, from 0. */
  readonly index: number;
}

/** Calls that meet all of these. A member that is `undefined` leaves the choice open. */
export interface CallSelection {
  /** Client identifiers. */
  readonly clients: ReadonlySet<string> | undefined;
  /** Upper case; holds `HEAD` where it holds `GET`. */
  readonly methods: ReadonlySet<string> | undefined;
  /** `undefined`: any path. */
  readonly paths: PathSelection | undefined;
}

/** Paths that any of these takes in. */
export interface PathSelection {
  /** Path patterns as in routes. */
  readonly patterns: readonly string[];
  /** Patterns without `*`: the paths they match, and all beneath those, a trailing slash included. */
  readonly under: readonly string[];
}

export type Claim =
  /** None is permitted. */
  | { readonly kind: "never" }
  /** Whoever may make one holds scopes that meet this. */
  | { readonly kind: "requires"; readonly expression: ScopeExpression }
  /** Each needs a token, but for these paths. */
  | { readonly kind: "publicOnly"; readonly paths: PathSelection }
  /** Each that is permitted goes to this upstream. */
  | { readonly kind: "upstream"; readonly upstream: Upstream };
