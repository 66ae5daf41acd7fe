import { admitsAnyone, authorize } from "../authorize.ts";
import type { Client, Policy } from "../policy.ts";
import { withImplied } from "../scopes.ts";
import { formatRequirement } from "./format-requirement.ts";
import { issuersInUse } from "./issuers-in-use.ts";

/** Which registered clients may call which routes, if each has a token with all the scopes of its registration. */
export interface AccessMatrix {
  /** Names of the clients, in the order of the file. */
  readonly clients: readonly string[];
  /** One row per route, in the order of the file. */
  readonly rows: readonly AccessRow[];
  /**
   * Names of the issuers that do not enforce registrations (`registeredClientsOnly`). A token of such an issuer opens
   * every route whose scopes it grants, even if the matrix says no. Empty: the matrix shows what the gateway enforces.
   */
  readonly unrestrictedIssuers: readonly string[];
}

/** One route, and who may call it. */
export interface AccessRow {
  readonly methods: readonly string[];
  readonly path: string;
  /** For people: see `formatRequirement`. */
  readonly requirement: string;
  readonly upstream: string;
  /** Whether callers without a token may call the route. */
  readonly isPublic: boolean;
  /** For each client, in the order of `clients`: whether it may call the route. */
  readonly allowed: readonly boolean[];
}

/**
 * Builds the access matrix: each client calls with a token that grants all the scopes of its registration, and no
 * others. That is the most that a client can do where the issuer's `registeredClientsOnly` is on.
 *
 * @param isAdmitted whether the gateway accepts tokens of a client at all; if not, the client may call public routes only
 */
export function accessMatrix(policy: Policy, isAdmitted: (client: Client) => boolean): AccessMatrix {
  const clients = [...policy.clients.values()];
  const effectiveScopes = clients.map((client) =>
    isAdmitted(client) ? withImplied(policy.scopes, client.scopes) : undefined,
  );
  const rows = policy.routes.map(({ methods, path, requirement, upstream }) => ({
    methods,
    path,
    requirement: formatRequirement(requirement, policy),
    upstream: upstream.name,
    isPublic: admitsAnyone(requirement),
    allowed: effectiveScopes.map((scopes) => authorize(requirement, scopes) === "permitted"),
  }));
  const unrestricted = issuersInUse(policy).filter(({ registeredClientsOnly }) => !registeredClientsOnly);
  return {
    clients: clients.map(({ name }) => name),
    rows,
    unrestrictedIssuers: unrestricted.map(({ name }) => name),
  };
}
