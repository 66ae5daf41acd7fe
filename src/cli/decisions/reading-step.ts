import type { LogCounts } from "./read-decisions.ts";

/** How many characters wide the bar is. */
const WIDTH = 20;
/** How often a log of unknown length changes the text, in bytes. */
const STEP_BYTES = 16 * 1024 * 1024;

/**
 * The name of the step that reads a log, for `withProgress`: a bar and the share that is read or, where nobody knows
 * how long the log is, how much is read. It changes a hundred times at most, or once every 16 MiB.
 */
export function readingStep({ bytes, totalBytes }: Pick<LogCounts, "bytes" | "totalBytes">): string {
  if (totalBytes === undefined) {
    const steps = Math.floor(bytes / STEP_BYTES);
    return `reading the log: ${(steps * STEP_BYTES) / (1024 * 1024)} MiB`;
  }
  // The file may grow meanwhile.
  const percent = Math.min(100, Math.floor((100 * bytes) / totalBytes));
  const bar = "#".repeat(Math.floor((percent * WIDTH) / 100));
  return `reading the log: [${bar.padEnd(WIDTH)}] ${percent} %`;
}
