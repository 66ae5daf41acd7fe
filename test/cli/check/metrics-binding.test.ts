import { expect, it } from "vitest";
import { metricsBinding } from "../../../src/cli/check/metrics-binding.ts";
import type { WranglerSettings } from "../../../src/cli/policy-file/read-environments.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const BOUND = { analytics_engine_datasets: [{ binding: "METRICS", dataset: "scopegate" }] };
const UNBOUND =
  "error unbound-metrics telemetry.metrics: There is no Analytics Engine dataset `METRICS`. " +
  'Add `analytics_engine_datasets = [{ binding = "METRICS", dataset = "..." }]` to every environment.';

it.each<{ name: string; telemetry?: object; settings: WranglerSettings | undefined; expected: string[] }>([
  { name: "nothing without telemetry", settings: {}, expected: [] },
  { name: "nothing without metrics", telemetry: { allow: 0.5 }, settings: {}, expected: [] },
  {
    name: "nothing where there is no wrangler file",
    telemetry: { metrics: "METRICS" },
    settings: undefined,
    expected: [],
  },
  { name: "nothing where the dataset is bound", telemetry: { metrics: "METRICS" }, settings: BOUND, expected: [] },
  { name: "a missing dataset", telemetry: { metrics: "METRICS" }, settings: {}, expected: [UNBOUND] },
  {
    name: "a dataset under another name",
    telemetry: { metrics: "METRICS" },
    settings: { analytics_engine_datasets: [{ binding: "metrics" }] },
    expected: [UNBOUND],
  },
  {
    name: "a namespace in place of a dataset",
    telemetry: { metrics: "METRICS" },
    settings: { kv_namespaces: [{ binding: "METRICS" }] },
    expected: [UNBOUND],
  },
  {
    name: "a binding of the gateway",
    telemetry: { metrics: "VERSION" },
    settings: undefined,
    expected: [
      "error own-binding telemetry.metrics: The binding `VERSION` belongs to the gateway itself and is not a dataset. " +
        "Bind the dataset under another name.",
    ],
  },
])("check finds $name", ({ telemetry, settings, expected }) => {
  const policy = compiled(policyFileWith(telemetry ? { telemetry } : {}));
  const found = metricsBinding(policy, settings).map(
    ({ code, severity, path, message, hint }) => `${severity} ${code} ${path.join(".")}: ${message} ${hint}`,
  );
  expect(found).toEqual(expected);
});

const scratch = scratchDirectory();

it("check names the environments that lack the dataset, though the policy has no variable", async () => {
  const policy = scratch.write("routes.json", JSON.stringify(policyFileWith({ telemetry: { metrics: "METRICS" } })));
  scratch.write(
    "wrangler.toml",
    'name = "gateway"\n[[analytics_engine_datasets]]\nbinding = "METRICS"\n' +
      '[env.bound]\nanalytics_engine_datasets = [{ binding = "METRICS", dataset = "scopegate" }]\n[env.other]\n',
  );
  const { stdout, exitCode } = await scopegate("check", "--policy", policy, "--json");
  const { findings } = JSON.parse(stdout) as { findings: { code: string; environments?: string[] }[] };
  expect(exitCode).toBe(1);
  expect(findings.filter(({ code }) => code === "unbound-metrics")).toMatchObject([{ environments: ["other"] }]);
});
