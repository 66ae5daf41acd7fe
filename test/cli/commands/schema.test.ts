import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { policyJsonSchema, tableJsonSchema } from "../../../src/cli/commands/schema.ts";

test.each([
  { file: "src/policy/routes.schema.json", schema: policyJsonSchema },
  { file: "src/testing/routes.test.schema.json", schema: tableJsonSchema },
])("the committed $file is up to date; else run: npm run schema", ({ file, schema }) => {
  expect(readFileSync(file, "utf8")).toBe(schema());
});

test("the JSON Schema of a table closes every object except the claims", () => {
  const schema = JSON.parse(tableJsonSchema());
  const row = schema.properties.tests.items;
  const { expect: expectation, preflight, claims } = row.properties;
  expect([schema, row, expectation, preflight].map((it) => it.additionalProperties)).toEqual([
    ...[false, false, false, false],
  ]);
  expect(claims.additionalProperties).not.toBe(false);
  expect(schema.properties.tests.minItems).toBe(1);
});

test("the JSON Schema closes every object, and lets a variable stand for a closed list of values", () => {
  const schema = JSON.parse(policyJsonSchema());
  const issuer = schema.properties.issuers.additionalProperties;
  const kindsOfRoutes = schema.properties.routes.items.anyOf;
  expect(kindsOfRoutes).toHaveLength(2);
  expect([schema, issuer, ...kindsOfRoutes].map((it) => it.additionalProperties)).toEqual([false, false, false, false]);
  expect(issuer.properties.profile.anyOf).toContainEqual({ type: "string", pattern: "\\$\\{" });
});
