import { describe, expect, it } from "vitest";
import { compiled, faultsOf, policyFile, policyFileWith } from "../../../support/policy/policy-file.ts";

it("a policy without telemetry has none", () => {
  expect(compiled(policyFile())).not.toHaveProperty("telemetry");
});

describe("telemetry is compiled", () => {
  it.each([
    { name: "with its defaults", telemetry: {}, expected: { allow: 1, deny: 1, path: false } },
    {
      name: "as it is written",
      telemetry: { allow: 0.01, deny: 0.5, path: true, metrics: "METRICS" },
      expected: { allow: 0.01, deny: 0.5, path: true, metrics: "METRICS" },
    },
    {
      name: "with the smallest shares",
      telemetry: { allow: 0, deny: 0 },
      expected: { allow: 0, deny: 0, path: false },
    },
    { name: "with the largest shares", telemetry: { allow: 1, deny: 1 }, expected: { allow: 1, deny: 1, path: false } },
  ])("$name", ({ telemetry, expected }) => {
    expect(compiled(policyFileWith({ telemetry })).telemetry).toEqual(expected);
  });
});

describe("telemetry has a fault", () => {
  it.each([
    { telemetry: { allow: -0.001 }, expected: "$.telemetry.allow: -0.001 is too small. The minimum is 0." },
    { telemetry: { allow: 1.001 }, expected: "$.telemetry.allow: 1.001 is too large. The maximum is 1." },
    { telemetry: { deny: 50 }, expected: "$.telemetry.deny: 50 is too large. The maximum is 1." },
    { telemetry: { deny: "0.5" }, expected: '$.telemetry.deny: Found "0.5". Write a number.' },
    { telemetry: { path: 1 }, expected: "$.telemetry.path: Found 1. Write true or false." },
    { telemetry: { metrics: "" }, expected: "$.telemetry.metrics: This is empty. Write at least one character." },
    {
      telemetry: { metrics: "my-metrics" },
      expected:
        "$.telemetry.metrics: `my-metrics` cannot be the name of a binding. Use the name that wrangler.toml gives the binding.",
    },
    { telemetry: { alow: 1 }, expected: "$.telemetry.alow: This member is unknown. Did you mean `allow`?" },
    { telemetry: true, expected: "$.telemetry: Found true. Write an object." },
  ])("$expected", ({ telemetry, expected }) => {
    expect(faultsOf(policyFileWith({ telemetry }))).toEqual([expected]);
  });
});
