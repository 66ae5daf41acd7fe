import { describe, expect, it } from "vitest";
import { diffOverTime } from "../../../src/cli/diff/diff-over-time.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const route = (path: string, scopes: readonly string[], until?: string) => ({
  path,
  methods: ["GET"],
  scopes,
  upstream: "orders",
  ...(until && { report: { until } }),
});
const policy = (...routes: readonly unknown[]) => compiled(policyFileWith({ routes }));
const READ = ["read:orders"];
const WRITE = ["write:orders"];

describe("diffOverTime", () => {
  it.each([
    {
      name: "a route that begins to report",
      before: route("/a", READ),
      after: route("/a", READ, "2027-01-31"),
      expected: ["opened before 2027-02-01"],
    },
    {
      name: "a route that no longer reports",
      before: route("/a", READ, "2027-01-31"),
      after: route("/a", READ),
      expected: ["tighter before 2027-02-01"],
    },
    {
      name: "a later last day",
      before: route("/a", READ, "2027-01-31"),
      after: route("/a", READ, "2027-03-31"),
      expected: ["opened from 2027-02-01 and before 2027-04-01"],
    },
    {
      name: "an earlier last day",
      before: route("/a", READ, "2027-03-31"),
      after: route("/a", READ, "2027-01-31"),
      expected: ["tighter from 2027-02-01 and before 2027-04-01"],
    },
    {
      name: "another requirement behind the same last day",
      before: route("/a", READ, "2027-01-31"),
      after: route("/a", WRITE, "2027-01-31"),
      expected: ["incomparable from 2027-02-01"],
    },
    {
      name: "a public route in place of one that reports",
      before: route("/a", READ, "2027-01-31"),
      after: { path: "/a", methods: ["GET"], public: true, upstream: "orders" },
      expected: ["opened from 2027-02-01"],
    },
    {
      name: "a last day that is over",
      before: route("/a", READ),
      after: route("/a", READ, "2020-01-31"),
      expected: [],
    },
    {
      name: "the same policy",
      before: route("/a", READ, "2027-01-31"),
      after: route("/a", READ, "2027-01-31"),
      expected: [],
    },
    {
      name: "an upstream path, at all times",
      before: route("/a", READ, "2027-01-31"),
      after: { ...route("/a", READ, "2027-01-31"), upstreamPath: "/b" },
      expected: ["moved the upstream gets /b instead of /a"],
    },
  ])("tells $name", ({ before, after, expected }) => {
    const { routes } = diffOverTime(policy(before), policy(after), "2026-11-28");
    expect(routes.map(({ kind, note }) => [kind, note].filter(Boolean).join(" "))).toEqual(expected);
  });

  it("begins at the day that it is asked about", () => {
    const [was, is] = [policy(route("/a", READ)), policy(route("/a", READ, "2027-01-31"))];
    expect(diffOverTime(was, is, "2027-01-31").routes).toHaveLength(1);
    expect(diffOverTime(was, is, "2027-02-01").routes).toEqual([]);
  });

  it("tells a change of settings once", () => {
    const reporting = policy(route("/a", READ, "2027-01-31"));
    const { settings } = diffOverTime(reporting, { ...reporting, realm: "other" }, "2026-11-28");
    expect(settings.map(({ message }) => message)).toEqual(["Changed from scopegate to other."]);
  });
});
