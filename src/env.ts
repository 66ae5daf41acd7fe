import type { KeyNamespace } from "./keys/key-io.ts";

/**
 * The gateway's own bindings and vars, which `wrangler.toml` sets. All others are for `routes.json`: vars that fill
 * `${NAME}`, and service bindings that upstreams name.
 */
export interface Env {
  /** Keeps the key sets of all issuers for all isolates. */
  readonly JWKS: KeyNamespace;
  /** Keeps the list of revocations; only with `revocation` in the policy. */
  readonly REVOCATIONS?: KeyNamespace;
  /** Remembers used proofs for all isolates; only with `dpop.replay` `global` in the policy. */
  readonly REPLAY?: unknown;
  /** The deployed version, for the log. */
  readonly VERSION?: { readonly id: string };
  /** `off`: decisions are not logged. Errors, faults of the policy and events of keys are logged anyway. */
  readonly DECISION_LOG?: unknown;
  readonly [name: string]: unknown;
}

/** Names of the gateway's own bindings: no upstream can be behind one of them. */
export const GATEWAY_BINDINGS = {
  keys: "JWKS",
  replay: "REPLAY",
  revocations: "REVOCATIONS",
  version: "VERSION",
} as const;
