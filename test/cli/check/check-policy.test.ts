import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkPolicy } from "../../../src/cli/check/check-policy.ts";
import { parsePolicySource } from "../../../src/cli/policy-file/policy-source.ts";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { policyFileWith } from "../../support/policy/policy-file.ts";

const scratch = scratchDirectory();

const WRANGLER = `name = "gateway"
[vars]
ORDERS_URL = "https://orders.example"
[env.staging.vars]
ORDERS_URL = "http://localhost:8080"
[env.production.vars]
ORDERS_URL = "https://orders.example"
`;

const variable = "$" + "{ORDERS_URL}";

test.each([
  { name: "without variables, all environments share one inspection", url: "https://orders.example", inspections: 1 },
  { name: "with a variable, those that have the same vars share one", url: variable, inspections: 2 },
  { name: "an escape can spell a variable", url: variable, isEscaped: true, inspections: 2 },
])("$name", async ({ url, isEscaped = false, inspections }) => {
  const file = join(scratch.path, "routes.json");
  writeFileSync(join(scratch.path, "wrangler.toml"), WRANGLER);
  const written = JSON.stringify(policyFileWith({ upstreams: { orders: { url } } }));
  const text = isEscaped ? written.replaceAll("$", "\\u0024") : written;
  const steps: string[] = [];
  const report = await checkPolicy(parsePolicySource(file, text), {
    deployment: "possible",
    onStep: (step) => steps.push(step),
  });
  expect(steps.filter((step) => step === "looking for warnings")).toHaveLength(inspections);
  expect(report.environments).toEqual(["top level", "staging", "production"]);
  const insecure = report.findings.filter(({ code }) => code === "http-upstream");
  expect(insecure.map(({ environments }) => environments)).toEqual(inspections === 1 ? [] : [["staging"]]);
});
