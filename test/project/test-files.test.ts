import { join, matchesGlob } from "node:path";
import { describe, expect, it } from "vitest";
import config from "../../vitest.config.ts";
import { filesOf } from "../support/project/import-graph.ts";
import { ROOT } from "../support/project/project-files.ts";

const projects = (config.test?.projects ?? []).map((project) => {
  if (typeof project !== "object" || !("test" in project)) throw new Error("A project is not written out.");
  return project.test?.include ?? [];
});

/** How many projects of vitest run a test file. */
function runs(file: string): number {
  return projects.filter((patterns) => patterns.some((pattern) => matchesGlob(file, pattern))).length;
}

const files = filesOf(join(ROOT, "test")).flatMap((file) => (file.endsWith(".test.ts") ? [`test/${file}`] : []));

describe("the test files", () => {
  it("are each run by exactly one project of vitest, so that no new folder is left out", () => {
    expect(files.length).toBeGreaterThan(150);
    expect(files.filter((file) => runs(file) !== 1)).toEqual([]);
  });

  it.each([
    { name: "in a folder that no project lists", file: "test/elsewhere/a.test.ts", expected: 0 },
    { name: "that is no test", file: "test/policy/a.ts", expected: 0 },
    { name: "of a module", file: "test/policy/routing/a.test.ts", expected: 1 },
    { name: "of a page in a browser", file: "test/browser/a.test.ts", expected: 1 },
    { name: "of a regression that needs Node", file: "test/regressions/node/a.test.ts", expected: 1 },
  ])("would be counted $expected times: one $name", ({ file, expected }) => {
    expect(runs(file)).toBe(expected);
  });
});
