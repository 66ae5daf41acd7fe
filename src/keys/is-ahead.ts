/**
 * Whether a time, set at most `mostMs` ahead, is still to come. A time that is further ahead than that counts as past:
 * the clock was set back, and the wait would last until it has caught up. Times are epoch milliseconds.
 */
export function isAhead(time: number, now: number, mostMs: number): boolean {
  return now < time && time - now <= mostMs;
}
