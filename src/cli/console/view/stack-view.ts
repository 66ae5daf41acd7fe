import type { JsonObject } from "../../../json/json-object.ts";
import type { WorkerLog } from "../../../local/worker-logs.ts";

/** One line that the gateway logged. */
export interface StackLine {
  /** Counts up from 1 without gaps, so that a page can tell which lines it has seen. */
  readonly id: number;
  /** When it came, in epoch milliseconds. */
  readonly atMs: number;
  readonly log: WorkerLog;
}

/** What the gateway has of its issuers' keys. */
export interface StackKeys {
  /** The body of its answer on `/_gateway/ready`; `undefined`: there is none. */
  readonly ready: JsonObject | undefined;
  /** The text of each record in KV, by the name of the issuer. */
  readonly records: ReadonlyMap<string, string>;
}

/** A key that the issuer published and the gateway cannot use. */
export interface LoggedSkip {
  readonly kid: string | undefined;
  /** A `SkipReason`, as far as the version of the gateway has the same ones. */
  readonly why: string;
}

/** One line of the log about the keys of an issuer. */
export interface KeyEvent {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly line: JsonObject;
}

/** What the gateway logged about the keys of one issuer since the console started. */
export interface IssuerHistory {
  /** The latest ones, newest first. */
  readonly events: readonly KeyEvent[];
  /**
   * The keys that were skipped when the issuer last sent other unusable keys than before. The log has 16 of them at
   * most.
   */
  readonly skipped: readonly LoggedSkip[];
  /** How many were skipped then. */
  readonly skippedCount: number;
  /** Epoch milliseconds; `undefined`: no key was skipped. */
  readonly skippedAtMs: number | undefined;
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
  /** Asks the gateway for its keys. As with any request, it loads those that it lacks. */
  keys(): Promise<StackKeys>;
  /** What the gateway logged about the keys of an issuer, by its name in the policy. */
  keyHistory(issuer: string): IssuerHistory;
}
