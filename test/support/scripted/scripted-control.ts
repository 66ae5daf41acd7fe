import type { KvScript } from "./scripted-kv.ts";

/** The path at which a test reads the state (`GET`, with `?prefix=` of KV names) and changes it (`POST`). */
export const SCRIPT_PATH = "/scripted";

/** The parts that a test changes. Members that are left out stay as they are. */
export interface Script {
  /** The time, epoch milliseconds. It stands still until it is set again. */
  readonly now?: number;
  readonly kv?: KvScript;
  /** Values to put into KV, by name. */
  readonly store?: Readonly<Record<string, string>>;
  /** Forgets what is in memory, as a new isolate does. */
  readonly forget?: boolean;
}

/** The state that a test reads. */
export interface ScriptReport {
  readonly stored: Readonly<Record<string, string>>;
  readonly reads: number;
  readonly writes: number;
  readonly ttlSeconds?: number;
}
