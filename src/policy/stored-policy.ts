import type { ClaimHeader, Client, CorsPolicy, Requirement, ResourceServer, Scope } from "./policy.ts";
import type { PolicyFile } from "./schema.ts";

/**
 * A policy as the Worker gets it: compiled, so that nothing but what depends on the Worker's vars is left to do when it
 * starts. JSON: `JSON.parse` of its text is as good as itself.
 */
export interface StoredPolicy {
  readonly realm: string;
  readonly publicUrl?: string | undefined;
  readonly cors?: (Omit<CorsPolicy, "origins"> & { readonly origins: "*" | readonly string[] }) | undefined;
  /** As in the file: vars are put in when the Worker starts, and what they make of it is checked there. */
  readonly issuers: NonNullable<PolicyFile["issuers"]>;
  readonly upstreams: NonNullable<PolicyFile["upstreams"]>;
  readonly resourceServers: readonly ResourceServer[];
  readonly scopes: readonly Scope[];
  readonly clients: readonly StoredClient[];
  readonly claimHeaders: readonly ClaimHeader[];
  readonly routes: StoredRoutes;
}

export interface StoredClient extends Omit<Client, "scopes"> {
  readonly scopes: readonly string[];
}

/** Routes in columns, in the order of the file. What many have in common is there once, and meant by its place. */
export interface StoredRoutes {
  readonly paths: readonly string[];
  readonly methods: Shared<readonly string[]>;
  readonly requirements: Shared<Requirement>;
  /** Names. */
  readonly upstreams: Shared<string>;
}

export interface Shared<Value> {
  readonly values: readonly Value[];
  /** For each route, the place of its value in `values`. */
  readonly places: readonly number[];
}
