import { accessTo, clientAccess } from "../../client-access.ts";
import type { Rule } from "./rule.ts";

/**
 * Requirements that no registered client meets, even with all the scopes of its registration. A client whose tokens the
 * gateway refuses meets none. If the file lists no client, it does not say who has which scopes, so the rule reports
 * nothing.
 */
export const unmeetableRequirement: Rule = (policy) => {
  if (policy.clients.size === 0) return [];
  const clients = clientAccess(policy);
  // Where no client gets in at all, the scopes are not what is wrong: see `refusedClient`.
  if (clients.every(({ effective }) => effective === undefined)) return [];
  return policy.routes
    .filter(({ requirement }) => clients.every((client) => accessTo(requirement, client) !== "yes"))
    .map(({ index }) => ({
      route: index,
      path: ["routes", index, "scopes"],
      message: "No client may be granted the scopes that this requires.",
      hint: "Add them to a client in `clients`, or require others.",
    }));
};
