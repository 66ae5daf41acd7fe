/**
 * The token cache was bounded by the text of its tokens and not by what they keep: 10,000 tokens with a scope that
 * implies 500 others held 113 MB. What it charges is compared with the heap here, in Node.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { MAX_CACHED_TOKEN_BYTES } from "../../../src/limits.ts";
import { grantedScopes } from "../../../src/token/granted-scopes.ts";
import type { Claims } from "../../../src/token/jws.ts";
import { TokenCache } from "../../../src/token/token-cache.ts";
import { API, declare, issuerOf } from "../../support/policy/example-policy.ts";
import { claimsOf, NOW_MS } from "../../support/token/tokens.ts";

const UNBOUNDED = { tokens: 1e6, bytes: 1e9, ageMs: 60_000 };
const NARROW = Array.from({ length: 500 }, (_, index) => `narrow:${index}`);
const POLICY = declare({
  [API]: { "read:orders": [], wide: NARROW, ...Object.fromEntries(NARROW.map((name) => [name, []])) },
});
const ISSUER = issuerOf();

setFlagsFromString("--expose-gc");
const gc: () => void = runInNewContext("gc");
function heapBytes(): number {
  gc();
  return process.memoryUsage().heapUsed;
}

/** Fills a cache as verification does: with a text and parsed claims of its own for each token. */
function fill(cache: TokenCache, count: number, claimsAt: (index: number) => Record<string, unknown>): void {
  for (let index = 0; index < count; index++) {
    const json = JSON.stringify(claimsOf({ jti: crypto.randomUUID(), sub: crypto.randomUUID(), ...claimsAt(index) }));
    const claims = JSON.parse(json) as Claims;
    const text = Buffer.from(`${index}${json}`).toString("base64url") + "A".repeat(86);
    const token = {
      issuer: ISSUER,
      claims,
      subject: String(claims["sub"]),
      tenant: undefined,
      clientId: "admin",
      granted: grantedScopes(claims, ISSUER, POLICY, undefined),
      key: { kid: "key-1", cryptoKeys: new Map() },
      expiresAtSeconds: Number(claims["exp"]),
    };
    cache.set(text, token, NOW_MS);
  }
}

const scopesOf = (...names: string[]) => names.map((name) => `${API}/${name}`).join(" ");
/** 200 narrow scopes, others for each token. */
const some = (index: number) => NARROW.filter((_, place) => (place * 7 + index * 13 + place * index) % 5 < 2);

const KINDS: { name: string; count: number; claims: (index: number) => Record<string, unknown> }[] = [
  { name: "usual tokens", count: 5_000, claims: () => ({ scope: scopesOf("read:orders") }) },
  { name: "a scope that implies 500 others", count: 5_000, claims: () => ({ scope: scopesOf("wide") }) },
  { name: "200 scopes, other ones for each", count: 300, claims: (index) => ({ scope: scopesOf(...some(index)) }) },
  { name: "a list of numbers", count: 500, claims: () => ({ numbers: new Array(2_000).fill(1.5) }) },
  {
    name: "a list of numbers and texts",
    count: 300,
    claims: () => ({ mixed: Array.from({ length: 2_000 }, (_, place) => (place % 2 === 0 ? 1.5 : `item ${place}`)) }),
  },
  { name: "a list of short texts", count: 500, claims: (index) => ({ groups: some(index) }) },
  { name: "empty objects", count: 300, claims: () => ({ objects: new Array(2_000).fill({}) }) },
  {
    name: "deep nesting",
    count: 100,
    claims: () => ({ deep: JSON.parse(`${"[".repeat(3_000)}${"]".repeat(3_000)}`) }),
  },
  { name: "text beyond Latin-1", count: 2_000, claims: () => ({ name: "Имя ".repeat(200) }) },
  {
    name: "member names that no other token has",
    count: 1_000,
    claims: (index) => ({
      roles: Object.fromEntries(Array.from({ length: 40 }, (_, place) => [`organization-${index}-${place}`, "x"])),
    }),
  },
];

describe("the estimate is between half and twice what the heap grows by", () => {
  // The first run puts compiled code on the heap, which stays there.
  beforeAll(() => {
    for (const { claims } of KINDS) fill(new TokenCache(UNBOUNDED), 50, claims);
  });
  for (const { name, count, claims } of KINDS) {
    it(`with ${name}`, () => {
      const cache = new TokenCache(UNBOUNDED);
      const before = heapBytes();
      fill(cache, count, claims);
      const grown = heapBytes() - before;
      const ratio = cache.bytes / grown;
      expect(ratio).toBeGreaterThan(0.5);
      expect(ratio).toBeLessThan(2);
    });
  }
});

it("10,000 tokens with a scope that implies 500 others stay within the bound of the cache", () => {
  const cache = new TokenCache();
  const before = heapBytes();
  fill(cache, 10_000, () => ({ scope: scopesOf("wide") }));
  expect(heapBytes() - before).toBeLessThan(MAX_CACHED_TOKEN_BYTES);
  expect(cache.bytes).toBeLessThan(MAX_CACHED_TOKEN_BYTES);
});
