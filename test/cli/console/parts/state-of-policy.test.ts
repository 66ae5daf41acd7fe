import { describe, expect, it } from "vitest";
import { stateOfPolicy } from "../../../../src/cli/console/parts/state-of-policy.ts";
import { compileSource, parsePolicySource } from "../../../../src/cli/policy-file/policy-source.ts";
import { exampleFile } from "../../../support/cli/run-scopegate.ts";

const loaded = compileSource(parsePolicySource("routes.json", JSON.stringify(exampleFile())), {});
const lines = (count: number) => Array.from({ length: count }, (_, at) => `routes.json:${at + 1}:1: A fault.`);

describe("stateOfPolicy", () => {
  it("says nothing of a policy that is valid", () => {
    expect(stateOfPolicy({ kind: "valid", loaded }, "routes.json")).toBe("");
  });

  it.each([
    { name: "the last valid version", last: loaded, expected: "This page shows the last valid version." },
    { name: "that there is none", last: undefined, expected: "No version of it has been valid" },
  ])("says with the faults $name", ({ last, expected }) => {
    const text = stateOfPolicy({ kind: "invalid", lines: lines(2), last }, "routes.json");
    expect(text).toContain(`routes.json is invalid: 2 faults. ${expected}`);
    expect(text).toContain("routes.json:2:1: A fault.");
  });

  it.each([
    { count: 50, listed: 50, more: undefined },
    { count: 51, listed: 50, more: "1 more fault is not listed." },
    { count: 5_000, listed: 50, more: "4950 more faults are not listed." },
  ])("lists $listed of $count faults", ({ count, listed, more }) => {
    const text = stateOfPolicy({ kind: "invalid", lines: lines(count) }, "routes.json");
    expect(text.match(/<li>/g)).toHaveLength(listed);
    if (more === undefined) expect(text).not.toContain("not listed");
    else expect(text).toContain(more);
  });

  it("shows markup and control characters of a fault as text", () => {
    const text = stateOfPolicy({ kind: "invalid", lines: ["<script>\u001b[31m\u202e"] }, "<b>");
    expect(text).toContain("&lt;script&gt;\\u{1b}[31m\\u{202e}");
    expect(text).not.toMatch(/<script|<b>/);
  });
});
