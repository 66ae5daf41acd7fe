import { describe, expect, it } from "vitest";
import { tableFiles } from "../../../src/cli/test/table-files.ts";

describe("the table and the policy", () => {
  it.each([
    {
      name: "are those of the folder",
      table: undefined,
      policy: undefined,
      expected: ["routes.test.json", "routes.json"],
    },
    {
      name: "are beside the table",
      table: "a/api.test.json",
      policy: undefined,
      expected: ["a/api.test.json", "a/api.json"],
    },
    {
      name: "are beside the policy",
      table: undefined,
      policy: "a/api.json",
      expected: ["a/api.test.json", "a/api.json"],
    },
    { name: "are both given", table: "t.json", policy: "p.txt", expected: ["t.json", "p.txt"] },
    { name: "may be of a commit", table: undefined, policy: "git:main", expected: ["routes.test.json", "git:main"] },
  ])("$name", ({ table, policy, expected }) => {
    const files = tableFiles(table, policy);
    expect([files.table, files.policy]).toEqual(expected);
  });

  it.each([
    { name: "of a table with another name", table: "expectations.json", policy: undefined, says: "--policy" },
    { name: "of a policy with another name", table: undefined, policy: "policy.txt", says: "Name the table, too" },
  ])("must be told $name", ({ table, policy, says }) => {
    expect(() => tableFiles(table, policy)).toThrow(says);
  });
});
