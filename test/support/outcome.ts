import { Denial, type Reason } from "../../src/answer/denial.ts";

/** For tables: the reason of a denial, or `accepted` for anything else. */
export function outcomeOf(result: unknown): Reason | "accepted" {
  return result instanceof Denial ? result.reason : "accepted";
}

/** The value, where a denial would be a failure of the test. */
export function accepted<Value>(result: Value | Denial): Value {
  if (result instanceof Denial) throw new Error(`denied: ${result.reason} (${result.detail})`);
  return result;
}
