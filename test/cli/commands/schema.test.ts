import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { policyJsonSchema } from "../../../src/cli/commands/schema.ts";

test("the committed JSON Schema is that of the policy file; else run: npm run schema", () => {
  const committed = readFileSync("src/policy/routes.schema.json", "utf8");
  expect(committed).toBe(policyJsonSchema());
});

test("the JSON Schema closes every object, and lets a variable stand for a closed list of values", () => {
  const schema = JSON.parse(policyJsonSchema());
  const issuer = schema.properties.issuers.additionalProperties;
  expect([schema, issuer, schema.properties.routes.items].map((it) => it.additionalProperties)).toEqual([
    false,
    false,
    false,
  ]);
  expect(issuer.properties.profile.anyOf).toContainEqual({ type: "string", pattern: "\\$\\{" });
});
