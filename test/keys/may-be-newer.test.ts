import { describe, expect, it } from "vitest";
import { mayBeNewer, type UnknownKey } from "../../src/keys/may-be-newer.ts";
import { START } from "../support/keys/virtual-world.ts";

describe("mayBeNewer", () => {
  const seconds = START / 1000;
  /** The issuer was read at `START`, in answer to a lookup that began just then. */
  const base: Omit<UnknownKey, "unverifiedIssuedAtSeconds"> = {
    clockToleranceSeconds: 5,
    publicationLagSeconds: 0,
    fetchedAt: START,
    answeredLookupBeganAt: START,
    arrivedAt: START + 60_000,
    now: START + 60_000,
  };
  const late = { publicationLagSeconds: 60 };
  const table: { name: string; iat: number | undefined; input?: Partial<UnknownKey>; expected: boolean }[] = [
    { name: "a token from before the read is not newer", iat: seconds - 60, expected: false },
    { name: "within the tolerance before the read may be newer", iat: seconds - 5, expected: true },
    { name: "just outside the tolerance before the read is not newer", iat: seconds - 5.001, expected: false },
    { name: "within the lag and the tolerance may be newer", iat: seconds - 65, input: late, expected: true },
    { name: "just outside lag and tolerance is not newer", iat: seconds - 65.001, input: late, expected: false },
    { name: "a token from after the read may be newer", iat: seconds + 30, expected: true },
    { name: "the latest iat that is valid now may be newer", iat: seconds + 65, expected: true },
    { name: "an iat that is not valid yet is not newer", iat: seconds + 65.001, input: late, expected: false },
    { name: "an iat far in the future is not newer", iat: 1e308, input: late, expected: false },
    { name: "a negative iat is not newer", iat: -1e308, input: late, expected: false },
    { name: "a lookup does not settle a token from after it", iat: seconds + 30, expected: true },
    {
      name: "without iat it may be newer until a lookup was answered",
      iat: undefined,
      input: { answeredLookupBeganAt: 0 },
      expected: true,
    },
    {
      name: "without iat it may be newer after a lookup that began before its request",
      iat: undefined,
      expected: true,
    },
    {
      name: "without iat it is not newer after a lookup that began when its request came",
      iat: undefined,
      input: { ...late, answeredLookupBeganAt: START + 60_000 },
      expected: false,
    },
    {
      name: "without iat it is not newer after a lookup that began just now",
      iat: undefined,
      input: { answeredLookupBeganAt: START + 60_000, arrivedAt: START + 50_000 },
      expected: false,
    },
    {
      name: "without iat it may be newer although a lookup seems to begin later: the clock was set back",
      iat: undefined,
      input: { answeredLookupBeganAt: START + 60_001, arrivedAt: START + 50_000 },
      expected: true,
    },
    {
      name: "without iat it may be newer although the issuer was read since for another reason",
      iat: undefined,
      input: { fetchedAt: START + 60_001, now: START + 60_001 },
      expected: true,
    },
    {
      name: "an iat that is no number counts as none",
      iat: Number.NaN,
      input: { answeredLookupBeganAt: START + 60_000 },
      expected: false,
    },
  ];
  for (const { name, iat, input, expected } of table) {
    it(name, () => expect(mayBeNewer({ ...base, ...input, unverifiedIssuedAtSeconds: iat })).toBe(expected));
  }
});
