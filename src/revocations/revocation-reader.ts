import type { KeyNamespace, Sleep, WaitUntil } from "../keys/key-io.ts";
import { SingleFlight } from "../keys/single-flight.ts";
import { TIMED_OUT, withTimeLimit } from "../keys/time-limit.ts";
import {
  KV_CACHE_SECONDS,
  KV_READ_TIMEOUT_MS,
  REVOCATIONS_AHEAD_SHARE,
  REVOCATIONS_RETRY_MS,
  SINGLE_FLIGHT_GRACE_MS,
} from "../limits.ts";
import type { Revocation } from "../policy/policy.ts";
import type { RevocationsLine } from "../telemetry/lines.ts";
import { RevocationList } from "./revocation-list.ts";
import { parseRevocations, REVOCATIONS_KEY } from "./revocation-value.ts";

/** Everything outside that reading depends on. */
export interface RevocationIo {
  /** The `REVOCATIONS` binding. */
  readonly kv: Pick<KeyNamespace, "get">;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly log: (line: RevocationsLine) => void;
}

/** What `/_gateway/ready` reports about the list. Nothing secret. */
export interface RevocationStatus {
  readonly usable: boolean;
  readonly ageSeconds: number | undefined;
  readonly entries: number | undefined;
  readonly lastError: RevocationsLine["code"];
}

/**
 * The list of revocations in one isolate: what happens to it, and when.
 *
 * | list in memory                    | event                | what happens                                        |
 * |-----------------------------------|----------------------|-----------------------------------------------------|
 * | young                             | request              | used                                                |
 * | soon `refreshSeconds` old         | request              | used, and read anew in the background               |
 * | none, or `refreshSeconds` old     | request              | read before the answer, so that the bound holds for |
 * |                                   |                      | an isolate that was idle, too                       |
 * | none, or `refreshSeconds` old     | request during a read| waits until that read has settled                   |
 * | none, or `refreshSeconds` old     | a read failed        | no other read for a second                          |
 * | `maxStaleSeconds` old, or none    | a read failed        | refused, or served: `onStale`                       |
 *
 * A list is as old as the beginning of its read. A read that fails leaves the list as it is.
 */
export class RevocationReader {
  readonly #settings: Revocation;
  readonly #io: RevocationIo;
  readonly #reading: SingleFlight;
  #list = new RevocationList([]);
  /** Epoch milliseconds; `undefined`: there is no list yet. */
  #readAt: number | undefined;
  /** Epoch milliseconds. No read begins earlier. */
  #retryAt = 0;
  #lastError: RevocationsLine["code"];

  constructor(settings: Revocation, io: RevocationIo) {
    this.#settings = settings;
    this.#io = io;
    this.#reading = new SingleFlight(io, KV_READ_TIMEOUT_MS + SINGLE_FLIGHT_GRACE_MS);
  }

  /** Returns the list if it is young enough to be used at once. Begins a read in the background if that is due. */
  current(waitUntil: WaitUntil): RevocationList | undefined {
    const ageMs = this.#ageMs();
    const limitMs = this.#settings.refreshSeconds * 1000;
    if (ageMs >= limitMs) return undefined;
    if (ageMs >= limitMs * REVOCATIONS_AHEAD_SHARE && this.#mayRead()) this.#begin(waitUntil);
    return this.#list;
  }

  /**
   * Returns the list, read anew if it is too old to be used at once. If it cannot be read, returns the old list while
   * that may be used, and `undefined` after that. Never rejects.
   */
  async load(waitUntil: WaitUntil): Promise<RevocationList | undefined> {
    while (this.#ageMs() >= this.#settings.refreshSeconds * 1000) {
      // The promise of a read belongs to the request that began it. Others poll: see `SingleFlight`.
      if (this.#reading.isPending) await this.#reading.waitUntilSettled();
      else if (!this.#mayRead()) break;
      else if (await this.#begin(waitUntil)) return this.#list;
    }
    return this.#isUsable() ? this.#list : undefined;
  }

  /** Seconds until trying again can succeed. */
  retryAfterSeconds(): number {
    return Math.max(1, Math.ceil((this.#retryAt - this.#io.now()) / 1000));
  }

  status(): RevocationStatus {
    const ageMs = this.#ageMs();
    const hasList = this.#readAt !== undefined;
    return {
      usable: this.#isUsable(),
      ageSeconds: hasList && ageMs !== Number.POSITIVE_INFINITY ? Math.floor(ageMs / 1000) : undefined,
      entries: hasList ? this.#list.size : undefined,
      lastError: this.#lastError,
    };
  }

  #isUsable(): boolean {
    return this.#settings.onStale === "serve" || this.#ageMs() <= this.#settings.maxStaleSeconds * 1000;
  }

  /** Infinite without a list, and after the clock was set back: nobody knows the age then. */
  #ageMs(): number {
    const ageMs = this.#readAt === undefined ? -1 : this.#io.now() - this.#readAt;
    return ageMs < 0 ? Number.POSITIVE_INFINITY : ageMs;
  }

  #mayRead(): boolean {
    const waitMs = this.#retryAt - this.#io.now();
    // After the clock was set back, the pause could last for hours.
    return !this.#reading.isPending && (waitMs <= 0 || waitMs > REVOCATIONS_RETRY_MS);
  }

  #begin(waitUntil: WaitUntil): Promise<boolean> {
    return this.#reading.begin(() => this.#read(), waitUntil);
  }

  /** Reads the list. Returns `false` if that failed. Never rejects. */
  async #read(): Promise<boolean> {
    // The time of the request, not of the answer: a write made meanwhile may be missing from the answer.
    const beganAt = this.#io.now();
    const code = await this.#tryToRead(beganAt);
    if (code !== undefined) this.#retryAt = this.#io.now() + REVOCATIONS_RETRY_MS;
    if ((code === undefined) !== (this.#lastError === undefined)) {
      this.#io.log({ event: "revocations", change: code === undefined ? "recovered" : "read-failed", code });
    }
    this.#lastError = code;
    return code === undefined;
  }

  async #tryToRead(beganAt: number): Promise<RevocationsLine["code"]> {
    const { kv, sleep } = this.#io;
    let text: string | null | typeof TIMED_OUT;
    try {
      const get = async () => kv.get(REVOCATIONS_KEY, { type: "text", cacheTtl: KV_CACHE_SECONDS });
      text = await withTimeLimit(KV_READ_TIMEOUT_MS, sleep, get());
    } catch {
      return "read-failed";
    }
    if (text === TIMED_OUT) return "read-timeout";
    // Nobody has revoked anything yet.
    const entries = text === null ? [] : parseRevocations(text);
    if (entries === undefined) return "list-unreadable";
    // A read that counted as abandoned may end after a later one.
    if (this.#readAt === undefined || beganAt >= this.#readAt || this.#ageMs() === Number.POSITIVE_INFINITY) {
      this.#list = new RevocationList(entries);
      this.#readAt = beganAt;
    }
    return undefined;
  }
}
