import { diffPolicies } from "../../policy/analysis/diff/diff-policies.ts";
import type { OnStep } from "../../policy/analysis/on-step.ts";
import { daysOfChange, policyOn } from "../../policy/analysis/reports.ts";
import type { Policy } from "../../policy/policy.ts";
import { type MergedDifference, mergeDifferences } from "./merge-differences.ts";

/**
 * Compares two policies on a day, and again on each later day on which a route of either begins to enforce. Otherwise
 * nobody would see a change of what a route reports until it is enforced. A change that is there on all these days is
 * told once. Any other says when it is there, and has its first day.
 *
 * @param day in UTC, as `YYYY-MM-DD`
 * @throws UndecidedError
 */
export function diffOverTime(before: Policy, after: Policy, day: string, onStep?: OnStep): MergedDifference {
  const days = [day, ...daysOfChange([before, after]).filter((it) => it > day)];
  const all = days.map((from, at) => ({
    label: String(at),
    difference: diffPolicies(policyOn(before, from), policyOn(after, from), onStep),
  }));
  return mergeDifferences(all, (labels) => {
    const at = labels.map(Number);
    return { where: periods(at, days), day: days[at[0] ?? 0] ?? day };
  });
}

/**
 * When something is so, in words: `before 2027-02-01`, `from 2027-02-01`.
 *
 * @param at the places of the days on which it is so, in their order
 */
function periods(at: readonly number[], days: readonly string[]): string {
  const firsts = at.filter((place) => !at.includes(place - 1));
  const ends = at.filter((place) => !at.includes(place + 1));
  return firsts
    .map((first, index) => {
      const end = days[(ends[index] ?? first) + 1];
      return [...(first === 0 ? [] : [`from ${days[first]}`]), ...(end === undefined ? [] : [`before ${end}`])].join(
        " and ",
      );
    })
    .join(", and ");
}
