import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadCompiledPolicy } from "../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../src/policy/compiled/optional-modules.ts";
import { keySetFor, startLoopbackIssuer } from "../../support/cli/loopback-issuer.ts";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const REGISTERED = {
  issuers: { cognito: { issuer: "https://issuer.example", profile: "cognito", registeredClientsOnly: true } },
};
/** Wrangler's file with one environment; each has its own `ORDERS_URL`, and one a service. */
const WRANGLER = `
name = "test"
main = "x.ts"
compatibility_date = "2026-08-01"
compatibility_flags = ["global_fetch_strictly_public"]
workers_dev = false
preview_urls = false
version_metadata = { binding = "VERSION" }
triggers = { crons = ["*/5 * * * *"] }
kv_namespaces = [{ binding = "JWKS" }]
[vars]
ORDERS_URL = "http://127.0.0.1:8790"
[env.production]
limits = { cpu_ms = 100, subrequests = 50 }
version_metadata = { binding = "VERSION" }
kv_namespaces = [{ binding = "JWKS" }]
[env.production.vars]
ORDERS_URL = "https://orders.acme.dev"
[[env.production.services]]
binding = "PRODUCTS"
service = "products"
`;

const scratch = scratchDirectory();
const wrangled = scratchDirectory();
wrangled.write("wrangler.toml", WRANGLER);

async function check(file: unknown, directory = scratch, ...args: string[]) {
  // Beside a wrangler file, addresses of examples are findings of their own.
  const content = directory === wrangled ? JSON.stringify(file, null, 2).replaceAll(".example", ".acme.dev") : file;
  const policy = directory.write("policy.json", content);
  const { exitCode, stdout } = await scopegate("check", "--policy", policy, "--json", ...args);
  const { findings, environments } = JSON.parse(stdout) as {
    findings: { code: string; severity: string; path: string; line: number; environments?: string[] }[];
    environments?: string[];
  };
  return {
    exitCode,
    environments,
    findings: findings.map(({ code, path, environments: where }) => [code, path, ...(where ?? [])].join(" ")),
  };
}

const upstreamsWith = (orders: unknown) => ({ upstreams: { ...exampleFile().upstreams, orders } });
const VARIABLE = `\${ORDERS_URL}`;

const WITH_WARNING = { upstreams: { ...exampleFile().upstreams, old: { url: "https://old.example" } } };

describe("the exit code", () => {
  it.each([
    { name: "is 0 for a policy without a flaw", changes: REGISTERED, exitCode: 0, findings: [] },
    { name: "is 0 for notices", changes: {}, exitCode: 0, findings: ["unregistered-clients $.issuers.cognito"] },
    {
      name: "is 0 for a warning",
      changes: { ...REGISTERED, ...WITH_WARNING },
      exitCode: 0,
      findings: ["unused-upstream $.upstreams.old"],
    },
    {
      name: "is 1 for faults, all of them, in the order of the file",
      changes: { ...REGISTERED, realm: "", ...upstreamsWith({ url: "ftp://x" }) },
      exitCode: 1,
      findings: ["invalid $.upstreams.orders.url", "invalid $.realm"],
    },
    {
      name: "is 1 for a guarantee that is broken",
      changes: { ...REGISTERED, guarantees: [{ name: "nothing is public", publicOnly: [] }] },
      exitCode: 1,
      findings: ["broken-guarantee $.guarantees[0]"],
    },
    {
      name: "is 0 for one that holds",
      changes: {
        ...REGISTERED,
        guarantees: [
          {
            name: "customers only read",
            clients: ["customer"],
            methods: ["POST", "PUT", "PATCH", "DELETE"],
            never: true,
          },
        ],
      },
      exitCode: 0,
      findings: [],
    },
  ])("$name", async ({ changes, exitCode, findings }) => {
    expect(await check(exampleFile(changes))).toEqual({ exitCode, findings, environments: ["top level"] });
  });

  it.each([
    { name: "1 for a warning", changes: WITH_WARNING, exitCode: 1 },
    { name: "0 for notices", changes: {}, exitCode: 0 },
    { name: "1 for an error", changes: { realm: "" }, exitCode: 1 },
  ])("under --strict is $name", async ({ changes, exitCode }) => {
    const { findings, exitCode: actual } = await check(exampleFile(changes), scratch, "--strict");
    expect([findings.length > 0, actual]).toEqual([true, exitCode]);
  });

  it("is 0 for a warning that its route suppresses, and the reason is shown", async () => {
    const hook = {
      path: "/hook",
      methods: ["POST"],
      public: true,
      upstream: "orders",
      lint: { "public-write": "Signed." },
    };
    const policy = scratch.write(
      "suppressed.json",
      exampleFile({ ...REGISTERED, routes: [...exampleFile().routes, hook] }),
    );
    const { exitCode, stdout } = await scopegate("check", "--policy", policy, "--strict");
    expect(stdout).toMatch(/suppressed\.json:\d+:7: suppressed public-write: Signed\.\n.*: no findings, 1 suppressed/);
    expect(exitCode).toBe(0);
  });
});

