import { describe, expect, it } from "vitest";
import { loadCompiledPolicy } from "../../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../../src/policy/compiled/optional-modules.ts";
import { policyDigest } from "../../../../src/policy/compiled/policy-digest.ts";
import { compileForWorker } from "../../../../src/policy/compiled/serialize-policy.ts";
import { compiled, faultsOf, policyFileWith, policyFileWithRoute } from "../../../support/policy/policy-file.ts";

const withReport = (report: unknown, way: object = { scopes: ["read:orders"] }) =>
  policyFileWithRoute({ ...way, report });

function forWorker(file: unknown) {
  const built = compileForWorker(file, {});
  if (!built.ok) throw new Error(JSON.stringify(built.failure));
  return built.value;
}

describe("report of a route", () => {
  it.each([
    { name: "a day", report: { until: "2027-01-31" } },
    { name: "a day that is over", report: { until: "2020-01-31" } },
    { name: "a leap day", report: { until: "2028-02-29" } },
  ])("may be until $name", ({ report }) => {
    expect(faultsOf(withReport(report))).toEqual([]);
    expect(compiled(withReport(report)).routes[0]?.report?.until).toBe(report.until);
  });

  it.each([{ scopes: ["read:orders"] }, { authenticated: true }, { optional: true }])("goes with %j", (way) => {
    expect(faultsOf(withReport({ until: "2027-01-31" }, way))).toEqual([]);
  });

  const NO_DAY = (text: string): string =>
    `$.routes[0].report.until: \`${text}\` is not a day of the calendar. Write the last day without enforcement (UTC) as YYYY-MM-DD, for example 2027-01-31.`;

  it.each([
    { name: "an impossible day", report: { until: "2027-02-30" }, fault: NO_DAY("2027-02-30") },
    { name: "a time", report: { until: "2027-01-31T00:00:00Z" }, fault: NO_DAY("2027-01-31T00:00:00Z") },
    { name: "a word", report: { until: "tomorrow" }, fault: NO_DAY("tomorrow") },
    {
      name: "a number",
      report: { until: 20270131 },
      fault: "$.routes[0].report.until: Found 20270131. Write a string.",
    },
    { name: "nothing", report: {}, fault: "$.routes[0].report.until: `until` is missing. Add it: it has no default." },
    { name: "true", report: true, fault: "$.routes[0].report: Found true. Write an object." },
  ])("has a fault for $name", ({ report, fault }) => {
    expect(faultsOf(withReport(report))).toEqual([fault]);
  });

  it("has a fault on a public route, and another for its day", () => {
    expect(faultsOf(withReport({ until: "2027-02-30" }, { public: true }))).toEqual([
      "$.routes[0].report: A public route refuses nobody, so there is nothing to report. Remove `report`, or replace `public` by what the route is going to require.",
      NO_DAY("2027-02-30"),
    ]);
  });
});

describe("the compiled policy", () => {
  const file = policyFileWith({
    routes: [
      { path: "/a", methods: ["GET"], scopes: ["read:orders"], upstream: "orders", report: { until: "2027-01-31" } },
      { path: "/b", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
    ],
  });

  it("keeps each report, and says that there is one", () => {
    const loaded = loadCompiledPolicy(JSON.parse(JSON.stringify(forWorker(file))), {}, OPTIONAL_MODULES);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
    const { table, hasReports } = loaded.value;
    expect(hasReports).toBe(true);
    expect(table.match("/a")?.byMethod.get("GET")?.report).toEqual({
      until: "2027-01-31",
      endsAt: Date.UTC(2027, 1, 1),
    });
    expect(table.match("/b")?.byMethod.get("GET")).not.toHaveProperty("report");
  });

  it("enforces a route whose entry in the column is lost", () => {
    const { routes, ...rest } = forWorker(file);
    const damaged = { ...rest, routes: { ...routes, reports: { values: [], indices: [0, 0] } } };
    const loaded = loadCompiledPolicy(damaged, {}, OPTIONAL_MODULES);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
    expect(loaded.value.table.match("/a")?.byMethod.get("GET")).not.toHaveProperty("report");
  });

  it("has nothing of it where no route has one", () => {
    const plain = forWorker(policyFileWith({}));
    expect(JSON.stringify(plain)).not.toContain("report");
  });

  it("has another digest with another day, and the digest of before without one", async () => {
    const digestOf = (report?: unknown) =>
      policyDigest(
        forWorker(policyFileWithRoute({ scopes: ["read:orders"], ...(report !== undefined && { report }) })),
      );
    const digests = await Promise.all([
      digestOf(),
      digestOf({ until: "2027-01-31" }),
      digestOf({ until: "2027-02-01" }),
    ]);
    expect(new Set(digests).size).toBe(3);
    expect(digests[0]).toBe(await policyDigest(forWorker(policyFileWith({}))));
  });
});
