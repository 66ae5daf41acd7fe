const UNITS = [
  { seconds: 86_400, name: "d" },
  { seconds: 3_600, name: "h" },
  { seconds: 60, name: "min" },
] as const;

/** A duration in its two largest units, such as `1 h 5 min`, rounded down. A negative one counts as none. */
export function formatDuration(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  for (const unit of UNITS) {
    const count = Math.floor(rest / unit.seconds);
    rest -= count * unit.seconds;
    if (count > 0) parts.push(`${count} ${unit.name}`);
  }
  if (rest > 0 || parts.length === 0) parts.push(`${rest} s`);
  return parts.slice(0, 2).join(" ");
}

/** The same of milliseconds. With a part of a second, as seconds: `2.5 s`. */
export function formatMilliseconds(durationMs: number): string {
  return durationMs % 1_000 === 0 ? formatDuration(durationMs / 1_000) : `${durationMs / 1_000} s`;
}

/** A time in UTC: of today, without the day. `atMs` and `nowMs` are epoch milliseconds. */
export function formatTime(atMs: number, nowMs: number): string {
  const [day, time] = [dayOf(atMs), new Date(atMs).toISOString().slice(11, 19)];
  return day === dayOf(nowMs) ? time : `${day} ${time}`;
}

function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
