import { KV_CACHE_SECONDS, KV_READ_TIMEOUT_MS, KV_REWRITE_AGE_SHARE, MIN_KV_TTL_SECONDS } from "../limits.ts";
import type { Issuer, KeySettings } from "../policy/policy.ts";
import type { FetchedKeySet } from "./cached-key-set.ts";
import type { KeyEventLog } from "./key-event-log.ts";
import type { KeyIo } from "./key-io.ts";
import { parseRecord, recordName, toRecord, type UncheckedRecord } from "./kv-record.ts";
import { TIMED_OUT, withTimeLimit } from "./time-limit.ts";

/** One issuer's record in KV. */
export interface KvTier {
  /**
   * Reads the record. `undefined` is a miss: there is none, it is unreadable or from the future, KV is too slow or
   * down. Never rejects.
   */
  read(): Promise<UncheckedRecord | undefined>;
  /** Writes an answer of the issuer if that is worth a write. Never rejects. No response should wait for it. */
  write(fetched: FetchedKeySet): Promise<void>;
}

/** The record in KV as this isolate last saw it. */
export interface SeenRecord {
  /** Epoch milliseconds. */
  readonly fetchedAt: number;
  /** Its keys as canonical text. */
  readonly keys: ReadonlySet<string>;
}

/** Makes the KV tier of one issuer. KV is an optimization, so every failure of it is logged and counts as a miss. */
export function createKvTier(issuer: Issuer, io: Pick<KeyIo, "kv" | "now" | "sleep">, log: KeyEventLog): KvTier {
  let name: string | undefined;
  let seen: SeenRecord | undefined;

  async function cachedName(): Promise<string> {
    name ??= await recordName(issuer);
    return name;
  }

  async function get(): Promise<string | null> {
    return io.kv.get(await cachedName(), { type: "text", cacheTtl: KV_CACHE_SECONDS });
  }

  return {
    async read() {
      let text: string | null | typeof TIMED_OUT;
      try {
        text = await withTimeLimit(KV_READ_TIMEOUT_MS, io.sleep, get());
      } catch {
        log.kvFailed("read-failed");
        return undefined;
      }
      if (text === TIMED_OUT) {
        log.kvFailed("read-timeout");
        return undefined;
      }
      const record = text === null ? undefined : parseRecord(text, io.now());
      // Records hold keys in canonical form, so their text can be compared with that of imported keys.
      seen = record && { fetchedAt: record.fetchedAt, keys: new Set(record.keys.map((key) => JSON.stringify(key))) };
      if (text !== null && record === undefined) log.kvFailed("record-unreadable");
      else log.kvWorked();
      return record;
    },

    async write(fetched) {
      const keys = new Set(fetched.keys.keys());
      if (!isWorthWriting(keys, seen, issuer.keys, io.now())) return;
      // Set before the write ends, so that another refresh meanwhile does not write the same record.
      seen = { fetchedAt: fetched.fetchedAt, keys };
      try {
        // The time to live bounds how long KV keeps the record; its age is judged by `fetchedAt`.
        const expirationTtl = Math.max(MIN_KV_TTL_SECONDS, Math.ceil(issuer.keys.maxStaleSeconds));
        await io.kv.put(await cachedName(), JSON.stringify(toRecord(fetched)), { expirationTtl });
        log.kvWorked();
      } catch {
        seen = undefined;
        log.kvFailed("write-failed");
      }
    },
  };
}

/**
 * Whether an answer of the issuer is worth a write. KV accepts one write per second and key from the whole world, so an
 * unchanged set is written only when the record is older than a quarter of `refreshAfterSeconds`. `seen` is `undefined`
 * if KV had no readable record or was not read yet.
 *
 * The share is not a half, because the cron trigger comes every 300 s, which is half of the default 600 s. Each run
 * that came a little early would skip its write. KV would then be as old as memory, and every isolate would ask the
 * issuer.
 */
export function isWorthWriting(
  keys: ReadonlySet<string>,
  seen: SeenRecord | undefined,
  settings: KeySettings,
  now: number,
): boolean {
  if (seen === undefined || !isSameSet(keys, seen.keys)) return true;
  const ageMs = now - seen.fetchedAt;
  // A record from the future is a miss to all readers.
  return ageMs < 0 || ageMs > settings.refreshAfterSeconds * 1000 * KV_REWRITE_AGE_SHARE;
}

function isSameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && a.isSubsetOf(b);
}
