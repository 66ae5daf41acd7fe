import { expect, it } from "vitest";
import { distinctRequirements } from "../../../../../src/policy/analysis/lint/shared/distinct-requirements.ts";
import { COLLECTION } from "../../../../support/policy/lints.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

it.each([
  { scopes: [["read:orders"], ["read:orders"]], expected: 1 },
  { scopes: [["read:orders"], ["write:orders"], ["read:orders"]], expected: 2 },
])("are $expected in $scopes", ({ scopes, expected }) => {
  const routes = scopes.map((required, at) => ({ ...COLLECTION, path: `/${at}`, scopes: required }));
  expect(distinctRequirements(compiled(policyFileWith({ routes })).routes).size).toBe(expected);
});
