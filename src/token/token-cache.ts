import { MAX_CACHED_TOKEN_AGE_MS, MAX_CACHED_TOKEN_BYTES, MAX_CACHED_TOKENS } from "../limits.ts";
import type { VerifiedToken } from "./verify.ts";

interface Entry {
  /** The text of the token. */
  readonly text: string;
  readonly token: VerifiedToken;
  /** Epoch milliseconds. */
  readonly validUntil: number;
}

/** Bounds of the cache; see `limits.ts` for the defaults. */
export interface TokenCacheLimits {
  readonly tokens: number;
  readonly bytes: number;
  readonly ageMs: number;
}

/**
 * What was verified lately, under the exact text of the token: two spellings of one token are two entries. The least
 * recently used one makes room. Holds no denial, and nothing about routes.
 */
export class TokenCache {
  readonly #entries = new Map<string, Entry>();
  readonly #limits: TokenCacheLimits;
  #bytes = 0;

  constructor(
    limits: TokenCacheLimits = {
      tokens: MAX_CACHED_TOKENS,
      bytes: MAX_CACHED_TOKEN_BYTES,
      ageMs: MAX_CACHED_TOKEN_AGE_MS,
    },
  ) {
    this.#limits = limits;
  }

  /**
   * The verified token, if it is remembered and has not run out. Whether its key is still in the key set is the
   * caller's to check.
   */
  get(text: string, nowMs: number): VerifiedToken | undefined {
    const entry = this.#entries.get(text);
    if (entry === undefined) return undefined;
    if (nowMs >= entry.validUntil) {
      this.delete(text);
      return undefined;
    }
    // Used last, and under the text that came first: the equal one of this request can go with it.
    this.#entries.delete(text);
    this.#entries.set(entry.text, entry);
    return entry.token;
  }

  set(text: string, token: VerifiedToken, nowMs: number): void {
    const validUntil = Math.min(token.expiresAtSeconds * 1000, nowMs + this.#limits.ageMs);
    if (nowMs >= validUntil || text.length > this.#limits.bytes) return;
    this.delete(text);
    this.#entries.set(text, { text, token, validUntil });
    this.#bytes += text.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.tokens && this.#bytes <= this.#limits.bytes) break;
      this.delete(oldest);
    }
  }

  delete(text: string): void {
    if (this.#entries.delete(text)) this.#bytes -= text.length;
  }
}
