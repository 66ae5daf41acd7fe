import { describe, expect, it } from "vitest";
import { hostileFaultyFile, hostilePolicyFile } from "./hostile-policy.ts";
import { compiled, faultsOf } from "./policy-file.ts";

describe("the hostile policies", () => {
  it("compile, so that their texts are shown wherever a policy is", () => {
    expect(compiled(hostilePolicyFile()).routes).toHaveLength(hostilePolicyFile().routes.length);
  });

  it("or have faults, whose sentences contain their texts", () => {
    expect(faultsOf(hostileFaultyFile()).join("\n")).toContain("<evil-element");
  });
});
