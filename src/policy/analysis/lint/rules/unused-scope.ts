import { requirementsIn } from "../../../routing/requirements-in.ts";
import type { Rule } from "./rule.ts";

/**
 * Declared scopes that no route requires, neither by name nor by a scope that they imply. Those of one resource server
 * are reported together.
 */
export const unusedScope: Rule = ({ routes, scopes }) => {
  const required = new Set<string>();
  for (const requirement of requirementsIn(routes)) {
    if (requirement.kind === "scopes") for (const name of requirement.mentioned) required.add(name);
  }
  return Array.from(scopes.byFullName.values())
    .filter(({ fullName, implies }) => !required.has(fullName) && !implies.some((name) => required.has(name)))
    .map(({ resourceServer, shortName }) => ({
      route: undefined,
      path: ["resourceServers", resourceServer, "scopes", shortName],
      message: `No route requires \`${shortName}\`.`,
      hint: "Require it on a route, or remove it. Keep it if an upstream checks it.",
      group: { cause: resourceServer, name: `\`${shortName}\`` },
    }));
};
