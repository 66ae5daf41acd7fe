import type { Rule } from "./rule.ts";

/** Declared scopes that no route requires, neither by name nor by a scope that they imply. */
export const unusedScope: Rule = ({ routes, scopes }) => {
  const required = new Set(
    routes.flatMap(({ requirement }) => (requirement.kind === "scopes" ? requirement.mentioned : [])),
  );
  return Array.from(scopes.byFullName.values())
    .filter(({ fullName, implies }) => !required.has(fullName) && !implies.some((name) => required.has(name)))
    .map(({ resourceServer, shortName }) => ({
      route: undefined,
      path: ["resourceServers", resourceServer, "scopes", shortName],
      message: `No route requires \`${shortName}\`.`,
      hint: "Require it on a route, or remove it. Keep it if an upstream checks it.",
    }));
};
