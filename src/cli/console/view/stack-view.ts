import type { WorkerLog } from "../../../local/miniflare.ts";

/** One line that the gateway logged. */
export interface StackLine {
  /** Counts up from 1 without gaps, so that a page can tell which lines it has seen. */
  readonly id: number;
  /** When it came, in epoch milliseconds. */
  readonly atMs: number;
  readonly log: WorkerLog;
}

/** What only `npm run dev` knows: its local stack. Nothing in it changes the stack. */
export interface StackView {
  /** The origin of the gateway. */
  readonly gatewayUrl: string;
  /** One line for each issuer, upstream and variable: what the stack put in its place. No line has a secret. */
  standIns(): readonly string[];
  /** Tells this run from others: the ids of lines begin anew with each. */
  readonly run: string;
  /** The latest lines of the gateway, oldest first. */
  recentLines(): readonly StackLine[];
  /** Calls the listener with each new line until the returned function is called. */
  onLine(listener: (line: StackLine) => void): () => void;
}
