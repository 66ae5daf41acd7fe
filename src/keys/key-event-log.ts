import { MAX_LOGGED_KID_LENGTH, MAX_LOGGED_SKIPPED_KEYS } from "../limits.ts";
import type { Issuer } from "../policy/policy.ts";
import type { JwksFailure, JwksFailureCode } from "./fetch-jwks.ts";
import type { SkippedKey, SkipReason } from "./jwk/public-jwk.ts";
import type { KeyLog } from "./key-io.ts";
import type { KeySet, KeySource } from "./key-set.ts";

/** What went wrong with KV. Stable: the log has it as `code`. */
export type KvFailureCode = "read-failed" | "read-timeout" | "record-unreadable" | "write-failed";

/** Logs what happens to one issuer's keys. */
export interface KeyEventLog {
  /** The usable keys have changed. */
  keysChanged(keys: KeySet, source: KeySource): void;
  /** The issuer sent these keys, which cannot be used. An empty list is worth a call, too. */
  keysSkipped(keys: readonly SkippedKey[]): void;
  /** The issuer could not be read. `staleSince`: when the keys were fetched that must be used meanwhile, if any. */
  refreshFailed(failure: JwksFailure, staleSince: number | undefined): void;
  /** The keys are fresh again. */
  recovered(): void;
  /** A token is refused for now: its key is unknown, and the issuer may not have published it yet. */
  keyMayBeNew(): void;
  /** The first lookup of an unknown `kid` after a quiet time begins. */
  lookupsStartAnew(): void;
  kvFailed(code: KvFailureCode): void;
  kvWorked(): void;
  /** The message of the latest failure of the issuer, until the keys are fresh again. Nothing secret. */
  lastError(): string | undefined;
}

/** One line of the log about the keys of an issuer. Which members it has follows from `change`. */
export interface KeyEventLine {
  readonly event: "keys";
  /** Name of the issuer. */
  readonly issuer: string;
  readonly change:
    | "refreshed"
    | "key-skipped"
    | "refresh-failed"
    | "serving-stale"
    | "recovered"
    | "key-may-be-new"
    | "kv-failed";
  readonly source?: KeySource | undefined;
  /** How many keys there are. */
  readonly keys?: number | undefined;
  /** ISO 8601, UTC. */
  readonly fetched_at?: string | undefined;
  readonly kid?: string | undefined;
  readonly why?: SkipReason | undefined;
  /** How many keys are skipped. */
  readonly skipped?: number | undefined;
  readonly code?: JwksFailureCode | KvFailureCode | undefined;
  readonly message?: string | undefined;
  readonly cause?: string | undefined;
  /** Without its query. */
  readonly jwks_uri?: string | undefined;
  /** ISO 8601, UTC. */
  readonly served_until?: string | undefined;
}

/**
 * Makes a log with one line per *change* of state and none per request, so that a flood of requests does not flood the
 * log, too.
 *
 * `change` is one of `refreshed` (the keys have changed), `key-skipped`, `refresh-failed` (first of a row),
 * `serving-stale` (first failure while the keys are stale), `recovered`, `key-may-be-new` (first refusal since the keys
 * changed or lookups started anew), `kv-failed` (first of a row).
 */
export function createKeyEventLog({ name, jwksUri, keys: { maxStaleSeconds } }: Issuer, log: KeyLog): KeyEventLog {
  let latestFailure: JwksFailure | undefined;
  let isServingStale = false;
  let isKeyAwaited = false;
  let isKvFailing = false;
  let latestSkipped = "[]";

  const write = (change: KeyEventLine["change"], more: Omit<KeyEventLine, "event" | "issuer" | "change">) => {
    const line = { event: "keys", issuer: name, change, ...more } satisfies KeyEventLine;
    log(line);
  };

  return {
    keysChanged(keys, source) {
      isKeyAwaited = false;
      write("refreshed", { source, keys: keys.all.size, fetched_at: isoTime(keys.fetchedAt) });
    },
    keysSkipped(keys) {
      const text = JSON.stringify(keys);
      if (text === latestSkipped) return;
      latestSkipped = text;
      for (const { kid, reason } of keys.slice(0, MAX_LOGGED_SKIPPED_KEYS)) {
        write("key-skipped", {
          kid: kid === undefined ? undefined : printable(kid),
          why: reason,
          skipped: keys.length,
        });
      }
    },
    refreshFailed(failure, staleSince) {
      const { code, message } = failure;
      const safeUri = withoutQuery(jwksUri);
      const cause = failure.cause?.replaceAll(jwksUri, safeUri);
      if (latestFailure === undefined) write("refresh-failed", { code, message, cause, jwks_uri: safeUri });
      latestFailure = failure;
      if (staleSince !== undefined && !isServingStale) {
        isServingStale = true;
        const servedUntil = staleSince + maxStaleSeconds * 1000;
        write("serving-stale", { code, fetched_at: isoTime(staleSince), served_until: isoTime(servedUntil) });
      }
    },
    recovered() {
      if (latestFailure !== undefined) write("recovered", { code: latestFailure.code });
      latestFailure = undefined;
      isServingStale = false;
    },
    keyMayBeNew() {
      if (!isKeyAwaited) write("key-may-be-new", {});
      isKeyAwaited = true;
    },
    lookupsStartAnew() {
      isKeyAwaited = false;
    },
    kvFailed(code) {
      if (!isKvFailing) write("kv-failed", { code });
      isKvFailing = true;
    },
    kvWorked() {
      isKvFailing = false;
    },
    lastError: () => latestFailure?.message,
  };
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** A `kid` is the issuer's text: it could be long or hold control characters that change a terminal. */
function printable(kid: string): string {
  return kid.slice(0, MAX_LOGGED_KID_LENGTH).replace(/[^\x20-\x7e]/g, "?");
}

/** A query may contain a secret. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}
