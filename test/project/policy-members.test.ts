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
