import { isPrefixPattern } from "../../mcp/name-table.ts";

/** Names that some patterns treat alike: one exact name, or the names with a prefix that no longer pattern takes. */
export interface NameClass {
  /** The pattern that takes them: a name, or a prefix with `*`. */
  readonly pattern: string;
  /** One of the names. */
  readonly name: string;
}

/** The names of one kind. */
export interface NameKind {
  /** Names that patterns of this kind do not decide. */
  readonly exempt: readonly string[];
  /** Characters that may follow a prefix. The first ones make the best examples. */
  readonly characters: Iterable<string>;
  /** The text itself if it is a valid name, or else one that begins with it; `undefined`: there is none. */
  readonly complete: (beginning: string) => string | undefined;
}

/**
 * The classes of names that patterns treat alike, in the order of the patterns, each pattern once. Names that no
 * pattern takes are in no class, and a pattern that takes no name has none.
 *
 * @param patterns exact names, and prefixes with `*`
 */
export function nameClasses(patterns: Iterable<string>, kind: NameKind): readonly NameClass[] {
  const all = new Set(patterns);
  const occupied = [...all, ...kind.exempt];
  return [...all].flatMap((pattern) => {
    if (!isPrefixPattern(pattern)) return kind.exempt.includes(pattern) ? [] : [{ pattern, name: pattern }];
    const name = exampleFor(pattern.slice(0, -1), occupied, kind);
    return name === undefined ? [] : [{ pattern, name }];
  });
}

/** Whether a pattern takes a name. Of several such patterns, the longest decides. */
export function takesName(pattern: string, name: string): boolean {
  return isPrefixPattern(pattern) ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/**
 * A name that begins with the prefix and that no longer pattern takes; `undefined`: they take them all. Recurses only
 * where other patterns go on with every character, and once for each of their characters at most.
 */
function exampleFor(prefix: string, patterns: readonly string[], kind: NameKind): string | undefined {
  const longer = patterns.filter((it) => it.startsWith(prefix) && it !== `${prefix}*`);
  /** The characters with which they go on, and whether one of them takes every name that does. */
  const next = new Map<string, boolean>();
  for (const pattern of longer) {
    const [first] = pattern.slice(prefix.length);
    if (first !== undefined) next.set(first, next.get(first) || pattern === `${prefix}${first}*`);
  }
  for (const character of kind.characters) {
    const name = next.has(character) ? undefined : kind.complete(prefix + character);
    if (name !== undefined) return name;
  }
  for (const [character, isTaken] of next) {
    const name = isTaken ? undefined : exampleFor(prefix + character, longer, kind);
    if (name !== undefined) return name;
  }
  return longer.includes(prefix) || kind.complete(prefix) !== prefix ? undefined : prefix;
}
