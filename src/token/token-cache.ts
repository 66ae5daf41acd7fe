import { MAX_CACHED_TOKEN_AGE_MS, MAX_CACHED_TOKEN_BYTES, MAX_CACHED_TOKENS } from "../limits.ts";
import { retainedBytes } from "./retained-bytes.ts";
import { ScopePool, type SharedScopes } from "./shared-scopes.ts";
import type { VerifiedToken } from "./verify.ts";

/** What an entry keeps besides text, claims and scopes: its objects and its place in the map. */
const ENTRY_BYTES = 300;

interface Entry {
  /** The token as it was sent. */
  readonly text: string;
  readonly token: VerifiedToken;
  readonly scopes: SharedScopes;
  /** Estimate of what the entry keeps in memory, without the scopes. */
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly validUntil: number;
}

/** The bounds of a token cache. The defaults are in `limits.ts`. */
export interface TokenCacheLimits {
  /** The number of tokens. */
  readonly tokens: number;
  /** What they all keep in memory, by the estimate of `TokenCache.bytes`. */
  readonly bytes: number;
  /** How long a token is remembered at most. */
  readonly ageMs: number;
}

/**
 * Remembers verified tokens under their exact text: two spellings of one token are two entries. When it is full, the
 * least recently used token leaves. Holds no denial and nothing about routes, so each request is authorized again. All
 * tokens must be verified under one policy, because equal scopes are kept once.
 */
export class TokenCache {
  readonly #entries = new Map<string, Entry>();
  readonly #scopes = new ScopePool();
  readonly #limits: TokenCacheLimits;
  #entryBytes = 0;
  /** Goes on from the oldest entry: a new iterator would first pass all places that deleted entries have left. */
  readonly #oldestFirst = this.#entries.keys();

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
   * Estimate of what the cache keeps in memory: texts, claims and scopes. A token of 1 KB can have claims or scopes
   * that need a hundred times as much, so the length of its text would not bound anything.
   */
  get bytes(): number {
    return this.#entryBytes + this.#scopes.bytes;
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

  /** Finds the scopes of a remembered token of an issuer, so that verification need not make equal ones. */
  readonly knownScopes = (issuer: string, names: readonly string[], atoms?: readonly string[]) =>
    this.#scopes.find(issuer, names, atoms);

  /** Remembers a token until it expires or reaches its greatest age. Ignores one that has expired or is too large. */
  set(text: string, token: VerifiedToken, nowMs: number): void {
    const validUntil = Math.min(token.expiresAtSeconds * 1000, nowMs + this.#limits.ageMs);
    if (nowMs >= validUntil) return;
    this.delete(text);
    const scopes = this.#scopes.acquire(token.granted);
    const bytes = ENTRY_BYTES + retainedBytes(text) + retainedBytes(token.claims);
    if (bytes + scopes.bytes > this.#limits.bytes) {
      this.#scopes.release(scopes);
      return;
    }
    const { granted } = scopes;
    const kept = granted === token.granted ? token : { ...token, granted };
    this.#entries.set(text, { text, token: kept, scopes, bytes, validUntil });
    this.#entryBytes += bytes;
    while (this.#entries.size > this.#limits.tokens || this.bytes > this.#limits.bytes) {
      // Never done, because there is an entry, and all entries before its place are deleted.
      this.delete(this.#oldestFirst.next().value as string);
    }
  }

  /** Forgets a token. */
  delete(text: string): void {
    const entry = this.#entries.get(text);
    if (entry === undefined) return;
    this.#entries.delete(text);
    this.#entryBytes -= entry.bytes;
    this.#scopes.release(entry.scopes);
  }
}
