import type { Column } from "./compiled-policy.ts";

/** The value of a route; `undefined`: the compiled policy is damaged. */
export function at<Value>({ values, indices }: Column<Value>, index: number): Value | undefined {
  return values[indices[index] ?? -1];
}
