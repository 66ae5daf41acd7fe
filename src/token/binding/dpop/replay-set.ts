import { MAX_REMEMBERED_PROOFS } from "../../../limits.ts";

/**
 * The proofs that one isolate has accepted, against their replay (RFC 9449 11.1). Best effort: another isolate knows
 * nothing of them, and when the set is full the oldest entry leaves, although its proof may still be in time.
 */
export class ReplaySet {
  readonly #capacity: number;
  /** When each entry leaves, in epoch milliseconds. In the order of arrival. */
  readonly #expiries = new Map<string, number>();

  constructor(capacity = MAX_REMEMBERED_PROOFS) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#expiries.size;
  }

  /**
   * Remembers a proof. It does so in one step: of two equal proofs at once, exactly one is new.
   *
   * @param thumbprint of the proof's key: two clients may choose the same `jti`
   * @param expiresAtMs the last time at which the proof passes its check of `iat`
   * @returns whether the proof is new
   */
  add(thumbprint: string, jti: string, expiresAtMs: number, nowMs: number): boolean {
    const key = `${thumbprint} ${jti}`;
    const known = this.#expiries.get(key);
    if (known !== undefined && known >= nowMs) return false;
    this.#expiries.delete(key);
    for (const [oldest, expiry] of this.#expiries) {
      if (expiry >= nowMs && this.#expiries.size < this.#capacity) break;
      this.#expiries.delete(oldest);
    }
    this.#expiries.set(key, expiresAtMs);
    return true;
  }
}
