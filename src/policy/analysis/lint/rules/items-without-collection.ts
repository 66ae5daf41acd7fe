import { incompleteCollections } from "../shared/collections.ts";
import type { Rule } from "./rule.ts";

/**
 * Items whose collection no route covers, such as `/orders/:id` without `/orders`. The collection was often forgotten,
 * and callers get a 404. `incompleteCollections` says what counts as a collection.
 */
export const itemsWithoutCollection: Rule = (policy) =>
  incompleteCollections(policy)
    .filter(({ isItem }) => isItem)
    .map(({ route: { index, path }, counterpart }) => ({
      route: index,
      path: ["routes", index, "path"],
      message: `No route covers \`${counterpart}\`, the collection of these items.`,
      hint: "Add a route for it, or give the reason under `lint` why there is none.",
      group: { cause: "", name: `\`${path}\` (routes[${index}])` },
    }));
