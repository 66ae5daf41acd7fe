import {
  FULL_REPLAY_SWEEP_SECONDS,
  MAX_GUARDED_PROOFS,
  MAX_GUARDED_PROOFS_PER_KEY,
  REPLAY_CLOCK_SKEW_SECONDS,
  REPLAY_SWEEP_SECONDS,
} from "../../../limits.ts";

/** The answers of an object to a proof. Every other answer is a failure. */
export const GUARD_STATUS = { new: 201, known: 409 } as const;

/** How many proofs an object keeps. */
export interface GuardLimits {
  readonly proofs: number;
  /** How many of them may be of one key, so that no key fills the object of others by itself. */
  readonly proofsPerKey: number;
}

/** What the object uses of its state. */
export interface GuardState {
  readonly storage: {
    readonly sql: {
      exec(query: string, ...bindings: (string | number)[]): Iterable<Readonly<Record<string, unknown>>>;
    };
    getAlarm(): Promise<number | null>;
    setAlarm(timeMs: number): Promise<void>;
  };
}

/**
 * A Durable Object: the used DPoP proofs of one shard of keys, for all isolates (RFC 9449 11.1). An entry counts as
 * long as it is there. It stays longer than its proof is in time, because the clocks of the isolates and of the object
 * differ: an entry that leaves too early would let a replay through, and one that leaves late only takes room.
 *
 * The gateway alone calls it. It checks no proof: each must have passed all other checks.
 */
export class ReplayGuard {
  readonly #storage: GuardState["storage"];
  readonly #limits: GuardLimits;
  /** How many proofs each key has. */
  #counts = new Map<string, number>();
  #size = 0;
  #hasAlarm = false;
  /** Epoch milliseconds. A full object does not look for room before that time. */
  #nextSweepAt = 0;

  constructor(state: GuardState, _env?: unknown, limits?: GuardLimits) {
    this.#storage = state.storage;
    this.#limits = limits ?? { proofs: MAX_GUARDED_PROOFS, proofsPerKey: MAX_GUARDED_PROOFS_PER_KEY };
    this.#sql(
      "CREATE TABLE IF NOT EXISTS proofs (thumbprint TEXT, jti TEXT, expires_at INTEGER, PRIMARY KEY (thumbprint, jti)) WITHOUT ROWID",
    );
    this.#count();
  }

  /**
   * Remembers the proof in the body: `[thumbprint, jti, expiresAtMs]`. 201: it is new; 409: it was there; 507: no room.
   */
  async fetch(request: Request): Promise<Response> {
    const [thumbprint, jti, expiresAtMs] = await request.json<unknown[]>();
    if (typeof thumbprint !== "string" || typeof jti !== "string" || !Number.isFinite(expiresAtMs)) {
      return new Response(null, { status: 400 });
    }
    const status = this.#add(thumbprint, jti, Number(expiresAtMs));
    if (!this.#hasAlarm && this.#size > 0) await this.#ensureAlarm();
    return new Response(null, { status });
  }

  /** Removes the entries whose time is over. */
  async alarm(): Promise<void> {
    this.#hasAlarm = false;
    this.#sweep();
    if (this.#size > 0) await this.#ensureAlarm();
  }

  /** Looks and writes in one step without `await`: of two equal proofs at once, exactly one is new. */
  #add(thumbprint: string, jti: string, expiresAtMs: number): number {
    const [known] = this.#sql("SELECT 1 FROM proofs WHERE thumbprint = ? AND jti = ?", thumbprint, jti);
    if (known !== undefined) return GUARD_STATUS.known;
    // A sweep reads every proof. If each refused proof caused one, a client that is at its limit could keep the object
    // so busy with a few requests that it answers nobody in time.
    if (this.#isFull(thumbprint) && Date.now() >= this.#nextSweepAt) this.#sweep();
    // Closed: to forget a proof that is in time would let its replay through.
    if (this.#isFull(thumbprint)) return 507;
    this.#sql("INSERT INTO proofs VALUES (?, ?, ?)", thumbprint, jti, expiresAtMs);
    this.#counts.set(thumbprint, (this.#counts.get(thumbprint) ?? 0) + 1);
    this.#size += 1;
    return GUARD_STATUS.new;
  }

  #isFull(thumbprint: string): boolean {
    return this.#size >= this.#limits.proofs || (this.#counts.get(thumbprint) ?? 0) >= this.#limits.proofsPerKey;
  }

  #sweep(): void {
    this.#nextSweepAt = Date.now() + FULL_REPLAY_SWEEP_SECONDS * 1000;
    this.#sql("DELETE FROM proofs WHERE expires_at < ?", Date.now() - REPLAY_CLOCK_SKEW_SECONDS * 1000);
    this.#count();
  }

  #count(): void {
    const rows = this.#sql("SELECT thumbprint, count(*) AS n FROM proofs GROUP BY thumbprint");
    this.#counts = new Map(rows.map((row) => [String(row["thumbprint"]), Number(row["n"])]));
    this.#size = this.#counts.values().reduce((sum, n) => sum + n, 0);
  }

  async #ensureAlarm(): Promise<void> {
    if ((await this.#storage.getAlarm()) === null) {
      await this.#storage.setAlarm(Date.now() + REPLAY_SWEEP_SECONDS * 1000);
    }
    this.#hasAlarm = true;
  }

  #sql(query: string, ...bindings: (string | number)[]): readonly Readonly<Record<string, unknown>>[] {
    return [...this.#storage.sql.exec(query, ...bindings)];
  }
}
