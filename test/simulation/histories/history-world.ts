import type { JWK } from "jose";
import type { KeyNamespace } from "../../../src/keys/key-io.ts";
import type { KeySettings } from "../../../src/policy/policy.ts";
import type { VirtualClock } from "../../support/keys/virtual-clock.ts";
import type { Random } from "../model/random.ts";
import type { PublishedKeys } from "./published-keys.ts";

/** Everything that the isolates of one history share. Times are epoch milliseconds. */
export interface HistoryWorld {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly settings: KeySettings;
  readonly published: PublishedKeys;
  readonly publicKeys: ReadonlyMap<string, JWK>;
  /** How far the issuer's caches lag behind it. */
  readonly cacheLagMs: number;
  /** How far the clock of an isolate may be off. */
  readonly mostSkewMs: number;
  readonly hasIat: boolean;
  readonly hasFlood: boolean;
  /** Mean time between two requests of an isolate. */
  readonly requestEveryMs: number;
  readonly end: number;
  kvAt(location: number): KeyNamespace;
  /** Whether the issuer fails this time. */
  isIssuerDown(): boolean;
  /** The last time at which something fails, or before the start. */
  readonly lastFaultAt: number;
  /** Notes that a promise was broken. */
  violated(promise: string): void;
}
