import { describe, expect, it } from "vitest";
import { idleNotes } from "../../../src/policy/analysis/proof/idle-guarantee.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

/** Once, a `never` that was about no call printed a plain "holds", so nobody saw a typing error in `under`. */
describe("a guarantee that no call is left for", () => {
  it.each([
    {
      name: "has a typing error in `under`",
      guarantee: { under: ["/ordres"], never: true },
      expected: /Did you mean|Check/,
    },
    {
      name: "has exceptions that leave nothing over",
      guarantee: { except: [{ under: ["/"] }], never: true },
      expected: /exception/,
    },
  ])("is marked if it $name", ({ guarantee, expected }) => {
    const policy = compiled(policyFileWith({ guarantees: [guarantee] }));
    const [proof] = prove(policy);
    expect(proof).toMatchObject({ isIdle: true, breaches: [] });
    expect(proof && idleNotes(policy, proof).map(({ hint }) => hint)).toEqual([expect.stringMatching(expected)]);
  });
});
