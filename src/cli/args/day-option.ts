import { dayOf, isDay } from "../../policy/settings/report-only.ts";
import { UsageError } from "./exit-code.ts";

/** The option of every command that says what holds on a day. */
export const dayOption = {
  on: {
    type: "string",
    valueHint: "day",
    description: "The day (UTC) for routes with `report`, such as 2027-02-01. Default: today.",
  },
} as const;

/**
 * The day of `--on`.
 *
 * @param nowMs epoch milliseconds
 * @throws UsageError it is not a day
 */
export function chosenDay(on: string | undefined, nowMs: number): string {
  if (on === undefined) return dayOf(nowMs);
  if (isDay(on)) return on;
  throw new UsageError(`--on ${on}: This is not a day of the calendar. Write it as YYYY-MM-DD, such as 2027-02-01.`);
}
