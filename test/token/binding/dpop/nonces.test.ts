import { describe, expect, it } from "vitest";
import { createNonces } from "../../../../src/token/binding/dpop/nonces.ts";

const START_MS = 1_800_000_000_000;

describe("createNonces", () => {
  it("keeps the nonces of a slot until its last millisecond", async () => {
    const at = createNonces("secret", 60);
    expect(await at(START_MS + 59_999)).toEqual(await at(START_MS));
    expect((await at(START_MS + 60_000)).current).not.toBe((await at(START_MS)).current);
  });

  it("accepts the nonce of the slot before, and not that of two slots ago", async () => {
    const at = createNonces("secret", 60);
    const first = await at(START_MS);
    const second = await at(START_MS + 60_000);
    const third = await at(START_MS + 120_000);
    expect(second.previous).toBe(first.current);
    expect([third.current, third.previous]).not.toContain(first.current);
  });

  it("makes the same nonces in every isolate, also when time goes back", async () => {
    const at = createNonces("secret", 60);
    const later = await at(START_MS + 60_000);
    const before = await at(START_MS);
    expect(before).toEqual(await createNonces("secret", 60)(START_MS));
    expect(later.previous).toBe(before.current);
  });

  it("makes other nonces with another secret", async () => {
    const one = await createNonces("secret", 60)(START_MS);
    const other = await createNonces("secreu", 60)(START_MS);
    expect(new Set([...Object.values(one), ...Object.values(other)]).size).toBe(4);
  });

  it("makes nonces of the characters of RFC 9449 8.1", async () => {
    expect((await createNonces("secret", 60)(START_MS)).current).toMatch(/^[\w-]{43}$/);
  });
});
