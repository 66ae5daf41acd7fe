import { meets } from "../authorize.ts";
import type { Client, Policy } from "../policy.ts";
import { withImplied } from "../scopes.ts";
import { formatRequirement } from "./format-requirement.ts";

/** Who may call what: registered clients against routes. */
export interface AccessMatrix {
  /** Client identifiers, in the order of the file. */
  readonly clients: readonly string[];
  /** One for each route, in the order of the file. */
  readonly rows: readonly AccessRow[];
}

export interface AccessRow {
  readonly methods: readonly string[];
  readonly path: string;
  /** In words. */
  readonly requirement: string;
  readonly upstream: string;
  /** Whether a caller without a token may call it. */
  readonly isPublic: boolean;
  /** For each client, in order: whether it may call the route with a token of all its scopes, or without one. */
  readonly allowed: readonly boolean[];
}

/**
 * What each registered client can do at most: with a token that grants all the scopes it may be granted.
 *
 * @param isAdmitted whether a client's tokens are accepted at all; one whose are not may call what is public
 */
export function accessMatrix(policy: Policy, isAdmitted: (client: Client) => boolean): AccessMatrix {
  const clients = [...policy.clients.values()];
  const held = clients.map((client) => (isAdmitted(client) ? withImplied(policy.scopes, client.scopes) : undefined));
  const rows = policy.routes.map(({ methods, path, requirement, upstream }) => ({
    methods,
    path,
    requirement: formatRequirement(requirement, policy),
    upstream: upstream.name,
    isPublic: requirement.kind === "public",
    allowed: held.map((scopes) => {
      if (requirement.kind === "public") return true;
      return scopes !== undefined && (requirement.kind === "authenticated" || meets(requirement.expression, scopes));
    }),
  }));
  return { clients: clients.map(({ id }) => id), rows };
}
