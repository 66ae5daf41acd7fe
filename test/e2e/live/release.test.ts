/** `scopegate release` with a gateway on workerd that stands for the deployed one, and a wrangler that is recorded. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CommandError, InputError, UsageError } from "../../../src/cli/args/exit-code.ts";
import { coloursFor } from "../../../src/cli/print/colours.ts";
import { deployArguments, type ReleaseOptions, type ReleaseWorld, release } from "../../../src/cli/release/release.ts";
import { createRepository } from "../../support/cli/git-repository.ts";
import { copyProject } from "../../support/cli/project-copy.ts";
import { scopegate } from "../../support/cli/run-scopegate.ts";
import { type BuiltGateway, startBuiltGateway } from "../../support/e2e/built-gateway.ts";
import { gatewayPolicy, variable } from "../../support/e2e/gateway-policy.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { ROOT } from "../../support/project/project-files.ts";

const WRANGLER = `name = "gateway"
compatibility_date = "2026-08-01"
compatibility_flags = ["global_fetch_strictly_public"]
workers_dev = false
preview_urls = false
[observability]
enabled = true
redact_query_string = true
[observability.logs]
enabled = true
invocation_logs = false
[env.production]
name = "gateway-production"
routes = [{ pattern = "api.acme.dev", custom_domain = true }]
version_metadata = { binding = "VERSION" }
triggers = { crons = ["*/5 * * * *"] }
[[env.production.kv_namespaces]]
binding = "JWKS"
[env.production.vars]
ISSUER_URL = "https://login.acme.dev/pool"
ORDERS_URL = "https://orders.acme.dev"
`;

function policyWith(changes: Readonly<Record<string, unknown>> = {}) {
  return gatewayPolicy({ url: variable("ISSUER_URL") }, { origin: variable("ORDERS_URL") }, changes);
}
const BASE = policyWith({ guarantees: [{ name: "only /open is public", publicOnly: ["/open"] }] });
const CLOSED = { ...BASE, routes: BASE.routes.slice(0, 3) };
const TABLE = {
  tests: [{ method: "GET", path: "/products", expect: { outcome: "refused", reason: "credentials-missing" } }],
};

const repository = createRepository();
const file = repository.path("routes.json");
let issuer: TestIssuer;
let gateway: BuiltGateway;
let calls: (readonly string[])[];
let printed: string[];

beforeAll(async () => {
  issuer = await startIssuer();
  repository.write("wrangler.toml", WRANGLER);
  repository.write("routes.test.json", TABLE);
  repository.write("routes.json", BASE);
  repository.commit("First policy");
  gateway = await startBuiltGateway(file, { ISSUER_URL: issuer.url, ORDERS_URL: "http://127.0.0.1:1" });
});
beforeEach(async () => {
  repository.git("checkout", "--quiet", "--", ".");
  await gateway.deploy(file);
  [calls, printed] = [[], []];
});
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await issuer?.stop();
});

/** Releases production. wrangler deploys what is in the file to the gateway, unless a test says otherwise. */
function run(options: Partial<ReleaseOptions> = {}, world: Partial<ReleaseWorld> = {}) {
  const status = JSON.stringify({ versions: [{ version_id: "1234-abcd", percentage: 100 }] });
  return release(
    { file, environment: "production", origin: gateway.origin, isDryRun: false, isConfirmed: true, ...options },
    {
      print: (lines) => printed.push(...lines),
      colours: coloursFor({ isTTY: false }),
      async runWrangler(args) {
        calls.push(args);
        await gateway.deploy(file);
        return 0;
      },
      async askWrangler(args) {
        calls.push(args);
        return status;
      },
      confirm: undefined,
      patience: {
        limitMs: 100,
        everyMs: 20,
        now: Date.now,
        sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
      },
      ...world,
    },
  );
}

const output = () => printed.join("\n");
const failureOf = (running: Promise<unknown>) => running.then(() => undefined).catch((error: unknown) => error);

describe("scopegate release", () => {
  it("checks, tests, proves, compares, deploys, waits, and says how to roll back", async () => {
    repository.write("routes.json", CLOSED);
    expect(await run()).toBe(0);
    for (const line of [
      "routes.test.json: 1 passed",
      "1 guarantee proven.",
      "Live is commit ",
      "Something closes: deploy this at once, not gradually.",
      "has changes that are not committed",
      "Version 1234-abcd is live.",
      "To roll back: npx wrangler rollback 1234-abcd --env production",
      `Next: scopegate smoke ${gateway.origin} --env production`,
    ]) {
      expect(output()).toContain(line);
    }
    const steps = printed.filter((line) => /^(?:check|test|prove|deployed|deploy|wait)$/.test(line));
    expect(steps).toEqual(["check", "test", "prove", "deployed", "deploy", "wait"]);
    const status = ["deployments", "status", "--json", "--env", "production"];
    expect(calls).toEqual([status, ["deploy", "--env", "production"], status]);
  });

  it("says that an unchanged policy does not show which version answers", async () => {
    expect(await run()).toBe(0);
    expect(output()).toContain("The gateway had this policy before");
  });

  it("stops before the deployment with --dry-run, and asks neither wrangler nor a person", async () => {
    repository.write("routes.json", CLOSED);
    expect(await run({ isDryRun: true, isConfirmed: false })).toBe(0);
    expect(calls).toEqual([]);
    expect(output()).toContain("Nothing was deployed, because of --dry-run.");
    expect(output()).toMatch(/^removed +.* \/open/m);
  });

  it.each([
    {
      name: "a policy with a fault",
      files: { "routes.json": policyWith({ routes: [{ path: "x" }] }) },
      said: /routes\.json:\d+:\d+: /,
    },
    {
      name: "a broken guarantee",
      files: { "routes.json": { ...BASE, guarantees: [{ name: "g", never: true }] } },
      said: /guarantee/,
    },
    {
      name: "a decision that differs",
      files: { "routes.test.json": { tests: [{ ...TABLE.tests[0], expect: { outcome: "forwarded" } }] } },
      said: /1 failed/,
    },
    {
      name: "a table with a fault",
      files: { "routes.test.json": { tests: [] } },
      said: /routes\.test\.json:\d+:\d+: /,
    },
    {
      name: "a placeholder",
      files: { "wrangler.toml": WRANGLER.replace("orders.acme.dev", "orders.example.com") },
      said: /placeholder orders\.example\.com/,
    },
    {
      name: "an address of Cloudflare",
      files: { "wrangler.toml": WRANGLER.replace("workers_dev = false", "workers_dev = true") },
      said: /workers_dev/,
    },
  ])("deploys nothing with $name", async ({ files, said }) => {
    for (const [name, content] of Object.entries(files)) repository.write(name, content);
    for (const isDryRun of [true, false]) {
      const error = await failureOf(run({ isDryRun }));
      expect(error).toBeInstanceOf(CommandError);
      expect(String(error)).toMatch(said);
    }
    expect(calls).toEqual([]);
  });

  it("asks a person, who must say yes", async () => {
    const questions: string[] = [];
    const confirm = (answer: boolean) => async (question: string) => {
      questions.push(question);
      return answer;
    };
    expect(await failureOf(run({ isConfirmed: false }, { confirm: confirm(false) }))).toBeInstanceOf(CommandError);
    expect(calls).toEqual([]);
    expect(await run({ isConfirmed: false }, { confirm: confirm(true) })).toBe(0);
    expect(questions).toEqual(Array(2).fill(`Deploy production to ${gateway.origin}?`));
  });

  it("does nothing at all where nobody can be asked", async () => {
    expect(await failureOf(run({ isConfirmed: false }))).toBeInstanceOf(UsageError);
    expect([calls, printed]).toEqual([[], []]);
    const { exitCode, stderr } = await scopegate("release", "--env", "production");
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("Give --yes, or --dry-run")]);
  });

  it("says that a first release replaces nothing, and offers no rollback", async () => {
    const origin = "http://127.0.0.1:1";
    const error = await failureOf(run({ origin }));
    expect(output()).toContain("The live policy is therefore not known.");
    expect(calls).toEqual([["deploy", "--env", "production"]]);
    expect(String(error)).toContain("did not answer within");
    expect(String(error)).not.toContain("roll back");
  });

  it("fails if wrangler does, and says how to roll back", async () => {
    const error = await failureOf(run({}, { runWrangler: async () => 1 }));
    expect(error).toBeInstanceOf(CommandError);
    expect(String(error)).toContain("wrangler failed");
    expect(String(error)).toContain("npx wrangler rollback 1234-abcd --env production");
  });

  it("fails if another policy answers after the time limit", async () => {
    repository.write("routes.json", CLOSED);
    const error = await failureOf(run({}, { runWrangler: async () => 0 }));
    expect(String(error)).toContain("Another policy answers");
    expect(String(error)).toContain("The new policy did not answer within 0.1 s.");
    expect(String(error)).toContain("npx wrangler rollback 1234-abcd --env production");
  });

  it("leaves the version out of the rollback if wrangler does not say it", async () => {
    expect(await run({}, { askWrangler: async () => undefined })).toBe(0);
    expect(output()).toContain("To roll back: npx wrangler rollback --env production");
  });

  it("refuses an environment that is not there", async () => {
    expect(await failureOf(run({ environment: "nowhere" }))).toBeInstanceOf(InputError);
  });
});

it("wrangler itself takes the arguments of the deployment", async () => {
  await using project = await copyProject();
  const outdir = mkdtempSync(join(tmpdir(), "scopegate-release-"));
  const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  const args = [wrangler, ...deployArguments("production"), "--dry-run", "--outdir", outdir];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project.directory });
  rmSync(outdir, { recursive: true });
  expect(stdout).toContain("--dry-run: exiting now.");
});
