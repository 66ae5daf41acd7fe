import { describe, expect, it } from "vitest";
import { DEPLOYMENT_CODES } from "../../../src/cli/deploy/exposure.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { projectFile, SHOP_POLICY, SHOP_WRANGLER } from "../../support/project/project-files.ts";

const scratch = scratchDirectory();

/** The codes that `check` finds about the deployment of the shop, with its wrangler file changed. */
async function codesWith(change: (wrangler: string) => string) {
  const folder = scratch.folder();
  folder.write("wrangler.toml", change(projectFile(SHOP_WRANGLER)));
  const policy = folder.write("routes.json", projectFile(SHOP_POLICY));
  const { stdout } = await scopegate("check", "--policy", policy, "--json");
  const { findings } = JSON.parse(stdout) as { findings: { code: string }[] };
  return [...new Set(findings.map(({ code }) => code).filter((code) => Object.hasOwn(DEPLOYMENT_CODES, code)))];
}

/** The vars that a team, or the form of the Deploy button, puts in the place of the top level's. */
const filledIn = (wrangler: string) =>
  wrangler
    .replaceAll("http://127.0.0.1:8788/local_pool", "https://auth.acme.dev")
    .replaceAll(/http:\/\/127\.0\.0\.1:(\d+)/g, "https://service-$1.acme.dev");

describe("the wrangler file of the shop, whose settings are those of the root's,", () => {
  it("exposes nothing, and has placeholders that a deployment refuses", async () => {
    expect(await codesWith((wrangler) => wrangler)).toEqual(["placeholder"]);
  });

  it("exposes nothing at the top level either, once that is for more than this machine", async () => {
    expect(await codesWith(filledIn)).toEqual(["placeholder"]);
  });

  it.each([
    { line: "workers_dev = false", code: "workers-dev" },
    { line: "preview_urls = false", code: "version-urls" },
    { line: "invocation_logs = false", code: "request-logs" },
    { line: "redact_query_string = true", code: "request-logs" },
    { line: 'compatibility_flags = ["global_fetch_strictly_public"]', code: "private-fetch" },
    { line: 'binding = "JWKS"\n\n[env.staging.build]', code: "missing-binding" },
  ])("needs its line $line", async ({ line, code }) => {
    expect(projectFile(SHOP_WRANGLER)).toContain(line);
    const without = line.includes("[env.staging.build]") ? 'binding = "KEYS"\n\n[env.staging.build]' : "";
    expect(await codesWith((wrangler) => wrangler.replace(line, without))).toContain(code);
  });
});

it("the Deploy button finds a description for every var of the example, and no secret to ask for", () => {
  const { cloudflare } = JSON.parse(projectFile("package.json"));
  const variables = Array.from(projectFile(SHOP_POLICY).matchAll(/\$\{(\w+)\}/g), ([, name]) => name);
  const example = projectFile(".dev.vars.example");
  expect(variables.length).toBeGreaterThan(2);
  for (const name of new Set(variables)) {
    expect(cloudflare.bindings[String(name)].description).toMatch(/\.$/);
    expect(example).toMatch(new RegExp(`^# ${name}="`, "m"));
  }
  expect(example.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
});
