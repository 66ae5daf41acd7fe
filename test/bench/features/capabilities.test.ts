import { describe, expect, it } from "vitest";
import { type FeatureName, usedFeatures } from "../../../src/features/usage/used-features.ts";
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { projectFile, SHOP_POLICY } from "../../support/project/project-files.ts";
import { CAPABILITIES, type Shop } from "./capabilities.ts";

const shop = JSON.parse(projectFile(SHOP_POLICY)) as Shop;
const VARS = {
  ISSUER_URL: "https://issuer.example/pool",
  PRODUCTS_URL: "https://products.example",
  ORDERS_URL: "https://orders.example",
};

/** Those that need a module of their own. */
const MODULES: Readonly<Record<string, readonly FeatureName[]>> = {
  assertion: ["assertion"],
  conditions: ["conditions"],
  dpop: ["binding", "dpop"],
  "rate-limit": ["rate-limits"],
  shadow: ["shadow"],
  metrics: ["telemetry"],
  mcp: ["mcp"],
};

function compiled(policy: object, vars: object = {}): Policy {
  const result = compilePolicy(policy, { ...VARS, ...vars });
  expect(result.ok ? [] : result.failure).toEqual([]);
  if (!result.ok) throw new Error("the policy has faults");
  return result.value;
}

describe.each(CAPABILITIES)("the bench's policies with $name", ({ name, used, elsewhere, served }) => {
  it("have no fault, and use only its modules", () => {
    expect(usedFeatures(compiled(used(shop), served?.vars))).toEqual(MODULES[name] ?? []);
  });

  it.skipIf(elsewhere === undefined)("have no fault where it is used elsewhere", () => {
    expect(usedFeatures(compiled(elsewhere?.(shop) ?? {}, served?.vars))).toEqual(MODULES[name] ?? []);
  });
});

it("the plain shop uses no module", () => {
  expect(usedFeatures(compiled(shop))).toEqual([]);
});
