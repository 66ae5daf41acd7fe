import type { Requirement } from "../requirements/requirement.ts";

/** The entry of a table that decides a name. */
export interface NameEntry {
  /** As written: the name itself, or a prefix and `*`. */
  readonly pattern: string;
  readonly requirement: Requirement;
}

/**
 * What the names of one kind require: of tools, prompts, resources (their URIs) or methods. A pattern is a name, or
 * ends in `*` and stands for every name that begins with the rest. Names are compared exactly: case and Unicode form
 * count.
 */
export class NameTable {
  /** By pattern, in the order of the file. */
  readonly entries: ReadonlyMap<string, Requirement>;
  /** The lengths of the prefixes, the longest first. */
  readonly #lengths: readonly number[];

  /** @param entries by pattern, as `checkName` accepts them */
  constructor(entries: Iterable<readonly [pattern: string, requirement: Requirement]>) {
    this.entries = new Map(entries);
    const lengths = this.entries.keys().flatMap((pattern) => (isPrefixPattern(pattern) ? [pattern.length - 1] : []));
    this.#lengths = [...new Set(lengths)].sort((one, other) => other - one);
  }

  /**
   * The entry that decides a name: the one that is the name, or else the longest prefix. The cost does not grow with
   * the number of entries, only with the number of different lengths of prefixes.
   *
   * @returns `undefined`: no entry covers the name, so it is refused
   */
  find(name: string): NameEntry | undefined {
    // A name that ends in `*` is covered by the entry of that prefix, not by one that is spelled as the name.
    if (!isPrefixPattern(name)) {
      const requirement = this.entries.get(name);
      if (requirement) return { pattern: name, requirement };
    }
    for (const length of this.#lengths) {
      if (length > name.length) continue;
      const pattern = `${name.slice(0, length)}*`;
      const requirement = this.entries.get(pattern);
      if (requirement) return { pattern, requirement };
    }
    return undefined;
  }
}

/** Whether a pattern stands for every name that begins with what precedes its `*`. */
export function isPrefixPattern(pattern: string): boolean {
  return pattern.endsWith("*");
}
