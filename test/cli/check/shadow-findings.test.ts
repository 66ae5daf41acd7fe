import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkPolicy } from "../../../src/cli/check/check-policy.ts";
import { readPolicySource } from "../../../src/cli/policy-file/policy-source.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { policyFileWith } from "../../support/policy/policy-file.ts";

const scratch = scratchDirectory();
const variable = "$" + "{NEXT_URL}";
const enforced = policyFileWith({ shadow: "routes.next.json" });
const withVariable = policyFileWith({ upstreams: { orders: { url: variable } } });

/** The errors of a policy with this candidate, with their places. */
async function errorsWith(candidate: unknown, wrangler?: string) {
  const folder = scratch.folder();
  const file = folder.write("routes.json", enforced);
  if (candidate !== undefined) folder.write("routes.next.json", candidate);
  if (wrangler !== undefined) folder.write("wrangler.toml", wrangler);
  const report = await checkPolicy(readPolicySource(file));
  const errors = report.findings
    .filter(({ severity }) => severity === "error")
    .map(({ code, message, place, environments }) => [
      code,
      message.replaceAll(folder.path, ""),
      place && `${place.file.replace(folder.path, "")}:${place.line}:${place.column}`,
      environments,
    ]);
  return { errors, hasCandidate: report.candidate !== undefined };
}

describe("the check of a policy with a shadow", () => {
  it("has the candidate if nothing is wrong with it", async () => {
    expect(await errorsWith(policyFileWith({ realm: "next" }))).toEqual({ errors: [], hasCandidate: true });
  });

  it("reports a file that is not there", async () => {
    expect(await errorsWith(undefined)).toEqual({
      errors: [["invalid", `${join("/", "routes.next.json")}: There is no such file.`, undefined, undefined]],
      hasCandidate: false,
    });
  });

  it("reports a file that is not JSON, with the place", async () => {
    const { errors } = await errorsWith("{ nothing");
    expect(errors).toEqual([["invalid", expect.stringContaining("routes.next.json:1:3: "), undefined, undefined]]);
  });

  it("reports every fault of the candidate at its place in its own file", async () => {
    const candidate = policyFileWith({
      realm: "",
      issuers: { main: { issuer: "https://x.example", profile: "saml" } },
    });
    const { errors } = await errorsWith(candidate);
    expect(errors.map(([code, , place]) => [code, place])).toEqual([
      ["invalid", "/routes.next.json:5:7"],
      ["invalid", "/routes.next.json:33:3"],
    ]);
  });

  it("uses the vars of each environment, also where the policy itself has none", async () => {
    const wrangler = `name = "gateway"\n[vars]\nNEXT_URL = "https://next.example"\n[env.production.vars]\nOTHER = "x"\n`;
    const { errors } = await errorsWith(withVariable, wrangler);
    expect(errors).toEqual([
      ["invalid", "The variable `NEXT_URL` is not set.", "/routes.next.json:18:7", ["production"]],
    ]);
  });

  it("takes made-up values for the candidate's variables where there is no wrangler file", async () => {
    expect(await errorsWith(withVariable)).toEqual({ errors: [], hasCandidate: true });
  });
});

it("check --output writes the policy with its candidate, and none after a fault of the candidate", async () => {
  const folder = scratch.folder();
  const file = folder.write("routes.json", enforced);
  folder.write("routes.next.json", policyFileWith({ realm: "next" }));
  const output = join(folder.path, "policy.json");
  expect(await scopegate("check", "--policy", file, "--output", output)).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(readFileSync(output, "utf8")).shadow).toMatchObject({
    file: "routes.next.json",
    digest: expect.stringMatching(/^sha256:/),
    candidate: { realm: "next" },
  });
  folder.write("routes.next.json", policyFileWith({ realm: "" }));
  const { exitCode, stdout } = await scopegate("check", "--policy", file, "--output", output);
  expect([exitCode, existsSync(output)]).toEqual([1, false]);
  expect(stdout).toContain(`${join(folder.path, "routes.next.json")}:`);
});
