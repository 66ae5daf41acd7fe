import { describe, expect, it } from "vitest";
import { mayBeNewer } from "../../src/keys/may-be-newer.ts";
import { START } from "../support/keys/virtual-world.ts";

describe("mayBeNewer", () => {
  const fetchedAt = START;
  const base = { clockToleranceSeconds: 5, fetchedAt, issuerAnsweredLookup: false, now: START + 60_000 };
  const seconds = START / 1000;
  const table = [
    { name: "a token from before the read is not newer", input: { iat: seconds - 60 }, expected: false },
    { name: "within the tolerance before the read may be newer", input: { iat: seconds - 5 }, expected: true },
    {
      name: "just outside the tolerance before the read is not newer",
      input: { iat: seconds - 5.001 },
      expected: false,
    },
    { name: "a token from after the read may be newer", input: { iat: seconds + 30 }, expected: true },
    { name: "the latest iat that is valid now may be newer", input: { iat: seconds + 65 }, expected: true },
    { name: "an iat that is not valid yet is not newer", input: { iat: seconds + 65.001 }, expected: false },
    { name: "without iat it may be newer until a lookup asked", input: { iat: undefined }, expected: true },
    { name: "without iat it is not newer after a lookup", input: { iat: undefined, looked: true }, expected: false },
    { name: "an iat that is no number counts as none", input: { iat: Number.NaN, looked: true }, expected: false },
    {
      name: "a lookup does not settle a token from after it",
      input: { iat: seconds + 30, looked: true },
      expected: true,
    },
  ];
  for (const { name, input, expected } of table) {
    it(name, () => {
      const unknown = { ...base, unverifiedIssuedAtSeconds: input.iat, issuerAnsweredLookup: input.looked ?? false };
      expect(mayBeNewer(unknown)).toBe(expected);
    });
  }
});
