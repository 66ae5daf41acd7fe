import { incompleteCollections } from "../shared/collections.ts";
import type { Rule } from "./rule.ts";

/**
 * Collections whose items no route covers, such as `/orders` without `/orders/:id`. The items were often forgotten, and
 * callers get a 404. `incompleteCollections` says what counts as a collection.
 */
export const collectionWithoutItems: Rule = (policy) =>
  incompleteCollections(policy)
    .filter(({ isItem }) => !isItem)
    .map(({ route: { index, path }, counterpart }) => ({
      route: index,
      path: ["routes", index, "path"],
      message: `No route covers \`${counterpart}\`, the items of this collection.`,
      hint: "Add a route for them, or give the reason under `lint` why there are none.",
      group: { cause: "", name: `\`${path}\` (routes[${index}])` },
    }));
