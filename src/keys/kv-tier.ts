import { KV_CACHE_SECONDS, KV_READ_TIMEOUT_MS, MIN_KV_TTL_SECONDS } from "../limits.ts";
import type { Issuer } from "../policy/policy.ts";
import type { Fetched } from "./cached-key-set.ts";
import { isWorthWriting, type SeenRecord } from "./freshness.ts";
import type { Journal } from "./key-event-log.ts";
import type { KeyIo } from "./key-io.ts";
import { parseRecord, recordName, toRecord, type UncheckedRecord } from "./kv-record.ts";
import { TIMED_OUT, withTimeLimit } from "./time-limit.ts";

/** One issuer's record in KV. */
export interface KvTier {
  /** `undefined` is a miss: none, unreadable, from the future, too slow, or KV is down. Never rejects. */
  read(): Promise<UncheckedRecord | undefined>;
  /** Writes what the issuer sent, if that is worth a write. Never rejects; nobody should wait for it. */
  write(fetched: Fetched): Promise<void>;
}

/** KV is an optimization: whatever goes wrong with it is logged and counts as a miss. */
export function createKvTier(issuer: Issuer, io: Omit<KeyIo, "fetch" | "log">, journal: Journal): KvTier {
  let name: string | undefined;
  let seen: SeenRecord | undefined;

  async function named(): Promise<string> {
    name ??= await recordName(issuer);
    return name;
  }

  async function get(): Promise<string | null> {
    return io.kv.get(await named(), { type: "text", cacheTtl: KV_CACHE_SECONDS });
  }

  return {
    async read() {
      let text: string | null | typeof TIMED_OUT;
      try {
        text = await withTimeLimit(KV_READ_TIMEOUT_MS, io.sleep, get());
      } catch {
        journal.kvFailed("read-failed");
        return undefined;
      }
      if (text === TIMED_OUT) {
        journal.kvFailed("read-timeout");
        return undefined;
      }
      const record = text === null ? undefined : parseRecord(text, io.now());
      // Records hold keys in canonical form, so that their text is comparable as it is.
      seen = record && { fetchedAt: record.fetchedAt, keys: new Set(record.keys.map((key) => JSON.stringify(key))) };
      if (text !== null && record === undefined) journal.kvFailed("record-unreadable");
      else journal.kvWorked();
      return record;
    },

    async write(fetched) {
      const keys = new Set(fetched.keys.keys());
      if (!isWorthWriting(keys, seen, issuer.keys, io.now())) return;
      // Before the write is over, so that another refresh meanwhile does not write the same.
      seen = { fetchedAt: fetched.fetchedAt, keys };
      try {
        // Retention only: a reader judges by `fetchedAt`.
        const expirationTtl = Math.max(MIN_KV_TTL_SECONDS, Math.ceil(issuer.keys.maxStaleSeconds));
        await io.kv.put(await named(), JSON.stringify(toRecord(fetched)), { expirationTtl });
        journal.kvWorked();
      } catch {
        seen = undefined;
        journal.kvFailed("write-failed");
      }
    },
  };
}
