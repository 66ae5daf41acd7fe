import { describe, expect, it } from "vitest";
import { usedFeatures } from "../../../src/features/usage/used-features.ts";
import { FEATURE_NAMES, FEATURE_POLICIES } from "../../support/policy/feature-policies.ts";
import { compiled, policyFile } from "../../support/policy/policy-file.ts";

describe("usedFeatures", () => {
  it("finds none in a policy that uses none", () => {
    expect(usedFeatures(compiled(policyFile()))).toEqual([]);
  });

  it.each(FEATURE_NAMES)("finds %s, and no other, in a policy that uses only that", (name) => {
    expect(usedFeatures(compiled(FEATURE_POLICIES[name]))).toEqual([name]);
  });
});
