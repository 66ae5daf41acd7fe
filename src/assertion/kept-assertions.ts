import { MAX_KEPT_ASSERTION_BYTES } from "../limits.ts";
import type { Admission } from "../token/admit.ts";
import type { SigningKeys } from "./signing-keys.ts";

interface Kept {
  readonly text: string;
  readonly keys: SigningKeys;
  /** `iat` of the assertion, in milliseconds. The clock may have been up to a second ahead of it. */
  readonly issuedAtMs: number;
}

/**
 * Remembers signed assertions by their token, and by method and route. Those of a token that is forgotten leave with
 * it. A caller chooses methods where a route serves all, so the number is bounded: when the assertions have more than
 * `MAX_KEPT_ASSERTION_BYTES`, all are forgotten.
 */
export class KeptAssertions {
  readonly #lifetimeMs: number;
  #byToken = new WeakMap<Admission, Map<string, Kept>>();
  #bytes = 0;

  /** @param lifetimeMs how long an assertion is reused */
  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  /** The assertion, if `keys` have signed one recently enough. A clock that went back finds none. */
  get(token: Admission, call: string, keys: SigningKeys, nowMs: number): string | undefined {
    const kept = this.#byToken.get(token)?.get(call);
    if (kept === undefined || kept.keys !== keys) return undefined;
    const age = nowMs - kept.issuedAtMs;
    return age >= 0 && age < this.#lifetimeMs ? kept.text : undefined;
  }

  set(token: Admission, call: string, kept: Kept): void {
    this.#bytes += kept.text.length + call.length;
    if (this.#bytes > MAX_KEPT_ASSERTION_BYTES) {
      this.#byToken = new WeakMap();
      this.#bytes = kept.text.length + call.length;
    }
    const calls = this.#byToken.get(token) ?? new Map<string, Kept>();
    calls.set(call, kept);
    this.#byToken.set(token, calls);
  }
}
