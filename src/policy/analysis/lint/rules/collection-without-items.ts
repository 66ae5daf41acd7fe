import type { Policy } from "../../../policy.ts";
import {
  firstRoutesOfPaths,
  isCovered,
  isItem,
  type RouteOfPath,
  samplePath,
  withoutSlash,
} from "../../collection-paths.ts";
import type { Rule, RuleFinding } from "./rule.ts";

/**
 * Collections whose items no route covers, such as `/orders` without `/orders/:id`. The items were often forgotten, and
 * callers get a 404. This is a guess: a path counts as a collection if its last segment is a plural and can be read, or
 * if it has both GET and POST.
 */
export const collectionWithoutItems: Rule = (policy) =>
  firstRoutesOfPaths(policy).flatMap((first) => findingAt(first, policy) ?? []);

function findingAt({ route: { path, index }, group }: RouteOfPath, policy: Policy): RuleFinding | undefined {
  const collection = withoutSlash(path);
  const last = collection.slice(collection.lastIndexOf("/") + 1);
  if (isItem(path) || last === "" || last === "*" || last.startsWith(":")) return undefined;
  if (!group.byMethod.has("GET") || !(group.byMethod.has("POST") || isPlural(last))) return undefined;
  if (isCovered(`${samplePath(collection)}/~any~`, policy)) return undefined;
  return {
    route: index,
    path: ["routes", index, "path"],
    message: `No route covers \`${collection}/:id${path.slice(collection.length)}\`, the items of this collection.`,
    hint: "Add a route for them, or give the reason under `lint` why there are none.",
  };
}

/** Whether an English word looks like a plural: `orders`, but not `status`, `access` or `analysis`. */
function isPlural(word: string): boolean {
  return /[^sui]s$/i.test(word) && word.length > 3;
}
