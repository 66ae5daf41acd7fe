import { describe, expect, it } from "vitest";
import { MAX_CACHED_TOKEN_AGE_MS, MAX_CACHED_TOKENS } from "../../src/limits.ts";
import type { GrantedScopes } from "../../src/token/granted-scopes.ts";
import { TokenCache } from "../../src/token/token-cache.ts";
import type { VerifiedToken } from "../../src/token/verify.ts";
import { issuerOf } from "../support/policy/example-policy.ts";
import { claimsOf, NOW_MS, NOW_SECONDS } from "../support/token/tokens.ts";

const NO_SCOPES: GrantedScopes = { issuer: "cognito", names: [], effective: new Set() };

function verified(expiresAtSeconds = NOW_SECONDS + 3600): VerifiedToken {
  return {
    issuer: issuerOf(),
    claims: claimsOf({ exp: expiresAtSeconds }),
    subject: "user-1",
    tenant: undefined,
    clientId: "admin",
    granted: NO_SCOPES,
    key: { kid: "key-1", cryptoKeys: new Map() },
    expiresAtSeconds,
  };
}

/** What tokens with texts of so many characters in total are charged. They share their scopes. */
function bytesOf(tokens: number, characters: number): number {
  const [one, two] = [new TokenCache(), new TokenCache()];
  one.set("a", verified(), NOW_MS);
  for (const text of ["a", "b"]) two.set(text, verified(), NOW_MS);
  const each = two.bytes - one.bytes - 1;
  return one.bytes - 1 + (tokens - 1) * each + characters;
}

/** Which of the texts the cache remembers. Asking makes each of them the most recently used one. */
function remembered(cache: TokenCache, texts: readonly string[]): readonly string[] {
  return texts.filter((text) => cache.get(text, NOW_MS) !== undefined);
}

describe("TokenCache", () => {
  it("gives back what was put under the exact text", () => {
    const cache = new TokenCache();
    const token = verified();
    cache.set("a.b.c", token, NOW_MS);
    expect(cache.get("a.b.c", NOW_MS)).toBe(token);
    expect(remembered(cache, ["a.b.c=", "a.b.c ", "A.b.c", "a.b.", "a.b.c."])).toEqual([]);
  });

  it("keeps two spellings apart", () => {
    const cache = new TokenCache();
    const [one, two] = [verified(), verified()];
    cache.set("one", one, NOW_MS);
    cache.set("one=", two, NOW_MS);
    expect(cache.get("one", NOW_MS)).toBe(one);
    expect(cache.get("one=", NOW_MS)).toBe(two);
  });

  it("forgets at exp, not a millisecond before", () => {
    const cache = new TokenCache();
    cache.set("a", verified(NOW_SECONDS + 10), NOW_MS);
    expect(cache.get("a", NOW_MS + 9_999)).toBeDefined();
    expect(cache.get("a", NOW_MS + 10_000)).toBeUndefined();
  });

  it("forgets after five minutes, not a millisecond before, however often it was used", () => {
    const cache = new TokenCache();
    cache.set("a", verified(), NOW_MS);
    expect(cache.get("a", NOW_MS + MAX_CACHED_TOKEN_AGE_MS / 2)).toBeDefined();
    expect(cache.get("a", NOW_MS + MAX_CACHED_TOKEN_AGE_MS - 1)).toBeDefined();
    expect(cache.get("a", NOW_MS + MAX_CACHED_TOKEN_AGE_MS)).toBeUndefined();
    expect(MAX_CACHED_TOKEN_AGE_MS).toBe(300_000);
  });

  it("does not take up what has expired and lives on by clock tolerance alone", () => {
    const cache = new TokenCache();
    cache.set("a", verified(NOW_SECONDS), NOW_MS);
    expect(cache.get("a", NOW_MS - 1)).toBeUndefined();
  });

  it("never comes back after it has run out, even if the clock is set back", () => {
    const cache = new TokenCache();
    cache.set("a", verified(NOW_SECONDS + 10), NOW_MS);
    cache.get("a", NOW_MS + 10_000);
    expect(cache.get("a", NOW_MS)).toBeUndefined();
  });

  it("forgets what it is told to", () => {
    const cache = new TokenCache();
    cache.set("a", verified(), NOW_MS);
    cache.delete("a");
    cache.delete("never there");
    expect(cache.get("a", NOW_MS)).toBeUndefined();
  });
});

