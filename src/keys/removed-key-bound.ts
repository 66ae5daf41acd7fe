import { KV_LAG_SECONDS, KV_READ_TIMEOUT_MS } from "../limits.ts";
import type { KeySettings } from "../policy/policy.ts";

/** How long, in seconds, a key may still be accepted after the issuer removed it from all its answers. */
export interface RemovedKeyBound {
  /**
   * The bound while there is traffic, the issuer answers, and KV can be written. Each attempt in a row that fails adds
   * the duration of a refresh and one cooldown.
   */
  readonly whileRefreshing: number;
  /** The bound in any case: the issuer is down, or an idle isolate answers its first request from memory. */
  readonly atMost: number;
}

/**
 * Computes the bound from an issuer's settings. It is the sum of three times: the age at which a refresh begins, the
 * duration of that refresh, and the time for which some isolate may still use the key after it. The last is the longer
 * of two times. An isolate may retain the key for one cooldown, because an early answer lacked it. Another isolate may
 * start where KV still has the old record, and use that record until its own refresh is done.
 */
export function removedKeyBound(settings: KeySettings): RemovedKeyBound {
  const refreshSeconds = Math.ceil((KV_READ_TIMEOUT_MS + settings.timeoutMs) / 1000);
  const survivalSeconds = Math.max(settings.cooldownSeconds, KV_LAG_SECONDS + refreshSeconds);
  const whileRefreshing = settings.refreshAfterSeconds + refreshSeconds + survivalSeconds;
  return { whileRefreshing: Math.min(whileRefreshing, settings.maxStaleSeconds), atMost: settings.maxStaleSeconds };
}
