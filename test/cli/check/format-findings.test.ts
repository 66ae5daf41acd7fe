import { expect, it } from "vitest";
import type { Finding } from "../../../src/cli/check/finding.ts";
import { formatFindings } from "../../../src/cli/check/format-findings.ts";
import { coloursFor } from "../../../src/cli/print/colours.ts";

function linesFor(count: number, members: Partial<Finding>) {
  const finding: Finding = {
    code: "looser-sibling",
    severity: "warning",
    path: ["routes", 0, "path"],
    message: "It is wrong.",
    hint: "Change it.",
    reason: undefined,
    environments: undefined,
    ...members,
  };
  const report = { findings: new Array<Finding>(count).fill(finding), environments: [], policy: undefined };
  return formatFindings(report, "routes.json", () => "routes.json:1:1", coloursFor());
}

const notShown = (lines: readonly string[]) => lines.filter((line) => line.includes("not shown"));
const shown = (lines: readonly string[]) => lines.filter((line) => line.startsWith("routes.json:1:1: "));

it.each([
  { count: 50, members: {}, expected: [] },
  { count: 51, members: {}, expected: ["1 more looser-sibling is not shown. All of them: check --json"] },
  {
    count: 4_096,
    members: { severity: "notice", code: "http-upstream" } as const,
    expected: ["4046 more http-upstream are not shown. All of them: check --json"],
  },
])("shows 50 of $count warnings or notices with one code, and counts the rest", ({ count, members, expected }) => {
  const lines = linesFor(count, members);
  expect(notShown(lines)).toEqual(expected);
  expect(shown(lines)).toHaveLength(50);
  expect(lines.at(-1)).toBe(`routes.json: ${count} ${members.severity ?? "warning"}s`);
});

it("shows every error", () => {
  const lines = linesFor(60, { severity: "error", code: "invalid" });
  expect(notShown(lines)).toEqual([]);
  expect(shown(lines)).toHaveLength(60);
});

it("shows every reason for which a lint is suppressed", () => {
  const lines = linesFor(60, { reason: "It is meant so." });
  expect(notShown(lines)).toEqual([]);
  expect(shown(lines)).toHaveLength(60);
});
