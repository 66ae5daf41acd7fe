import { randomUUID } from "node:crypto";
import type { WorkerLog } from "../../../local/worker-logs.ts";
import type { StackLine, StackView } from "../view/stack-view.ts";

/** Lines that are kept. Older ones are forgotten. */
export const MAX_LINES = 1_000;

/** The latest lines of the gateway, in memory only. */
export interface LineRing extends Pick<StackView, "run" | "recentLines" | "onLine"> {
  add(log: WorkerLog, nowMs: number): void;
}

/** Makes an empty ring. */
export function lineRing(): LineRing {
  const lines: StackLine[] = [];
  const listeners = new Set<(line: StackLine) => void>();
  let count = 0;
  return {
    run: randomUUID(),
    add(log, nowMs) {
      count += 1;
      const line: StackLine = { id: count, atMs: nowMs, log };
      lines.push(line);
      if (lines.length > MAX_LINES) lines.shift();
      for (const listener of listeners) listener(line);
    },
    recentLines: () => [...lines],
    onLine(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
