import { expect, it } from "vitest";
import type { Finding } from "../../../src/cli/check/finding.ts";
import { isFailure } from "../../../src/cli/check/is-failure.ts";
import { compiled, policyFile } from "../../support/policy/policy-file.ts";

const policy = compiled(policyFile());

function finding(severity: Finding["severity"], members: Partial<Finding> = {}): Finding {
  const text = { message: "It is so.", hint: "Change it." };
  return { code: "public-write", severity, path: [], ...text, reason: undefined, environments: undefined, ...members };
}

it.each([
  { name: "nothing was found", findings: [], expected: [false, false] },
  { name: "there is an error", findings: [finding("error")], expected: [true, true] },
  {
    name: "a guarantee is broken",
    findings: [finding("error", { code: "broken-guarantee" })],
    expected: [true, true],
  },
  {
    name: "an error occurs in one environment only",
    findings: [finding("error", { environments: ["production"] })],
    expected: [true, true],
  },
  { name: "there is a warning", findings: [finding("warning")], expected: [false, true] },
  {
    name: "a warning is suppressed",
    findings: [finding("warning", { reason: "It is meant." })],
    expected: [false, false],
  },
  { name: "there is a notice", findings: [finding("notice")], expected: [false, false] },
  {
    name: "an error follows a suppressed warning",
    findings: [finding("warning", { reason: "It is meant." }), finding("error")],
    expected: [true, true],
  },
])("fails (without and with --strict: $expected) where $name", ({ findings, expected }) => {
  const report = { findings, environments: undefined, policy };
  expect([isFailure(report, false), isFailure(report, true)]).toEqual(expected);
});

it("fails where the policy does not compile", () => {
  expect(isFailure({ findings: [], environments: undefined, policy: undefined }, false)).toBe(true);
});
