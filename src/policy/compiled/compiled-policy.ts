import type { PolicyConfig } from "../compile/schema/config-schema.ts";
import type { ClaimHeader, Client, CorsPolicy, Requirement, ResourceServer, Scope } from "../policy.ts";

/**
 * A policy as the Worker gets it: compiled, so that little more than what depends on the Worker's vars is left to do
 * when it starts. Plain JSON.
 */
export interface CompiledPolicy {
  readonly realm: string;
  readonly publicUrl?: string | undefined;
  readonly cors?: (Omit<CorsPolicy, "origins"> & { readonly origins: "*" | readonly string[] }) | undefined;
  /** As in the file: vars are put in when the Worker starts, and what they make of it is checked there. */
  readonly issuers: NonNullable<PolicyConfig["issuers"]>;
  readonly upstreams: NonNullable<PolicyConfig["upstreams"]>;
  readonly resourceServers: readonly ResourceServer[];
  readonly scopes: readonly Scope[];
  readonly clients: readonly CompiledClient[];
  readonly claimHeaders: readonly ClaimHeader[];
  readonly routes: CompiledRoutes;
}

export interface CompiledClient extends Omit<Client, "scopes"> {
  readonly scopes: readonly string[];
}

/** Routes in columns, in the order of the file. What many have in common is stored once, and referred to by index. */
export interface CompiledRoutes {
  readonly paths: readonly string[];
  readonly methods: Column<readonly string[]>;
  readonly requirements: Column<Requirement>;
  /** Names. */
  readonly upstreams: Column<string>;
}

export interface Column<Value> {
  readonly values: readonly Value[];
  /** For each route, the index of its value in `values`. */
  readonly indices: readonly number[];
}
