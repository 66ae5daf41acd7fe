import { describe, expect, it } from "vitest";
import { findingsHtml } from "../../../../src/cli/console/change/findings-html.ts";
import { NOTHING, plain } from "../../../support/cli/compared-change.ts";

describe("the new findings", () => {
  const finding = {
    ...{
      code: "public-write" as const,
      severity: "warning" as const,
      message: "Anyone writes.",
      hint: "Ask for a scope.",
    },
    ...{ path: "$.routes[0].public", place: { line: 2, column: 3 } },
  };
  it.each([
    { count: 1, more: false },
    { count: 100, more: false },
    { count: 101, more: true },
  ])("are shown up to 100: $count", ({ count, more }) => {
    const text = findingsHtml({ ...NOTHING, newFindings: Array(count).fill(finding) }, "routes.json");
    expect(plain(text)).toContain(
      `New warnings and notices ${count} warning public-write routes.json:2:3 Anyone writes. $.routes[0].public Ask for a scope.`,
    );
    expect(text.includes("1 more finding. All of them: check --json")).toBe(more);
  });

  it("are left out where there are none", () => {
    expect(findingsHtml(NOTHING, "routes.json")).toBe("");
  });
});
