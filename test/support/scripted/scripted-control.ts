import type { KvScript } from "./scripted-kv.ts";

/** Where the script is read (`GET`, with `?prefix=` of KV names) and changed (`POST`). */
export const SCRIPT_PATH = "/scripted";

/** What a test changes; what is left out stays. */
export interface Script {
  /** The time, epoch milliseconds. It stands still until it is set again. */
  readonly now?: number;
  readonly kv?: KvScript;
  /** Values to put into KV, by name. */
  readonly store?: Readonly<Record<string, string>>;
  /** Forgets what is in memory, as a new isolate does. */
  readonly forget?: boolean;
}

/** What a test reads. */
export interface ScriptReport {
  readonly stored: Readonly<Record<string, string>>;
  readonly reads: number;
  readonly writes: number;
  readonly ttlSeconds?: number;
}
