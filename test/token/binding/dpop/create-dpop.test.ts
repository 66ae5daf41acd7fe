import { describe, expect, it } from "vitest";
import { Denial } from "../../../../src/answer/denial.ts";
import { createDpop, dpopFaults } from "../../../../src/token/binding/dpop/create-dpop.ts";

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
  for (const { hint } of faults) expect(hint).toContain("| npx wrangler secret put NONCES --env ENVIRONMENT`");
});

it("needs nothing without nonces", () => {
  expect(dpopFaults(SETTINGS, {}, new Set())).toEqual([]);
});

describe("the nonce in an answer without a challenge", () => {
  const presented = () => {
    const request = new Request("https://gw.example/x");
    const { headers, method } = request;
    return { request, headers, method, url: new URL(request.url), origin: "https://gw.example", path: "/x" };
  };

  it.each([
    { name: "is told after a proof without the current one", denial: "dpop-nonce-required", isTold: true },
    { name: "is not told after another refusal", denial: "token-expired", isTold: false },
  ] as const)("$name", async ({ denial, isTold }) => {
    const settings = { ...SETTINGS, nonce: NONCE };
    const policy = { cors: undefined, dpop: settings, issuers: new Map() };
    const { prepared, answers } = createDpop(policy, settings, { NONCES: GOOD }, () => 0);
    const asked = presented();
    await prepared(() => new Denial(denial))(null, asked, () => {});
    const response = new Response();
    answers.finish(asked, response, undefined);
    expect(response.headers.has("dpop-nonce")).toBe(isTold);
    expect(response.headers.get("cache-control")).toBe(isTold ? "no-store" : null);
  });
});
