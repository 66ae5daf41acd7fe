import { authorize } from "../../../authorize.ts";
import { withImplied } from "../../../scopes.ts";
import type { Rule } from "./rule.ts";

/**
 * Requirements that no registered client meets, even with all the scopes of its registration. If the file lists no client,
 * it does not say who has which scopes, so nothing is reported.
 */
export const unmeetableRequirement: Rule = ({ clients, routes, scopes }) => {
  if (clients.size === 0) return [];
  const effective = Array.from(clients.values(), (client) => withImplied(scopes, client.scopes));
  return routes
    .filter(({ requirement }) => effective.every((granted) => authorize(requirement, granted) !== "permitted"))
    .map(({ index }) => ({
      route: index,
      path: ["routes", index, "scopes"],
      message: "No client may be granted the scopes that this requires.",
      hint: "Add them to a client in `clients`, or require others.",
    }));
};
