import { Denial, type Reason } from "../../../src/answer/denial.ts";

/** For tables: the reason of a denial, or `accepted` for anything else. Throws for a denial with an empty detail. */
export function outcomeOf(result: unknown): Reason | "accepted" {
  if (!(result instanceof Denial)) return "accepted";
  if (result.detail === "") throw new Error(`${result.reason} has an empty detail`);
  return result.reason;
}

/** The value of a result. A denial fails the test. */
export function accepted<Value>(result: Value | Denial): Value {
  if (result instanceof Denial) throw new Error(`denied: ${result.reason} (${result.detail})`);
  return result;
}
