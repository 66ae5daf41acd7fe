/** Something about a guarantee that makes it weaker than it reads. */
export interface IdleNote {
  /** One sentence. */
  readonly message: string;
  /** What to do, or what may have been meant. */
  readonly hint: string;
  /** Whether it looks like a mistake. If not, the guarantee may be about calls that no route should ever serve. */
  readonly isLikelyMistake: boolean;
}

/** Each leaves out one difference that two patterns may have on purpose. */
const VARIATIONS: readonly ((pattern: string) => string)[] = [
  (pattern) => pattern.toLowerCase(),
  (pattern) => pattern.replace(/\/$/, ""),
  (pattern) => pattern.replace(/\d+/g, "0"),
];

/**
 * Whether two patterns differ only as they may on purpose. A guarantee about another spelling protects from an upstream
 * that ignores case or the slash. One about another number, such as `/v2` beside `/v1`, is about what is not served
 * yet, or no longer.
 */
export function isVariation(one: string, other: string): boolean {
  return VARIATIONS.some((plain) => plain(one) === plain(other));
}
