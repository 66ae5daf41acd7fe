import { expect, it } from "vitest";
import { dpopFaults } from "../../../../src/token/binding/dpop/create-dpop.ts";

const SETTINGS = { algorithms: ["ES256"], maxAgeSeconds: 60, replay: "isolate" } as const;
const NONCE = { secret: "NONCES", everySeconds: 60 };
const GOOD = "s".repeat(32);

it.each<{ name: string; value: unknown; own?: string; isFaulty: boolean }>([
  { name: "as short as it may be", value: GOOD, isFaulty: false },
  { name: "too short", value: "s".repeat(31), isFaulty: true },
  { name: "missing", value: undefined, isFaulty: true },
  { name: "in a Secrets Store", value: { get: async () => GOOD }, isFaulty: true },
  { name: "a binding of the gateway", value: GOOD, own: "NONCES", isFaulty: true },
])("the secret of nonces that is $name is faulty: $isFaulty", ({ value, own, isFaulty }) => {
  const faults = dpopFaults({ ...SETTINGS, nonce: NONCE }, { NONCES: value }, new Set(own === undefined ? [] : [own]));
  expect(faults.map(({ path }) => path.join("."))).toEqual(isFaulty ? ["dpop.nonce.secret"] : []);
  expect(JSON.stringify(faults)).not.toContain("sss");
});

it("needs nothing without nonces", () => {
  expect(dpopFaults(SETTINGS, {}, new Set())).toEqual([]);
});
