import type { Policy } from "../../policy.ts";
import { matchOnHost } from "../../routing/match-on-host.ts";
import { isSelected, selectionTree } from "./path-selection.ts";
import type { RequestSelection } from "./request-selection.ts";

/**
 * Returns a function that tells whether requests to two paths are the same calls to a guarantee: the same routes serve
 * them, and each selection has both or neither. Looks only at the paths of selections.
 *
 * @param selections those of the guarantee
 */
export function createSameCalls(
  policy: Policy,
  selections: readonly RequestSelection[],
): (one: string, other: string, host: string | undefined) => boolean {
  let trees: readonly ReturnType<typeof selectionTree>[] | undefined;
  return (one, other, host) => {
    const [served, alsoServed] = [one, other].map((path) =>
      host === undefined ? policy.table.match(path) : matchOnHost(policy, host, path),
    );
    if (served !== alsoServed) return false;
    trees ??= selections.map(({ paths }) => selectionTree(paths));
    return trees.every((tree) => isSelected(tree, one) === isSelected(tree, other));
  };
}
