import { expect, it } from "vitest";
import { LINTS } from "../../src/policy/lint-codes.ts";
import { projectFile } from "../support/project/project-files.ts";

/** The names of all members that a JSON Schema describes, at any depth. */
function memberNames(schema: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  JSON.stringify(schema, (key, value) => {
    if (key === "properties") for (const name of Object.keys(value)) names.add(name);
    return value;
  });
  return names;
}

it("the reference and the guide to guarantees name every member of routes.json", () => {
  // The page on the command line lists the lints: see `lint-codes.test.ts`.
  const members = Array.from(memberNames(JSON.parse(projectFile("src/policy/routes.schema.json"))));
  const expected = members.filter((name) => !Object.hasOwn(LINTS, name));
  const pages = projectFile("docs/reference/routes-json.md") + projectFile("docs/guides/guarantees.md");
  expect(expected.length).toBeGreaterThan(30);
  expect(expected.filter((name) => !pages.includes(`\`${name}\``) && !pages.includes(`"${name}"`))).toEqual([]);
});

/** The paths of all members of a JSON Schema without a description. Editors show descriptions. */
function undescribed(schema: unknown, path = ""): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const members = "properties" in schema && typeof schema.properties === "object" ? (schema.properties ?? {}) : {};
  const missing = Object.entries(members).flatMap(([name, member]) =>
    typeof member?.description === "string" ? [] : [`${path}/${name}`],
  );
  return [...missing, ...Object.entries(schema).flatMap(([name, value]) => undescribed(value, `${path}/${name}`))];
}

it("the schema describes every member of routes.json in a sentence", () => {
  const schema = JSON.parse(projectFile("src/policy/routes.schema.json"));
  expect(undescribed(schema)).toEqual([]);
  delete schema.properties.issuers.additionalProperties.properties.keys.description;
  expect(undescribed(schema)).toEqual(["/properties/issuers/additionalProperties/keys"]);
});
