import type { RuleFinding } from "./rules/rule.ts";
import { nameSome, namesAll } from "./shared/name-some.ts";

/**
 * Merges findings of one rule that have the same cause. The first stands for all, and its message gives the number of
 * the others and up to three of their names. Keeps the order.
 */
export function mergeFindings<Finding extends RuleFinding>(findings: readonly Finding[]): readonly Finding[] {
  const groups = Map.groupBy(findings, ({ group }, index) => group?.cause ?? index);
  return Array.from(groups.values()).flatMap(([first, ...others]) => {
    if (first === undefined || others.length === 0) return first ?? [];
    return { ...first, message: `${first.message} ${likeIt(others.map(({ group }) => group?.name ?? ""))}` };
  });
}

function likeIt(names: readonly string[]): string {
  const are = names.length === 1 ? "is" : "are";
  return `${names.length} more ${are} like it${namesAll(names.length) ? ":" : ", such as"} ${nameSome(names)}.`;
}
