import { type FaultText, fault, type Result, success } from "../result.ts";

/** RFC 3339 5.6, with upper-case `T` and `Z`. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
/** 1973 in milliseconds, and the year 5138 in seconds. */
const EARLIEST_MS = 100_000_000_000;

/**
 * Reads a point in time. A number that would be a time in seconds is refused: as milliseconds it is in 1970, where no
 * token has expired yet.
 *
 * @param time RFC 3339, or milliseconds since the epoch
 * @returns milliseconds since the epoch
 */
export function readTime(time: string | number): Result<number, FaultText> {
  if (typeof time === "string") {
    const ms = TIME.test(time) && isOnCalendar(time) ? Date.parse(time) : Number.NaN;
    return Number.isNaN(ms) ? fault("This is not a time.", "Write it as 2026-01-31T12:00:00Z.") : success(ms);
  }
  if (time >= EARLIEST_MS && Number.isFinite(time)) return success(time);
  return fault("This is before 1974: a number counts milliseconds.", "Multiply seconds by 1000.");
}

/** `Date.parse` takes 30 February for 2 March. */
function isOnCalendar(time: string): boolean {
  const [year = 0, month = 0, day = 0] = time.slice(0, 10).split("-").map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
