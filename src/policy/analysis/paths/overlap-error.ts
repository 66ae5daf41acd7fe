import { UndecidedError } from "../undecided-error.ts";
import { type NextPlace, pathTo, patternTo } from "./path-place.ts";

/** How many patterns the message names. */
const NAMED = 3;

/**
 * The error for a walk that gave up. It names the patterns whose paths can be read in the most ways, and shows a path.
 *
 * @param next where the walk would have gone next
 */
export function overlapError(maxSteps: number, next: readonly NextPlace[]): UndecidedError {
  const ways = new Map<string, number>();
  for (const place of next) {
    const pattern = patternTo(place);
    ways.set(pattern, (ways.get(pattern) ?? 0) + 1);
  }
  const most = [...ways].sort(([, one], [, other]) => other - one).slice(0, NAMED);
  const named = most.map(([pattern, count]) => `\`${pattern}\` (${count} ways)`).join(", ");
  const last = next.at(-1);
  const example = last ? ` For example, other patterns match \`${pathTo(last.from.trail)}/...\` as well.` : "";
  const message = `The path patterns overlap in too many ways: the search ended after ${maxSteps} steps. Most overlap: ${named}.${example}`;
  return new UndecidedError("too-many-path-classes", message);
}