it("shows place, severity, code and fix of each", async () => {
  const policy = scratch.write("one.json", exampleFile());
  const { stdout } = await scopegate("check", "--policy", policy);
  expect(stdout.split("\n").map((line) => line.replace(scratch.path, "."))).toEqual([
    expect.stringMatching(
      /^\.\/one\.json:3:5: notice unregistered-clients: Clients that are not in `clients` are accepted/,
    ),
    "    $.issuers.cognito",
    '    Set "registeredClientsOnly": true to restrict all clients to the list.',
    "./one.json: 1 notice",
    "",
  ]);
});

describe("the vars of wrangler's file", () => {
  it("are used for every environment, and a finding in only one names it", async () => {
    expect(await check(exampleFile({ ...REGISTERED, ...upstreamsWith({ url: VARIABLE }) }), wrangled)).toEqual({
      exitCode: 0,
      environments: ["top level", "production"],
      findings: ["http-upstream $.upstreams.orders.url top level"],
    });
  });

  it("can be those of one environment", async () => {
    const file = exampleFile({ ...REGISTERED, ...upstreamsWith({ url: VARIABLE }) });
    expect(await check(file, wrangled, "--env", "production")).toEqual({
      exitCode: 0,
      environments: ["production"],
      findings: [],
    });
  });

  it("must have every name in every environment", async () => {
    const file = exampleFile({ ...REGISTERED, ...upstreamsWith({ url: `\${NOWHERE_URL}` }) });
    expect(await check(file, wrangled)).toMatchObject({ exitCode: 1, findings: ["invalid $.upstreams.orders.url"] });
  });

  it("have stand-ins where there is no such file, and the output says so", async () => {
    const file = exampleFile({ ...REGISTERED, ...upstreamsWith({ url: VARIABLE }) });
    expect(await check(file)).toEqual({ exitCode: 0, environments: undefined, findings: [] });
  });

  it("know the service bindings of each environment", async () => {
    const file = exampleFile({
      ...REGISTERED,
      upstreams: { ...exampleFile().upstreams, products: { service: "PRODUCTS" } },
    });
    expect(await check(file, wrangled)).toMatchObject({
      exitCode: 1,
      findings: ["unbound-service $.upstreams.products.service top level"],
    });
  });
});

it.each([
  { binding: "JWKS", findings: ["own-binding $.upstreams.orders.service"] },
  { binding: "VERSION", findings: ["own-binding $.upstreams.orders.service"] },
  { binding: "ORDERS", findings: [] },
])("a service bound as $binding, without a wrangler file", async ({ binding, findings }) => {
  const file = exampleFile({ ...REGISTERED, ...upstreamsWith({ service: binding }) });
  expect(await check(file)).toMatchObject({ exitCode: findings.length > 0 ? 1 : 0, findings });
});

it("reports a binding of the gateway itself once", async () => {
  const file = exampleFile({ ...REGISTERED, ...upstreamsWith({ service: "JWKS" }) });
  expect(await check(file, wrangled)).toMatchObject({ findings: ["own-binding $.upstreams.orders.service"] });
});

