import { expect, it } from "vitest";
import { diffTelemetry } from "../../../../../src/policy/analysis/diff/settings/diff-telemetry.ts";
import { jsonPath } from "../../../../../src/policy/fault.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

type Members = Readonly<Record<string, unknown>>;

it.each<{ name: string; was?: Members; is?: Members; expected: string[] }>([
  { name: "nothing where there is none", expected: [] },
  { name: "nothing where defaults are written out", is: { allow: 1, deny: 1, path: false }, expected: [] },
  {
    name: "each share",
    was: { allow: 0.5 },
    is: { deny: 0 },
    expected: [
      "other $.telemetry.allow: The share of permitted requests that are logged was 0.5 and is now 1.",
      "other $.telemetry.deny: The share of refused requests that are logged was 1 and is now 0.",
    ],
  },
  { name: "paths", is: { path: true }, expected: ["other $.telemetry.path: The log now has the paths of requests."] },
  { name: "no paths", was: { path: true }, expected: ["other $.telemetry.path: The log no longer has paths."] },
  {
    name: "a dataset",
    is: { metrics: "METRICS" },
    expected: [
      "other $.telemetry.metrics: Decisions are now counted in the Analytics Engine dataset bound as METRICS.",
    ],
  },
  {
    name: "another dataset",
    was: { metrics: "OLD" },
    is: { metrics: "METRICS" },
    expected: [
      "other $.telemetry.metrics: Decisions are now counted in the Analytics Engine dataset bound as METRICS.",
    ],
  },
  {
    name: "no dataset",
    was: { metrics: "METRICS" },
    expected: ["other $.telemetry.metrics: Decisions are no longer counted in Analytics Engine."],
  },
])("the diff notes $name", ({ was, is, expected }) => {
  const [before, after] = [was, is].map((telemetry) => compiled(policyFileWith(telemetry ? { telemetry } : {})));
  const changes: string[] = [];
  if (before && after) {
    diffTelemetry(before, after, (kind, path, message) => changes.push(`${kind} ${jsonPath(path)}: ${message}`));
  }
  expect(changes).toEqual(expected);
});
