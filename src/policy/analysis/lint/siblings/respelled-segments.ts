import type { LiteralSpellings } from "./literal-spellings.ts";
import type { PatternEnding, Segment } from "./pattern-endings.ts";

/**
 * The segments of a pattern with other spellings of its literals: in another case, in another Unicode normalization or,
 * if the literal is the last segment, with a suffix such as `.json`. One literal is spelled differently, or all are.
 * Leaves out spellings that surely no route serves.
 */
export function respelledSegments(
  pattern: PatternEnding,
  spellings: LiteralSpellings,
): readonly (readonly Segment[])[] {
  const { segments, firstBranch } = pattern;
  const variants: (readonly Segment[])[] = [];
  const inDeclared = new Map<number, Segment>();
  const inUndeclared = new Map<number, Segment>();
  for (const [at, { kind, text }] of segments.entries()) {
    if (kind === "sample") continue;
    for (const other of spellings.declared(text)) {
      inDeclared.set(at, { kind, text: other });
      variants.push(segments.with(at, { kind, text: other }));
    }
    const suffixed = { kind, text: `${text}.json` };
    const isLast = at === segments.length - 1;
    if (isLast && spellings.has(suffixed.text)) variants.push(segments.with(at, suffixed));
    // A text that is not a literal needs a `:name` or `*`, here or further up.
    if (firstBranch > at) continue;
    const other = spellings.undeclared(text);
    if (other !== undefined) {
      inUndeclared.set(at, { kind, text: other });
      variants.push(segments.with(at, { kind, text: other }));
    } else if (isLast) variants.push(segments.with(at, suffixed));
  }
  for (const all of [inDeclared, inUndeclared]) {
    if (all.size > 1) variants.push(segments.map((segment, at) => all.get(at) ?? segment));
  }
  return variants;
}
