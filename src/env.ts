import type { KeyNamespace } from "./keys/key-io.ts";

/**
 * What the Worker is deployed with, by `wrangler.toml`: the bindings and vars of the gateway itself. All others are for
 * `routes.json`: vars that fill `${NAME}`, and service bindings by the name that an upstream gives.
 */
export interface Env {
  /** Keeps the key sets of all issuers for all isolates. */
  readonly JWKS: KeyNamespace;
  /** The deployed version, for the log. */
  readonly VERSION?: { readonly id: string };
  /** `off`: decisions are not logged. Errors, faults of the policy and events of keys are. */
  readonly DECISION_LOG?: unknown;
  readonly [name: string]: unknown;
}

/** Names of the gateway's own bindings: no upstream can be behind one of them. */
export const GATEWAY_BINDINGS = { keys: "JWKS", version: "VERSION" } as const;
