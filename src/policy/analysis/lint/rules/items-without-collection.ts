import type { Policy, Route } from "../../../policy.ts";
import { firstRoutesOfPaths, isCovered, isItem, samplePath, withoutSlash } from "../../collection-paths.ts";
import type { Rule, RuleFinding } from "./rule.ts";

/**
 * Items whose collection no route covers, such as `/orders/:id` without `/orders`. The collection was often forgotten,
 * and callers get a 404. This is a guess from how the path is written.
 */
export const itemsWithoutCollection: Rule = (policy) =>
  firstRoutesOfPaths(policy).flatMap(({ route }) => findingAt(route, policy) ?? []);

function findingAt({ path, index }: Route, policy: Policy): RuleFinding | undefined {
  if (!isItem(path)) return undefined;
  const item = withoutSlash(path);
  const collection = item.slice(0, item.lastIndexOf("/"));
  // The collection of `/:shop/:id` has no name that a message could give.
  if (isItem(collection) || /^\/:[^/]+$/.test(collection)) return undefined;
  if (isCovered(samplePath(collection), policy)) return undefined;
  return {
    route: index,
    path: ["routes", index, "path"],
    message: `No route covers \`${collection}${path.slice(item.length)}\`, the collection of these items.`,
    hint: "Add a route for it, or give the reason under `lint` why there is none.",
  };
}
