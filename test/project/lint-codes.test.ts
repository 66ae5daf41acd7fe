import { expect, it } from "vitest";
import { ERROR_CODES } from "../../src/cli/check/finding.ts";
import { DEPLOYMENT_CODES } from "../../src/cli/deploy/exposure.ts";
import { ONLINE_CODES } from "../../src/cli/discovery/check-issuer-online.ts";
import { LINTS, type LintProperties } from "../../src/policy/lint-codes.ts";
import { projectFile, tableRows } from "../support/project/project-files.ts";

it("the documentation lists every code of check with its severity, each once", () => {
  const rows = tableRows(projectFile("docs/reference/cli.md"), ["code", "severity", "what it finds"]);
  // One row may name several codes.
  const documented = rows.flatMap(([codes = "", severity]) =>
    Array.from(codes.matchAll(/`([^`]+)`/g), ([, code]) => `${code} ${severity}`),
  );
  const actual = [
    ...ERROR_CODES.map((code) => `${code} error`),
    ...Object.entries(ONLINE_CODES).map(([code, severity]) => `${code} ${severity}`),
    ...Object.entries(DEPLOYMENT_CODES).map(([code, severity]) => `${code} ${severity}`),
    ...Object.entries(LINTS).map(([code, { severity }]) => `${code} ${severity}`),
  ];
  expect(documented.sort()).toEqual(actual.sort());
});

it("decision 0009 counts the errors that check reports in a build", () => {
  const errors = Object.values<string>(DEPLOYMENT_CODES).filter((severity) => severity === "error");
  const count = ERROR_CODES.length + errors.length;
  expect(projectFile("docs/decisions/0009-warnings-do-not-stop-a-build.md")).toContain(
    `**Number.** ${count} of the codes that \`check\` reports in a build are errors`,
  );
});

it.each([
  ...[0, 1].map((kind) => ({
    part: `a route of kind ${kind}`,
    by: undefined,
    schemaOf: (parts: Parts) => parts.routes.items.anyOf[kind]?.properties.lint ?? { properties: {} },
  })),
  { part: "an issuer", by: "issuer", schemaOf: (parts: Parts) => parts.issuers.additionalProperties.properties.lint },
])("the schema takes suppressions of exactly the lints that $part can suppress", ({ by, schemaOf }) => {
  const schema = JSON.parse(projectFile("src/policy/routes.schema.json"));
  const suppressible = Object.entries<LintProperties>(LINTS).flatMap(([code, { isSuppressible, suppressedBy }]) =>
    isSuppressible && suppressedBy === by ? [code] : [],
  );
  expect(Object.keys(schemaOf(schema.properties).properties).sort()).toEqual(suppressible.sort());
});

interface WithLint {
  readonly properties: { readonly lint: { readonly properties: object } };
}
interface Parts {
  readonly routes: { readonly items: { readonly anyOf: readonly WithLint[] } };
  readonly issuers: { readonly additionalProperties: WithLint };
}