describe("with --output", () => {
  const output = join(scratch.path, "built/deep/policy.json");

  it("writes the compiled policy, without the values of variables", async () => {
    const file = exampleFile({ ...REGISTERED, ...upstreamsWith({ url: VARIABLE }) });
    expect(await check(file, wrangled, "--output", output)).toMatchObject({ exitCode: 0 });
    const restored = loadCompiledPolicy(
      JSON.parse(readFileSync(output, "utf8")),
      {
        ORDERS_URL: "https://own.example",
      },
      OPTIONAL_MODULES,
    );
    if (!restored.ok) throw new Error("it has faults");
    expect(restored.value.table.match("/orders")?.allow).toBe("GET, HEAD, POST");
    expect(restored.value.upstreams.get("orders")).toMatchObject({ origin: "https://own.example" });
    expect(readdirSync(join(scratch.path, "built/deep"))).toEqual(["policy.features.js", "policy.json"]);
  });

  it.each([
    { name: "notices", changes: {}, findings: ["unregistered-clients $.issuers.cognito"] },
    {
      name: "a warning",
      changes: { ...REGISTERED, ...WITH_WARNING },
      findings: ["unused-upstream $.upstreams.old"],
    },
  ])("writes it where there are $name", async ({ changes, findings }) => {
    rmSync(output, { force: true });
    expect(await check(exampleFile(changes), scratch, "--output", output)).toMatchObject({ exitCode: 0, findings });
    expect(existsSync(output)).toBe(true);
  });

  it.each([
    { name: "a fault", changes: { ...REGISTERED, realm: 7 } },
    { name: "a warning under --strict", changes: WITH_WARNING, options: ["--strict"] },
    {
      name: "a fault in one environment",
      changes: { upstreams: { ...exampleFile().upstreams, orders: { service: "PRODUCTS" } } },
    },
    { name: "a broken guarantee", changes: { guarantees: [{ name: "nothing is public", publicOnly: [] }] } },
  ])("leaves none behind where there is $name, not even an earlier one", async ({ changes, options = [] }) => {
    await check(exampleFile(), scratch, "--output", output);
    const checked = await check(exampleFile(changes), wrangled, "--output", output, ...options);
    expect(checked).toMatchObject({ exitCode: 1 });
    expect(existsSync(output)).toBe(false);
  });
});

describe("--output is refused, and nothing is lost, where it", () => {
  const run = (policy: string, ...args: string[]) => scopegate("check", "--policy", policy, ...args);

  it.each([
    { name: "the policy itself", file: "own.json", content: exampleFile() },
    { name: "the policy itself, with a fault", file: "own.json", content: exampleFile({ realm: 7 }) },
    { name: "a file of another kind", file: "package.json", content: { routes: [] } },
    { name: "a file that is no JSON", file: "settings.toml", content: "[vars]" },
    { name: "an empty file", file: "empty", content: "" },
  ])("is $name", async ({ file, content }) => {
    const policy = scratch.write("own.json", exampleFile());
    const output = scratch.write(file, content);
    const before = readFileSync(output, "utf8");
    const { exitCode, stderr } = await run(policy, "--output", output);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`${output} exists and is not a compiled policy`)]);
    expect(readFileSync(output, "utf8")).toBe(before);
  });

  it("is a directory, or a link", async () => {
    const policy = scratch.write("policy.json", exampleFile());
    const link = join(scratch.path, "link.json");
    symlinkSync(policy, link);
    for (const output of [scratch.path, link]) {
      const { exitCode, stderr } = await run(policy, "--output", output);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`${output} exists and is not a compiled policy`)]);
    }
    expect([lstatSync(link).isSymbolicLink(), existsSync(policy)]).toEqual([true, true]);
  });

  it("is written like a folder", async () => {
    const policy = scratch.write("policy.json", exampleFile());
    const { exitCode, stderr } = await run(policy, "--output", join(scratch.path, "new/"));
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("is a folder. Name a file in it.")]);
    expect(existsSync(join(scratch.path, "new"))).toBe(false);
  });

  it("is the policy while that of a commit is checked", async () => {
    const own = scratch.write("own.json", exampleFile());
    const { exitCode } = await run("git:HEAD:examples/shop/routes.json", "--output", own);
    expect([exitCode, existsSync(own)]).toEqual([2, true]);
  });

  it("cannot be written", async () => {
    const policy = scratch.write("policy.json", exampleFile());
    const output = join(policy, "under-a-file.json");
    const { exitCode, stderr } = await run(policy, "--output", output);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/^[^\n]*under-a-file\.json: The file cannot be written \(\w+\)\. Name another\.\n$/),
    ]);
    expect(readdirSync(scratch.path).filter((name) => /\.\d+$/.test(name))).toEqual([]);
  });
});

