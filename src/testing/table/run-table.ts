import type { Policy } from "../../policy/policy.ts";
import type { Decision } from "../decision.ts";
import { type Verdict, verdictOn } from "../verdict.ts";
import type { Expectation } from "./decision-table.ts";
import type { ReadRow } from "./read-table.ts";

/** A member of a decision that is not as expected. */
export interface Difference {
  readonly member: keyof Expectation;
  readonly expected: Expectation[keyof Expectation];
  /** `undefined`: the decision has no such member. */
  readonly actual: Expectation[keyof Expectation];
}

/** The result of a row. */
export interface RowResult extends Verdict {
  readonly row: ReadRow;
  /** Empty: the row passes. */
  readonly differences: readonly Difference[];
}

/** Decides every row, and compares the decision with what the row expects. */
export async function runTable(rows: readonly ReadRow[], policy: Policy): Promise<readonly RowResult[]> {
  const results: RowResult[] = [];
  for (const row of rows) {
    const verdict = await verdictOn(policy, row.question);
    results.push({ row, ...verdict, differences: differencesOf(row.expected, verdict.decision) });
  }
  return results;
}

function differencesOf(expected: Expectation, decision: Decision): readonly Difference[] {
  const members = Object.keys(expected) as (keyof Expectation)[];
  return members
    .filter((member) => !isSame(expected[member], decision[member]))
    .map((member) => ({ member, expected: expected[member], actual: decision[member] as Difference["actual"] }));
}

/** Lists are sets here: scopes have no order, and a name that is written twice is one. */
function isSame(expected: Expectation[keyof Expectation], actual: Decision[keyof Expectation]): boolean {
  if (!Array.isArray(expected) || !Array.isArray(actual)) return expected === actual;
  const wanted = new Set(expected);
  return wanted.size === new Set(actual).size && actual.every((name) => wanted.has(name));
}
