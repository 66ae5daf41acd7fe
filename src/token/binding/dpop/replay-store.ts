import { ReplaySet } from "./replay-set.ts";

/** A proof that passed every other check. */
export interface UsedProof {
  /** The thumbprint of its key: two clients may choose the same `jti`. */
  readonly thumbprint: string;
  readonly jti: string;
  /** The last time at which the proof passes its check of `iat`, in epoch milliseconds. */
  readonly expiresAtMs: number;
}

/** Remembers used proofs (RFC 9449 11.1). */
export interface ReplayStore {
  /**
   * Remembers a proof, in one step: of two equal proofs at once exactly one is new. Throws or rejects if the memory
   * cannot be reached: then nobody knows whether the proof is new.
   *
   * @param nowMs epoch milliseconds
   * @returns whether the proof was there already
   */
  seen(entry: UsedProof, nowMs: number): boolean | Promise<boolean>;
}

/** The memory of one isolate. Best effort: see `ReplaySet`. */
export function createIsolateReplayStore(set = new ReplaySet()): ReplayStore {
  return { seen: ({ thumbprint, jti, expiresAtMs }, nowMs) => !set.add(thumbprint, jti, expiresAtMs, nowMs) };
}
