import { resourceOf } from "../../../resource-of.ts";
import type { Rule } from "./rule.ts";

/** Declared protected resources that no route belongs to. */
export const unusedResource: Rule = ({ resources, routes }) => {
  const used = new Set(routes.map(({ path }) => resourceOf(resources, path)));
  return Array.from(resources.values())
    .filter((resource) => !used.has(resource))
    .map(({ path }) => ({
      route: undefined,
      path: ["resources", path || "/"],
      message: "No route belongs to this resource.",
      hint: "Remove it, or check its path: it must be a prefix of a route's path, segment by segment.",
      group: { cause: "", name: `\`${path || "/"}\`` },
    }));
};