describe("with --output and --env", () => {
  const output = join(scratch.path, "built/for-one.json");
  // Only production has this service binding.
  const bound = exampleFile(upstreamsWith({ service: "PRODUCTS" }));

  it.each([
    { name: "writes it if that environment has no error", env: "production", exitCode: 0, exists: true },
    { name: "leaves none behind if that environment has one", env: "top level", exitCode: 1, exists: false },
  ])("$name, and looks at no other", async ({ env, exitCode, exists }) => {
    await check(exampleFile(), scratch, "--output", output);
    expect(await check(bound, wrangled, "--output", output, "--env", env)).toMatchObject({
      exitCode,
      environments: [env],
    });
    expect(existsSync(output)).toBe(exists);
  });
});

describe("as the build of wrangler dev", () => {
  const output = join(scratch.path, "dev.json");
  const policy = scratch.write("dev-policy.json", exampleFile());
  beforeEach(() => {
    vi.stubEnv("WRANGLER_COMMAND", "dev");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    { name: "has an error", content: exampleFile({ realm: 7 }) },
    { name: "breaks a guarantee", content: exampleFile({ guarantees: [{ name: "none is public", publicOnly: [] }] }) },
    { name: "is not JSON", content: "{" },
    { name: "is empty", content: "" },
    { name: "is missing", content: undefined },
  ])("writes a policy that serves nothing if the file $name, and lets wrangler start", async ({ content }) => {
    rmSync(policy, { force: true });
    if (content !== undefined) scratch.write("dev-policy.json", content);
    const { exitCode, stderr } = await scopegate("check", "--policy", policy, "--output", output);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("refuses every request with policy-invalid.")]);
    expect(JSON.parse(readFileSync(output, "utf8"))).toEqual({
      ok: false,
      failure: [{ path: [], message: "The policy did not pass the check.", hint: "The output of the build says why." }],
    });
  });

  it("replaces that once the policy is fixed", async () => {
    scratch.write("dev-policy.json", exampleFile());
    expect(await scopegate("check", "--policy", policy, "--output", output)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(loadCompiledPolicy(JSON.parse(readFileSync(output, "utf8")), {}, OPTIONAL_MODULES)).toMatchObject({
      ok: true,
    });
  });

  it("is not followed by a deployment with it", async () => {
    vi.stubEnv("WRANGLER_COMMAND", "deploy");
    scratch.write("dev-policy.json", exampleFile({ realm: 7 }));
    expect((await scopegate("check", "--policy", policy, "--output", output)).exitCode).toBe(1);
    expect(existsSync(output)).toBe(false);
  });
});

it("leaves no earlier output where the policy cannot be read", async () => {
  const output = join(scratch.path, "earlier.json");
  await check(exampleFile(), scratch, "--output", output);
  expect(existsSync(output)).toBe(true);
  const broken = scratch.write("broken.json", "{");
  expect((await scopegate("check", "--policy", broken, "--output", output)).exitCode).toBe(2);
  expect(existsSync(output)).toBe(false);
});

it("reads the policy of a commit", async () => {
  const { exitCode, stdout } = await scopegate("check", "--policy", "git:HEAD:examples/shop/routes.json", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ policy: "git:HEAD:examples/shop/routes.json" });
  expect(exitCode).toBe(0);
});

describe("with --online", () => {
  const METADATA = "/.well-known/openid-configuration";

  it.each([
    { name: "an issuer that agrees", jwksUri: "/keys", exitCode: 0, findings: [] },
    {
      name: "an issuer that names another key set",
      jwksUri: "/other",
      exitCode: 1,
      findings: ["jwks-uri-mismatch $.issuers.cognito.jwksUri"],
    },
    {
      name: "an issuer without metadata",
      jwksUri: undefined,
      exitCode: 0,
      findings: ["metadata-unavailable $.issuers.cognito.issuer"],
    },
  ])("asks each issuer: $name", async ({ jwksUri, exitCode, findings }) => {
    await using server = await startLoopbackIssuer();
    if (jwksUri) server.answer(METADATA, { issuer: server.origin, jwks_uri: `${server.origin}${jwksUri}` });
    server.answer("/keys", await keySetFor("RS256"));
    const { cognito } = REGISTERED.issuers;
    const file = exampleFile({
      issuers: { cognito: { ...cognito, issuer: server.origin, jwksUri: `${server.origin}/keys` } },
    });
    expect(await check(file, scratch, "--online")).toMatchObject({ exitCode, findings });
    const asked = server.asked.length;
    expect(await check(file)).toMatchObject({ exitCode: 0, findings: [] });
    expect(server.asked.length).toBe(asked);
  });
});
