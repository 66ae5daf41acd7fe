import { expect, it } from "vitest";
import { servedRevokedTokens } from "../../../../../src/policy/analysis/lint/rules/served-revoked-tokens.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

it.each([
  { name: "nothing without revocation", members: {}, expected: [] },
  { name: "nothing where tokens are refused", members: { revocation: {} }, expected: [] },
  {
    name: "a list of any age that counts on",
    members: { revocation: { onStale: "serve" } },
    expected: ["revocation.onStale"],
  },
])("the lint finds $name", ({ members, expected }) => {
  expect(servedRevokedTokens(compiled(policyFileWith(members))).map(({ path }) => path.join("."))).toEqual(expected);
});
