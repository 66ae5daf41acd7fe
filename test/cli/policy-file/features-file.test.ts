import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { featuresFileOf, featuresText, isFeaturesFile } from "../../../src/cli/policy-file/features-file.ts";
import type { FeatureName } from "../../../src/features/usage/used-features.ts";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { FEATURE_NAMES, FEATURE_POLICIES } from "../../support/policy/feature-policies.ts";
import { policyFile } from "../../support/policy/policy-file.ts";
import { ROOT } from "../../support/project/project-files.ts";

const scratch = scratchDirectory();

it.each([
  ["dist/policy.json", "dist/policy.features.js"],
  ["dist/staging.JSON", "dist/staging.features.js"],
  ["policy", "policy.features.js"],
])("the features of %s stand in %s", (output, expected) => {
  expect(featuresFileOf(output)).toBe(expected);
});

it.each([join(ROOT, "dist/policy.json"), join(ROOT, "src/features/deep/policy.json"), join(ROOT, "policy.json")])(
  "every module that the file beside %s imports is there",
  (output) => {
    const text = featuresText(output, FEATURE_NAMES);
    const modules = Array.from(text.matchAll(/ from "(\.[^"]+)";$/gm), ([, path = ""]) => path);
    expect(modules).toHaveLength(FEATURE_NAMES.length);
    for (const path of modules) expect(existsSync(resolve(dirname(output), path))).toBe(true);
  },
);

it.each<{ used: readonly FeatureName[]; expected: readonly string[] }>([
  { used: ["dpop"], expected: ["ReplayGuard"] },
  { used: FEATURE_NAMES, expected: ["ReplayGuard"] },
  { used: FEATURE_NAMES.filter((name) => name !== "dpop"), expected: [] },
])("the file for $used exports the Durable Objects $expected", ({ used, expected }) => {
  const text = featuresText("dist/policy.json", used);
  expect(Array.from(text.matchAll(/^export \{ (\w+) \};$/gm), ([, name]) => name)).toEqual(expected);
});

describe("check --output", () => {
  const output = join(scratch.path, "built/policy.json");
  const features = featuresFileOf(output);
  const check = (file: unknown) =>
    scopegate("check", "--policy", scratch.write("routes.json", file), "--output", output);

  it.each(FEATURE_NAMES)("writes the feature %s for a policy that uses it", async (name) => {
    scratch.write("routes.next.json", policyFile());
    expect(await check(FEATURE_POLICIES[name])).toMatchObject({ exitCode: 0 });
    const text = readFileSync(features, "utf8");
    expect(text.match(/^import /gm)).toHaveLength(1);
    expect(text).toContain(`/features/${name}.ts"`);
  });

  it("writes no feature for a policy that uses none", async () => {
    await check(exampleFile());
    expect(readFileSync(features, "utf8")).not.toMatch(/^import /m);
  });

  it("leaves no features of an earlier policy after a failed check", async () => {
    await check(exampleFile());
    expect(await check(exampleFile({ realm: 7 }))).toMatchObject({ exitCode: 1 });
    expect([existsSync(output), existsSync(features)]).toEqual([false, false]);
  });

  it("replaces no file of that name that scopegate has not written", async () => {
    const file = scratch.write("mine.features.js", "export default 1;\n");
    const policy = scratch.write("routes.json", exampleFile());
    const { exitCode, stderr } = await scopegate(
      "check",
      "--policy",
      policy,
      "--output",
      join(scratch.path, "mine.json"),
    );
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining(`${file} exists and was not written by scopegate.`),
    ]);
    expect(readFileSync(file, "utf8")).toBe("export default 1;\n");
    expect([isFeaturesFile(file), isFeaturesFile(join(scratch.path, "absent"))]).toEqual([false, true]);
  });
});
