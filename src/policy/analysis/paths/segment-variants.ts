import { MAX_COMPARED_SEGMENTS } from "../../../limits.ts";
import { UndecidedError } from "../undecided-error.ts";

/**
 * Path parameters for a segment. The matching rule cuts them off first, so that a path with them has the same routes.
 */
export const PATH_PARAMETERS = ";v=1";
/** What gives a segment an encoded slash. No literal equals such a segment. */
export const ENCODED_SLASH = "%2Fx";

/** A path in which the text stands behind some segments. */
export function withSuffix(path: string, segments: readonly number[], text: string): string {
  return path
    .split("/")
    .map((part, at) => (segments.includes(at - 1) ? part + text : part))
    .join("/");
}

/**
 * All ways to choose at least one of these segments, the smallest first.
 *
 * @throws UndecidedError `too-many-path-classes`, for more than `MAX_COMPARED_SEGMENTS` segments
 */
export function nonEmptySubsets(segments: readonly number[]): readonly (readonly number[])[] {
  if (segments.length > MAX_COMPARED_SEGMENTS) {
    const message = `Conditions look at ${segments.length} segments of one path, more than ${MAX_COMPARED_SEGMENTS}.`;
    throw new UndecidedError("too-many-path-classes", message);
  }
  const all = segments.reduce<readonly (readonly number[])[]>(
    (choices, segment) => choices.flatMap((choice) => [[...choice, segment], choice]),
    [[]],
  );
  return all.filter(({ length }) => length > 0).sort((one, other) => one.length - other.length);
}