describe("TokenCache makes room", () => {
  const byTokens = { tokens: 3, bytes: 1_000_000, ageMs: 60_000 };
  const byBytes = (tokens: number) => ({ tokens: 1_000, bytes: bytesOf(tokens, 10), ageMs: 60_000 });

  it("only when there are more tokens than allowed", () => {
    const cache = new TokenCache(byTokens);
    for (const text of ["a", "b", "c"]) cache.set(text, verified(), NOW_MS);
    expect(remembered(cache, ["a", "b", "c"])).toEqual(["a", "b", "c"]);
    cache.set("d", verified(), NOW_MS);
    expect(remembered(cache, ["a", "b", "c", "d"])).toEqual(["b", "c", "d"]);
  });

  it("by dropping what was used least recently, not what is oldest", () => {
    const cache = new TokenCache(byTokens);
    for (const text of ["a", "b", "c"]) cache.set(text, verified(), NOW_MS);
    cache.get("a", NOW_MS);
    cache.set("d", verified(), NOW_MS);
    expect(remembered(cache, ["a", "b", "c", "d"])).toEqual(["a", "c", "d"]);
  });

  it("and counts a token that is put again as one, and as used", () => {
    const cache = new TokenCache(byTokens);
    for (const text of ["a", "b", "c", "a", "d"]) cache.set(text, verified(), NOW_MS);
    expect(remembered(cache, ["a", "b", "c", "d"])).toEqual(["a", "c", "d"]);
  });

  it("only when there are more bytes than allowed", () => {
    const cache = new TokenCache(byBytes(2));
    for (const text of ["aaaaa", "bbbbb"]) cache.set(text, verified(), NOW_MS);
    expect(remembered(cache, ["aaaaa", "bbbbb"])).toEqual(["aaaaa", "bbbbb"]);
    cache.set("c", verified(), NOW_MS);
    expect(remembered(cache, ["aaaaa", "bbbbb", "c"])).toEqual(["bbbbb", "c"]);
  });

  it("for one large token by dropping several small ones", () => {
    const cache = new TokenCache(byBytes(3));
    for (const text of ["aaa", "bbb", "ccc"]) cache.set(text, verified(), NOW_MS);
    cache.set("d".repeat(7), verified(), NOW_MS);
    expect(remembered(cache, ["aaa", "bbb", "ccc", "d".repeat(7)])).toEqual(["ccc", "d".repeat(7)]);
  });

  it("for a token as large as all bytes, and not for a larger one", () => {
    const cache = new TokenCache(byBytes(1));
    cache.set("a".repeat(10), verified(), NOW_MS);
    cache.set("b".repeat(11), verified(), NOW_MS);
    expect(remembered(cache, ["a".repeat(10), "b".repeat(11)])).toEqual(["a".repeat(10)]);
  });

  it("and counts the bytes right after tokens were replaced, deleted and run out", () => {
    const cache = new TokenCache(byBytes(2));
    cache.set("aaaaa", verified(), NOW_MS);
    cache.set("aaaaa", verified(), NOW_MS);
    cache.delete("aaaaa");
    cache.delete("aaaaa");
    cache.set("bbbbb", verified(NOW_SECONDS + 1), NOW_MS);
    cache.get("bbbbb", NOW_MS + 1_000);
    for (const text of ["ccccc", "ddddd"]) cache.set(text, verified(), NOW_MS);
    expect(remembered(cache, ["ccccc", "ddddd"])).toEqual(["ccccc", "ddddd"]);
    cache.set("e", verified(), NOW_MS);
    expect(remembered(cache, ["ccccc", "ddddd", "e"])).toEqual(["ddddd", "e"]);
  });

  it("by default beyond ten thousand tokens", () => {
    const cache = new TokenCache();
    const token = verified();
    for (let count = 0; count <= MAX_CACHED_TOKENS; count++) cache.set(`token ${count}`, token, NOW_MS);
    expect(cache.get("token 0", NOW_MS)).toBeUndefined();
    expect(cache.get("token 1", NOW_MS)).toBe(token);
    expect(MAX_CACHED_TOKENS).toBe(10_000);
  });
});

describe("TokenCache.bytes", () => {
  const wide = (): GrantedScopes => ({
    issuer: "cognito",
    names: ["wide"],
    effective: new Set(Array.from({ length: 500 }, (_, index) => `narrow:${index}`)),
  });

  it("is zero again when all tokens are forgotten", () => {
    const cache = new TokenCache();
    cache.set("a", { ...verified(), granted: wide() }, NOW_MS);
    cache.set("b", { ...verified(), granted: wide() }, NOW_MS);
    for (const text of ["a", "b"]) cache.delete(text);
    expect(cache.bytes).toBe(0);
  });

  it("counts equal scopes once, and the tokens share them", () => {
    const cache = new TokenCache();
    const bytes = ["a", "b", "c"].map((text) => {
      cache.set(text, { ...verified(), granted: wide() }, NOW_MS);
      return cache.bytes;
    });
    const [first = 0, second = 0, third = 0] = bytes;
    expect(first).toBeGreaterThan(15_000);
    expect(second - first).toBeLessThan(3_000);
    expect(third - second).toBe(second - first);
    expect(cache.get("b", NOW_MS)?.granted).toBe(cache.get("a", NOW_MS)?.granted);
    expect(cache.get("b", NOW_MS)).toEqual({ ...verified(), granted: wide() });
  });

  it("counts other scopes, even in another order, apart", () => {
    const cache = new TokenCache();
    for (const names of [["a", "b"], ["b", "a"], ["a b"]]) {
      cache.set(
        names.join(),
        { ...verified(), granted: { issuer: "cognito", names, effective: new Set(names) } },
        NOW_MS,
      );
    }
    expect(cache.get("a,b", NOW_MS)?.granted.names).toEqual(["a", "b"]);
    expect(cache.get("b,a", NOW_MS)?.granted.names).toEqual(["b", "a"]);
    expect(cache.get("a b", NOW_MS)?.granted.names).toEqual(["a b"]);
  });

  it("counts the claims: a short text with large ones is too large to be remembered", () => {
    const cache = new TokenCache({ tokens: 10, bytes: 10_000, ageMs: 60_000 });
    const claims = claimsOf({ groups: new Array(1_000).fill("") });
    cache.set("a", { ...verified(), claims }, NOW_MS);
    expect(remembered(cache, ["a"])).toEqual([]);
    expect(cache.bytes).toBe(0);
  });

  it("gives verification the scopes of a remembered token, as long as there is one", () => {
    const cache = new TokenCache();
    const granted = wide();
    expect(cache.knownScopes("cognito", ["wide"])).toBeUndefined();
    cache.set("a", { ...verified(), granted }, NOW_MS);
    expect(cache.knownScopes("cognito", ["wide"])).toBe(granted);
    cache.delete("a");
    expect(cache.knownScopes("cognito", ["wide"])).toBeUndefined();
  });
});
