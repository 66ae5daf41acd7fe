/**
 * For how long a route only reports what it would refuse: until then, a request goes on that its stages 3 and 4 refuse.
 */
export interface ReportOnly {
  /** The last day without enforcement (UTC), such as `2027-01-31`. */
  readonly until: string;
  /** The first moment with enforcement, in epoch milliseconds: the end of that day. */
  readonly endsAt: number;
}

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether a text is a day of the calendar as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const start = Date.parse(text);
  // Some engines read February 31 as a day in March.
  return !Number.isNaN(start) && new Date(start).toISOString().startsWith(text);
}

/** @param until see `isDay` */
export function reportUntil(until: string): ReportOnly {
  return { until, endsAt: Date.parse(until) + DAY_MS };
}

/** Whether a route with this `report` only reports at that moment. @param nowMs epoch milliseconds */
export function isReporting(report: ReportOnly | undefined, nowMs: number): boolean {
  // Anything but a number enforces.
  return report !== undefined && nowMs < report.endsAt;
}

/** The first day with enforcement (UTC). */
export function enforcedFrom({ endsAt }: ReportOnly): string {
  return dayOf(endsAt);
}

/** The day of a moment (UTC). @param nowMs epoch milliseconds */
export function dayOf(nowMs: number): string {
  // Not the first ten characters: a year after 9999 has more digits.
  return new Date(nowMs).toISOString().replace(/T.*/, "");
}
