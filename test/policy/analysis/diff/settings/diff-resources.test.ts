import { expect, it } from "vitest";
import { diffResources } from "../../../../../src/policy/analysis/diff/settings/diff-resources.ts";
import { jsonPath } from "../../../../../src/policy/fault.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

const ADDED = "This is now a protected resource with its own metadata.";
const REMOVED = "This is no longer a protected resource with its own metadata.";

it.each([
  { name: "nothing", before: { "/orders": {} }, after: { "/orders": {} }, expected: [] },
  {
    name: "a new one, which leaves none for the origin",
    before: {},
    after: { "/orders": {} },
    expected: [`$.resources["/"] ${REMOVED}`, `$.resources["/orders"] ${ADDED}`],
  },
  {
    name: "an old one",
    before: { "/orders": {}, "/old": {} },
    after: { "/orders": {} },
    expected: [`$.resources["/old"] ${REMOVED}`],
  },
  {
    name: "a name",
    before: { "/orders": { name: "a" } },
    after: { "/orders": { name: "b" } },
    expected: ['$.resources["/orders"] Its name in the metadata was a and is now b.'],
  },
  {
    name: "a name that is new",
    before: { "/orders": {} },
    after: { "/orders": { name: "b" } },
    expected: ['$.resources["/orders"] Its name in the metadata was not set and is now b.'],
  },
])("notes $name, which opens and closes nothing", ({ before, after, expected }) => {
  const notes: string[] = [];
  const policyWith = (resources: unknown) => compiled(policyFileWith({ resources }));
  diffResources(policyWith(before), policyWith(after), (kind, path, message) => {
    expect(kind).toBe("other");
    notes.push(`${jsonPath(path)} ${message}`);
  });
  expect(notes).toEqual(expected);
});
