import { describe, expect, it } from "vitest";
import { type Fetched, hold, holdAfterLook, knownKeys, withoutExpired } from "../../src/keys/holding.ts";
import type { VerificationKey } from "../../src/keys/key-set.ts";
import { SETTINGS, START } from "./world.ts";

const keyOf = (kid: string): VerificationKey => ({ kid, cryptoKeys: new Map() });
const A = keyOf("a");
const B = keyOf("b");
const fetched = (atMs: number, ...keys: VerificationKey[]): Fetched => ({
  keys: new Map(keys.map((key) => [`text of ${key.kid}`, key])),
  etag: undefined,
  fetchedAt: START + atMs,
});
const kidsAt = (holding: ReturnType<typeof hold>, atMs: number) =>
  Array.from(withoutExpired(holding, SETTINGS, START + atMs).set.byKid.keys()).sort();

describe("holding", () => {
  it("is quiet until a refresh is due", () => {
    expect(hold(fetched(0, A), SETTINGS).quietUntil).toBe(START + 100_000);
  });

  it("files keys that share a kid together", () => {
    const twin = keyOf("a");
    const { keys } = fetched(0, A);
    const { set } = hold({ ...fetched(0), keys: new Map([...keys, ["other text", twin]]) }, SETTINGS);
    expect(set.byKid.get("a")).toEqual([A, twin]);
    expect(set.all.size).toBe(2);
  });

  it("an ordinary refresh drops what the issuer does not send", () => {
    expect(kidsAt(hold(fetched(10, B), SETTINGS), 10)).toEqual(["b"]);
  });

  it("a look keeps what it found missing for one cooldown and no longer", () => {
    const held = holdAfterLook(hold(fetched(0, A), SETTINGS), fetched(10_000, B), SETTINGS, START + 10_000);
    expect(held.quietUntil).toBe(START + 40_000);
    expect(kidsAt(held, 39_999)).toEqual(["a", "b"]);
    expect(kidsAt(held, 40_000)).toEqual(["b"]);
  });

  it("further looks that lack it give it no more time", () => {
    const first = holdAfterLook(hold(fetched(0, A), SETTINGS), fetched(10_000, B), SETTINGS, START + 10_000);
    const second = holdAfterLook(first, fetched(30_000, B), SETTINGS, START + 30_000);
    expect(kidsAt(second, 39_999)).toEqual(["a", "b"]);
    expect(kidsAt(second, 40_000)).toEqual(["b"]);
  });

  it("a look that has it again makes it an ordinary key, the same object", () => {
    const first = holdAfterLook(hold(fetched(0, A), SETTINGS), fetched(10_000, B), SETTINGS, START + 10_000);
    const known = knownKeys(first).get("text of a") ?? keyOf("lost");
    const second = holdAfterLook(first, fetched(20_000, known), SETTINGS, START + 20_000);
    expect(second.set.byKid.get("a")?.[0]).toBe(A);
    expect(kidsAt(second, 49_999)).toEqual(["a", "b"]);
    expect(kidsAt(second, 50_000)).toEqual(["a"]);
  });

  it("a kept key does not outlive the bound of the set it was in", () => {
    const held = holdAfterLook(hold(fetched(0, A), SETTINGS), fetched(990_000, B), SETTINGS, START + 990_000);
    expect(kidsAt(held, 999_999)).toEqual(["a", "b"]);
    expect(kidsAt(held, 1_000_000)).toEqual(["b"]);
  });
});
