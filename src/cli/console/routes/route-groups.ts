/** Paths, group by group. */
export interface PathGroups {
  /** What all paths of a group begin with, such as `/orders`, in the order of their first paths. */
  readonly names: readonly string[];
  /** The group of each path, by its index in `names`. */
  readonly groupOf: readonly number[];
}

/** A larger group is divided by the next segment of its paths. */
const MAX_GROUP = 50;

/**
 * Groups paths by their first segments: by the first one in which they differ, and large groups by the next one, too. A
 * group is not divided where its parts would only repeat its paths.
 */
export function groupPaths(paths: readonly string[]): PathGroups {
  const names: string[] = [];
  const groupOf: number[] = paths.map(() => 0);
  const pending: Part[] = [{ name: "", members: paths.map((path, index) => ({ index, path })) }];
  // The last one comes next, so that the groups keep the order of their first paths.
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const { name, parts } = divide(part);
    const { length } = part.members;
    const isWhole = part.name === "";
    // Rows of one path, such as the tools of an MCP server, are one part: dividing it would never end.
    const isLarge = length > MAX_GROUP && parts.length > 1 && parts.length * 2 <= length;
    if (isWhole ? parts.length < length : isLarge) {
      pending.push(...parts.toReversed());
      continue;
    }
    for (const { index } of part.members) groupOf[index] = names.length;
    names.push((isWhole ? name : part.name) || "/");
  }
  return { names, groupOf };
}

interface Part {
  /** What the paths of all members begin with, in whole segments. */
  readonly name: string;
  readonly members: readonly Member[];
}

interface Member {
  readonly index: number;
  readonly path: string;
}

/** The parts by the first segment in which the paths differ, and what they all begin with. */
function divide({ name, members }: Part): { readonly name: string; readonly parts: readonly Part[] } {
  for (let common = name; ; ) {
    const at = common.length;
    const parts = Array.from(
      Map.groupBy(members, ({ path }) => endOfSegment(path, at)),
      ([start, inside]): Part => ({ name: start, members: inside }),
    );
    const [first] = parts;
    if (first === undefined || parts.length > 1 || first.name === common) return { name: common, parts };
    common = first.name;
  }
}

/** The path up to the end of the segment that begins at an index. */
function endOfSegment(path: string, at: number): string {
  const end = path.indexOf("/", at + 1);
  return end === -1 ? path : path.slice(0, end);
}
