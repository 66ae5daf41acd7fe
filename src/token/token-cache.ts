import { MAX_CACHED_TOKEN_AGE_MS, MAX_CACHED_TOKEN_BYTES, MAX_CACHED_TOKENS } from "../limits.ts";
import type { VerifiedToken } from "./verify.ts";

interface Entry {
  /** The token as it was sent. */
  readonly text: string;
  readonly token: VerifiedToken;
  /** Epoch milliseconds. */
  readonly validUntil: number;
}

/** The bounds of a token cache. The defaults are in `limits.ts`. */
export interface TokenCacheLimits {
  /** The number of tokens. */
  readonly tokens: number;
  /** The length of all their texts. */
  readonly bytes: number;
  /** How long a token is remembered at most. */
  readonly ageMs: number;
}

/**
 * Remembers verified tokens under their exact text: two spellings of one token are two entries. When it is full, the
 * least recently used token leaves. Holds no denial and nothing about routes, so each request is authorized anew.
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
   * The verified token, if the cache has it and it has not expired. Does not check that its key is still in the key
   * set: the caller must.
   */
  get(text: string, nowMs: number): VerifiedToken | undefined {
    const entry = this.#entries.get(text);
    if (entry === undefined) return undefined;
    if (nowMs >= entry.validUntil) {
      this.delete(text);
      return undefined;
    }
    // The last place is for the most recently used. `entry.text` is the key, so that of this request can be freed.
    this.#entries.delete(text);
    this.#entries.set(entry.text, entry);
    return entry.token;
  }

  /** Remembers a token until it expires or reaches its greatest age. Ignores one that has expired or is too long. */
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

  /** Forgets a token. */
  delete(text: string): void {
    if (this.#entries.delete(text)) this.#bytes -= text.length;
  }
}
