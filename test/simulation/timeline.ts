import type { Disagreement, FaultSpell, KeyState, Scenario, Span } from "./scenario.ts";

/** Lifetime of a token of the modelled issuer. */
const TOKEN_LIFETIME_MS = 60 * 60 * 1000;

/** The parts of a token that the gateway reads before it checks the signature. */
export interface SampledToken {
  readonly kid: string;
  /** `undefined` if the issuer's tokens have no `iat`. */
  readonly issuedAtSeconds: number | undefined;
}

/** A key that is no longer published. */
export interface WithdrawnKey {
  readonly kid: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A scenario on the clock: times are epoch milliseconds. */
export class Timeline {
  readonly start: number;
  readonly end: number;
  readonly scenario: Scenario;
  /** The times at which something changes, in order. */
  readonly #moments: readonly number[];
  readonly #withdrawn: readonly WithdrawnKey[];

  constructor(scenario: Scenario, start: number) {
    this.scenario = scenario;
    this.start = start;
    this.end = this.time(scenario.minutes);
    const { keyStates, faults, floods, disagreement } = scenario;
    const spans = [...faults, ...floods, ...(disagreement ? [disagreement] : [])].flatMap(({ from, until }) => [
      from,
      until,
    ]);
    const minutes = new Set([...keyStates.map(({ from }) => from), ...spans]);
    this.#moments = Array.from(minutes, (minute) => this.time(minute)).sort((a, b) => a - b);
    this.#withdrawn = keyStates.flatMap(({ from, published }, index) =>
      (keyStates[index - 1]?.published ?? [])
        .filter((kid) => !published.includes(kid))
        .map((kid) => ({ kid, at: this.time(from) })),
    );
  }

  time(minute: number): number {
    return this.start + minute * 60_000;
  }

  minute(time: number): number {
    return Math.floor((time - this.start) / 60_000);
  }

  keysAt(time: number): KeyState {
    const { keyStates } = this.scenario;
    const state = keyStates.findLast(({ from }) => this.time(from) <= time) ?? keyStates[0];
    if (state === undefined) throw new Error("A scenario has at least one state of keys.");
    return state;
  }

  /** A token issued now, and one of some age if the issuer still publishes its key. */
  validTokens(now: number, age: number): readonly SampledToken[] {
    const { signing, published } = this.keysAt(now);
    const secondsOf = (time: number) => (this.scenario.withoutIat ? undefined : Math.floor(time / 1000));
    const tokens = [{ kid: signing, issuedAtSeconds: secondsOf(now) }];
    const issuedAt = now - age * TOKEN_LIFETIME_MS;
    const older = this.keysAt(issuedAt).signing;
    if (published.includes(older)) tokens.push({ kid: older, issuedAtSeconds: secondsOf(issuedAt) });
    return tokens;
  }

  withdrawnAt(time: number): readonly WithdrawnKey[] {
    return this.#withdrawn.filter(({ at }) => at <= time);
  }

  faultAt(time: number): FaultSpell | undefined {
    return this.scenario.faults.find((spell) => this.#isWithin(spell, time));
  }

  /** The key sets of the issuer's caches, while they disagree. */
  cachesAt(time: number): Disagreement["caches"] | undefined {
    const { disagreement } = this.scenario;
    return disagreement && this.#isWithin(disagreement, time) ? disagreement.caches : undefined;
  }

  isFlood(time: number): boolean {
    return this.scenario.floods.some((span) => this.#isWithin(span, time));
  }

  /** The next time at which something changes; `Infinity` after the last. */
  nextMoment(now: number): number {
    return this.#moments.find((moment) => moment > now) ?? Number.POSITIVE_INFINITY;
  }

  #isWithin({ from, until }: Span, time: number): boolean {
    return this.time(from) <= time && time < this.time(until);
  }
}
