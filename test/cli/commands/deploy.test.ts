import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SAFE_ENVIRONMENT, safePolicy, safeWrangler } from "../../support/cli/deployable.ts";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { runScript } from "../../support/cli/run-script.ts";
import { ROOT } from "../../support/project/project-files.ts";

const scratch = scratchDirectory();
const { vars: VARS } = SAFE_ENVIRONMENT;

/** Stands in for wrangler: it writes down its arguments and ends with an exit code. */
const recorder = (exitCode: number) => `
require("node:fs").writeFileSync("called.json", JSON.stringify(process.argv.slice(2)));
process.exit(${exitCode});
`;

/** Runs `scopegate deploy` in a project with a wrangler that only records how it was called. */
async function deploy(
  wrangler: unknown,
  args: readonly string[],
  { variables = {}, wranglerExits = 0, policy = safePolicy() }: Readonly<Record<string, unknown>> = {},
) {
  const folder = scratch.folder();
  folder.write("package.json", "{}");
  folder.write("routes.json", policy);
  if (wrangler !== undefined) folder.write("wrangler.json", wrangler);
  mkdirSync(join(folder.path, "node_modules/wrangler/bin"), { recursive: true });
  folder.write("node_modules/wrangler/package.json", "{}");
  folder.write("node_modules/wrangler/bin/wrangler.js", recorder(Number(wranglerExits)));
  const script = folder.write(
    "run.mjs",
    `Object.assign(process.env, ${JSON.stringify(variables)});
const { main } = await import(${JSON.stringify(join(ROOT, "src/cli/main.ts"))});
process.exitCode = await main(["deploy", ...process.argv.slice(2)]);`,
  );
  const run = await runScript(script, args, folder.path).finished;
  return { ...run, called: calledWith(folder.path) };
}

function calledWith(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, "called.json"), "utf8"));
  } catch {
    return undefined;
  }
}

describe("scopegate deploy", () => {
  it.each([
    { name: "the environment of --env", args: ["--env", "production"], variables: {} },
    { name: "the environment of CLOUDFLARE_ENV", args: [], variables: { CLOUDFLARE_ENV: "production" } },
    {
      name: "that of --env before that of CLOUDFLARE_ENV",
      args: ["--env", "production"],
      variables: { CLOUDFLARE_ENV: "other" },
    },
  ])("deploys $name", async ({ args, variables }) => {
    const { exitCode, stdout, stderr, called } = await deploy(safeWrangler(), args, { variables });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "Deploying production.\n", stderr: "" });
    expect(called).toEqual(["deploy", "--env", "production"]);
  });

  it.each([
    { name: "if --env names it", args: ["--env", "top level"], variables: {} },
    { name: "in Workers Builds, which name no environment", args: [], variables: { WORKERS_CI: "1" } },
  ])("deploys the top level $name", async ({ args, variables }) => {
    const { exitCode, called } = await deploy(safeWrangler({}, { vars: VARS }), args, { variables });
    expect({ exitCode, called }).toEqual({ exitCode: 0, called: ["deploy", "--env", ""] });
  });

  it("says what it could deploy, and deploys nothing, without an environment", async () => {
    const { exitCode, stderr, called } = await deploy(safeWrangler({}, { workers_dev: true }), []);
    expect({ exitCode, called }).toEqual({ exitCode: 1, called: undefined });
    expect(stderr.split("\n")).toEqual([
      "Nothing was deployed. Name the environment:",
      '  --env "top level"  gateway             at workers.dev',
      "  --env production   gateway-production  at api.acme.dev, workers.dev",
      "",
    ]);
  });

  it("fails if wrangler fails", async () => {
    const { exitCode, called } = await deploy(safeWrangler(), ["--env", "production"], { wranglerExits: 3 });
    expect({ exitCode, called }).toEqual({ exitCode: 1, called: ["deploy", "--env", "production"] });
  });
});

describe("scopegate deploy refuses, and names,", () => {
  it.each([
    {
      name: "a placeholder among the vars",
      wrangler: safeWrangler({ vars: { ...VARS, ORDERS_URL: "https://orders.myecommerce.com/secret-path" } }),
      named: ["`ORDERS_URL` is the placeholder orders.myecommerce.com."],
    },
    {
      name: "a made-up user pool and a loopback address",
      wrangler: safeWrangler({
        vars: {
          ISSUER_URL: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_PRODUCTION",
          ORDERS_URL: "http://127.0.0.1:8790",
        },
      }),
      named: ["`ISSUER_URL` is the placeholder eu-central-1_PRODUCTION.", "`ORDERS_URL` is the placeholder 127.0.0.1."],
    },
    {
      name: "a made-up id",
      wrangler: safeWrangler({ kv_namespaces: [{ binding: "JWKS", id: "0".repeat(32) }] }),
      named: ["The id of the KV namespace is made up."],
    },
    {
      name: "the domain of an example",
      wrangler: safeWrangler({ routes: [{ pattern: "api.example.com", custom_domain: true }] }),
      named: ["The route is the placeholder api.example.com."],
    },
    { name: "what it exposes", wrangler: safeWrangler({ workers_dev: true }), named: ["`workers_dev` is true"] },
    {
      name: "an error of the policy",
      wrangler: safeWrangler(),
      policy: safePolicy({ guarantees: [{ clients: ["web"], never: true }] }),
      named: ["It does not hold"],
    },
    {
      name: "a placeholder in the policy",
      wrangler: safeWrangler(),
      policy: safePolicy({ upstreams: { orders: { url: "https://orders.example.net" } } }),
      named: ["It is the placeholder orders.example.net."],
    },
  ])("$name", async ({ wrangler, policy, named }) => {
    const { exitCode, stderr, called } = await deploy(wrangler, ["--env", "production"], { ...(policy && { policy }) });
    expect({ exitCode, called }).toEqual({ exitCode: 1, called: undefined });
    expect(stderr).toMatch(/^Nothing was deployed\. Fix this in production first:\n {2}/);
    for (const text of named) expect(stderr).toContain(text);
    expect(stderr).not.toContain("secret-path");
  });

  it("the loopback addresses of a top level for this machine", async () => {
    const { exitCode, stderr, called } = await deploy(safeWrangler(), ["--env", "top level"]);
    expect({ exitCode, called }).toEqual({ exitCode: 1, called: undefined });
    expect(stderr).toContain("`ISSUER_URL` is the placeholder 127.0.0.1.");
  });

  it.each([
    { name: "an unknown environment", wrangler: safeWrangler(), args: ["--env", "nope"], text: "no environment nope" },
    { name: "a folder without a wrangler file", wrangler: undefined, args: [], text: "There is no wrangler file here" },
  ])("$name, as unusable input", async ({ wrangler, args, text }) => {
    const { exitCode, stderr, called } = await deploy(wrangler, args);
    expect({ exitCode, called }).toEqual({ exitCode: 2, called: undefined });
    expect(stderr).toContain(text);
  });
});

it("calls wrangler with arguments that it knows", { timeout: 60_000 }, async () => {
  const folder = scratch.folder();
  folder.write("index.ts", "export default { fetch: () => new Response() };");
  folder.write("wrangler.json", safeWrangler());
  symlinkSync(join(ROOT, "node_modules"), join(folder.path, "node_modules"), "junction");
  const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  for (const env of ["production", ""]) {
    const { exitCode, stdout } = await runScript(wrangler, ["deploy", "--env", env, "--dry-run"], folder.path).finished;
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("env.JWKS");
  }
});
