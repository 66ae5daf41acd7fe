import { admitsAnyone } from "../authorize.ts";
import type { Policy, Requirement } from "../policy.ts";
import { accessTo, type ClientAccess, clientAccess } from "./client-access.ts";
import { formatRequirement } from "./format-requirement.ts";
import { unrestrictedIssuers } from "./issuers-in-use.ts";

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
  /** For each client, in the order of `clients`: whether it may call the route with the scopes of its registration. */
  readonly allowed: readonly boolean[];
  /** For each client that is not `allowed`: whether the gateway would let it through with a token that has more scopes. */
  readonly unenforced: readonly boolean[];
}

/**
 * Builds the access matrix. What each client can do comes from `clientAccess`, which also says what is assumed of its
 * tokens. Does not check whether a more specific route takes over some of a route's paths.
 */
export function accessMatrix(policy: Policy): AccessMatrix {
  const clients = clientAccess(policy);
  // Thousands of routes may share a requirement.
  const byRequirement = new Map<Requirement, RequirementRow>();
  const rows = policy.routes.map(({ methods, path, requirement, upstream }) => {
    const known = byRequirement.get(requirement) ?? rowOf(requirement, policy, clients);
    byRequirement.set(requirement, known);
    const { requirement: words, ...access } = known;
    return { methods, path, requirement: words, upstream: upstream.name, ...access };
  });
  return {
    clients: clients.map(({ client }) => client.name),
    rows,
    unrestrictedIssuers: unrestrictedIssuers(policy).map(({ name }) => name),
  };
}

/** What all routes with one requirement have in common. */
type RequirementRow = Pick<AccessRow, "requirement" | "isPublic" | "allowed" | "unenforced">;

function rowOf(requirement: Requirement, policy: Policy, clients: readonly ClientAccess[]): RequirementRow {
  const access = clients.map((client) => accessTo(requirement, client));
  return {
    requirement: formatRequirement(requirement, policy),
    isPublic: admitsAnyone(requirement),
    allowed: access.map((it) => it === "yes"),
    unenforced: access.map((it) => it === "unenforced"),
  };
}
