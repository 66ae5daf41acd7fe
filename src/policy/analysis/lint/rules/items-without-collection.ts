import type { Policy, Route } from "../../../policy.ts";
import { firstRoutesOfPaths, isItem, samplePath } from "../../collection-paths.ts";
import type { Rule, RuleFinding } from "./rule.ts";

/**
 * Items whose collection no route covers, such as `/orders/:id` without `/orders`. The collection was often forgotten, and
 * callers get a 404. This is a guess from how the path is written.
 */
export const itemsWithoutCollection: Rule = (policy) =>
  firstRoutesOfPaths(policy).flatMap(({ route }) => findingAt(route, policy) ?? []);

function findingAt({ path, index }: Route, policy: Policy): RuleFinding | undefined {
  if (!isItem(path)) return undefined;
  const collection = path.slice(0, path.lastIndexOf("/"));
  // The collection of `/:shop/:id` has no name that a message could give.
  if (isItem(collection) || /^\/:[^/]+$/.test(collection)) return undefined;
  if (policy.table.match(samplePath(collection))) return undefined;
  return {
    route: index,
    path: ["routes", index, "path"],
    message: `No route covers \`${collection}\`, the collection of these items.`,
    hint: "Add a route for it, or give the reason under `lint` why there is none.",
  };
}
