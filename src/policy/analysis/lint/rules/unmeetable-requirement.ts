import { admits } from "../../../authorize.ts";
import type { Requirement } from "../../../policy.ts";
import { accessTo, clientAccess } from "../../client-access.ts";
import { grantedHolders } from "../../mapped-values.ts";
import type { Rule } from "./rule.ts";

/**
 * Requirements that no registered client meets, even with all the scopes of its registration. A client whose tokens the
 * gateway refuses meets none. The rule leaves out a requirement that an issuer's `grants` let any client meet. If the file lists no client, it does not say who has which scopes, so the rule reports
 * nothing. Routes with the same requirement are reported together.
 */
export const unmeetableRequirement: Rule = (policy) => {
  if (policy.clients.size === 0) return [];
  const clients = clientAccess(policy);
  // If no client gets in at all, `refusedClient` reports why.
  if (clients.every(({ holder }) => holder === undefined)) return [];
  const granted = grantedHolders(policy);
  const isMet = remembered(
    (requirement) =>
      clients.some((client) => accessTo(requirement, client) === "yes") ||
      granted.some((holder) => admits(requirement, holder)),
  );
  const causeOf = remembered((requirement) => JSON.stringify(requirement));
  return policy.routes
    .filter(({ requirement }) => !isMet(requirement))
    .map(({ index, path, requirement }) => ({
      route: index,
      path: ["routes", index, "scopes"],
      message: "No client may be granted the scopes that this requires.",
      hint: "Add them to a client in `clients`, or require others.",
      group: { cause: causeOf(requirement), name: `\`${path}\` (routes[${index}])` },
    }));
};

/** Asks once for each requirement object, which many routes may share. */
function remembered<Answer>(ask: (requirement: Requirement) => Answer): (requirement: Requirement) => Answer {
  const answers = new Map<Requirement, Answer>();
  return (requirement) => {
    const answer = answers.get(requirement) ?? ask(requirement);
    answers.set(requirement, answer);
    return answer;
  };
}
