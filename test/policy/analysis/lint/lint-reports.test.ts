import { describe, expect, it } from "vitest";
import { lintReports } from "../../../../src/policy/analysis/lint/lint-reports.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

const route = (path: string, until?: string) => ({
  path,
  methods: ["GET"],
  scopes: ["read:orders"],
  upstream: "orders",
  ...(until && { report: { until } }),
});
const policy = (...routes: readonly unknown[]) => compiled(policyFileWith({ routes }));

describe("lintReports", () => {
  it.each([
    { name: "long before", day: "2026-11-28", expected: "notice report-only" },
    { name: "on the last day before the last two weeks", day: "2027-01-17", expected: "notice report-only" },
    { name: "on the first of the last fourteen days", day: "2027-01-18", expected: "warning report-ending" },
    { name: "on the last day", day: "2027-01-31", expected: "warning report-ending" },
    { name: "on the day after", day: "2027-02-01", expected: "warning report-ended" },
    { name: "a year later", day: "2028-02-01", expected: "warning report-ended" },
  ])("says $expected $name", ({ day, expected }) => {
    const found = lintReports(policy(route("/plain"), route("/a", "2027-01-31")), day);
    expect(found.map(({ severity, code, path }) => [`${severity} ${code}`, path])).toEqual([
      [expected, ["routes", 1, "report"]],
    ]);
  });

  it("names both days", () => {
    const [lint] = lintReports(policy(route("/a", "2027-01-31")), "2026-11-28");
    expect(lint?.message).toBe("The route only reports until 2027-01-31: anyone may call it.");
    expect(lint?.hint).toContain("2027-02-01");
  });

  it("says since when a route enforces whose report has ended", () => {
    const [lint] = lintReports(policy(route("/a", "2027-01-31")), "2027-03-01");
    expect(lint?.message).toBe(
      "The last day of its report was 2027-01-31. The route has enforced since 2027-02-01 (UTC).",
    );
  });

  it("tells routes with one last day together, and others apart", () => {
    const found = lintReports(
      policy(route("/a", "2027-01-31"), route("/b", "2027-01-31"), route("/c", "2027-03-31")),
      "2026-11-28",
    );
    expect(found.map(({ message }) => message)).toEqual([
      "The route only reports until 2027-01-31: anyone may call it. 1 more is like it: GET /b.",
      "The route only reports until 2027-03-31: anyone may call it.",
    ]);
  });

  it("says nothing of a policy without reports", () => {
    expect(lintReports(policy(route("/a")), "2026-11-28")).toEqual([]);
  });
});
