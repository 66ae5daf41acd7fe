import { describe, expect, it } from "vitest";
import { isExample, planUpstreams } from "../../../src/local/plan/plan-upstreams.ts";
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import { exampleFile } from "../../support/cli/run-scopegate.ts";

function standIns(config: ReturnType<typeof exampleFile>, isReal: (name: string) => boolean = () => false) {
  const compiled = compilePolicy(config, {});
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
  return planUpstreams(compiled.value, config, isReal).map(({ name, standIn }) => [name, standIn]);
}

describe("planUpstreams", () => {
  it("has the example's services for the example's policy, and the echo for its other upstreams", () => {
    const upstreams = { ...exampleFile().upstreams, billing: { url: "https://billing.example" } };
    expect(standIns(exampleFile({ upstreams }))).toEqual([
      ["products", "products"],
      ["orders", "orders"],
      ["billing", "echo"],
    ]);
  });

  it("has no stand-in for a real upstream", () => {
    expect(standIns(exampleFile(), (name) => name === "orders")).toEqual([
      ["products", "products"],
      ["orders", undefined],
    ]);
  });

  it("has the echo for upstreams of the same names in another policy", () => {
    const { "https://api.myecommerce.com": server } = exampleFile().resourceServers;
    const other = exampleFile({ resourceServers: { "https://other.example": server } });
    expect(standIns(other)).toEqual([
      ["products", "echo"],
      ["orders", "echo"],
    ]);
  });
});

describe("isExample", () => {
  it.each([undefined, null, 7, "x", [], {}, { resourceServers: null }])("is false for %j", (config) => {
    expect(isExample(config)).toBe(false);
  });
});
