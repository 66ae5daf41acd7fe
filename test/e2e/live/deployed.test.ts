/** `scopegate deployed` against a built gateway on workerd, with a history of policies in a repository of its own. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRepository } from "../../support/cli/git-repository.ts";
import { exampleFile, scopegate } from "../../support/cli/run-scopegate.ts";
import { type BuiltGateway, startBuiltGateway } from "../../support/e2e/built-gateway.ts";

type Route = Readonly<Record<string, unknown>>;

const ORDERS = `\${ORDERS_URL}`;
const WRANGLER = `name = "gateway"
[vars]
ORDERS_URL = "https://orders.example"
[env.production]
name = "gateway-production"
[env.production.vars]
ORDERS_URL = "https://orders.production.example"
`;

/** The policy of the example, with the first route replaced. */
function policyWith(first: Route = {}) {
  const file = exampleFile({ upstreams: { products: { url: "https://products.example" }, orders: { url: ORDERS } } });
  const [route, ...routes] = file.routes;
  return { ...file, routes: [{ ...route, ...first }, ...routes] };
}

/** The same policy, written by somebody else: in another order, and on one line. */
function rewritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewritten).reverse();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, it]) => [name, rewritten(it)]),
  );
}

const BASE = policyWith();
const TIGHT = policyWith({ scopes: { allOf: ["read:products", "write:products"] } });
const { scopes: _scopes, ...first } = policyWith().routes[0] as Route;
const OPEN = { ...BASE, routes: [{ ...first, public: true }, ...BASE.routes.slice(1)] };

const repository = createRepository();
const file = repository.path("routes.json");
const commits: Record<string, string> = {};
let gateway: BuiltGateway;

beforeAll(async () => {
  repository.write("wrangler.toml", WRANGLER);
  const history: readonly (readonly [subject: string, content: unknown])[] = [
    ["First policy", BASE],
    ["Reformatted", JSON.stringify(rewritten(BASE))],
    ["Tightened", TIGHT],
    ["Broken JSON", "{"],
    ["Broken route", { ...BASE, routes: [{ path: "no-slash" }] }],
    ["Reverted", BASE],
    ["Opened", OPEN],
  ];
  for (const [subject, content] of history) {
    repository.write("routes.json", content);
    commits[subject] = repository.commit(subject);
  }
  gateway = await startBuiltGateway(file, { ORDERS_URL: "https://orders.elsewhere.example" });
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

/** Deploys a policy, and asks what is live while another one is in the file. */
async function deployed(live: unknown, now: unknown, ...options: readonly string[]) {
  repository.write("routes.json", live);
  await gateway.deploy(file);
  repository.write("routes.json", now);
  return await scopegate("deployed", gateway.origin, "--policy", file, ...options);
}

async function deployedJson(live: unknown, now: unknown, ...options: readonly string[]) {
  const { exitCode, stdout } = await deployed(live, now, ...options, "--json");
  return { exitCode, ...JSON.parse(stdout) };
}

describe("scopegate deployed", () => {
  it("finds the newest of several commits with the live policy, and counts the others", async () => {
    const { exitCode, stdout } = await deployed(BASE, OPEN);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`Live is commit ${commits["Reverted"]?.slice(0, 12)} (2023-11-20): Reverted`);
    expect(stdout).toContain("2 older commits have the same policy.");
    expect(stdout).toMatch(/^opened +GET,HEAD \/products/m);
    expect(stdout).toContain("Nothing closes.");
  });

  it.each([
    { name: "reformatted", live: BASE, now: JSON.stringify(rewritten(BASE)), exitCode: 0, same: true, closes: false },
    { name: "opened", live: BASE, now: OPEN, exitCode: 1, same: false, closes: false },
    { name: "tightened", live: BASE, now: TIGHT, exitCode: 1, same: false, closes: true },
    { name: "reverted from opened", live: OPEN, now: BASE, exitCode: 1, same: false, closes: true },
    { name: "reverted from tightened", live: TIGHT, now: BASE, exitCode: 1, same: false, closes: false },
    {
      name: "a default that is written out",
      live: BASE,
      now: {
        ...BASE,
        realm: "scopegate",
        upstreams: { ...BASE.upstreams, orders: { url: ORDERS, timeoutMs: 10_000 } },
      },
      exitCode: 0,
      same: true,
      closes: false,
    },
  ])(
    "tells the difference in meaning, and whether something closes: $name",
    async ({ name: _, live, now, ...expected }) => {
      expect(await deployedJson(live, now)).toMatchObject({ ...expected, ready: false });
    },
  );

  it("says that what closes must not be rolled out gradually", async () => {
    const { stdout } = await deployed(BASE, TIGHT);
    expect(stdout).toMatch(/^tighter +GET,HEAD \/products/m);
    expect(stdout).toContain("Something closes: deploy this at once, not gradually.");
  });

  it("finds what was reformatted by the commit that has the meaning, and passes over commits with faults", async () => {
    expect(await deployedJson(TIGHT, OPEN)).toMatchObject({
      exitCode: 1,
      commit: { id: commits["Tightened"], subject: "Tightened" },
      search: { found: [commits["Tightened"]], faulty: 2, looked: 7, cut: false, shallow: false, elsewhere: false },
    });
  });

  it("compares one environment with --env", async () => {
    for (const environment of ["production", "top level"]) {
      expect(await deployedJson(BASE, TIGHT, "--env", environment)).toMatchObject({ exitCode: 1, closes: true });
    }
    const { exitCode, stderr } = await deployed(BASE, TIGHT, "--env", "nowhere");
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("There is no environment nowhere")]);
  });

  it("says that a live policy is in no commit, and why that can be", async () => {
    const never = policyWith({ scopes: ["write:orders"] });
    const { exitCode, stdout } = await deployed(never, BASE);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("No commit has the live policy (7 commits of ");
    expect(stdout).toContain("deployed from a file that was not committed");
    expect(stdout).toContain("Another version of Scopegate");
    expect(await deployedJson(never, BASE)).not.toHaveProperty("same");
  });

  it("says that the file itself is live, but in no commit", async () => {
    const never = policyWith({ scopes: ["write:orders"] });
    const { exitCode, stdout } = await deployed(never, never);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("has changes that are not committed")]);
  });

  it("finds a commit on another branch, and says so", async () => {
    repository.write("routes.json", OPEN);
    repository.git("checkout", "--quiet", "-b", "hotfix");
    const hotfix = policyWith({ scopes: ["write:orders"] });
    repository.write("routes.json", hotfix);
    const id = repository.commit("Hotfix");
    repository.git("checkout", "--quiet", "main");
    const { stdout } = await deployed(hotfix, BASE);
    expect(stdout).toContain(`Live is commit ${id.slice(0, 12)}`);
    expect(stdout).toContain("It is on another branch or tag");
    repository.git("branch", "--quiet", "-D", "hotfix");
  });

  it("follows a renamed file, into a folder that is gone", async () => {
    const renamed = createRepository();
    renamed.write("old/routes.json", BASE);
    renamed.write("old/wrangler.toml", WRANGLER);
    const id = renamed.commit("In the old place");
    renamed.git("mv", "old/routes.json", "routes.json");
    renamed.git("mv", "old/wrangler.toml", "wrangler.toml");
    renamed.commit("Moved");
    renamed.write("routes.json", TIGHT);
    renamed.commit("Tightened");
    await deployed(BASE, BASE);
    const run = await scopegate("deployed", gateway.origin, "--policy", renamed.path("routes.json"), "--json");
    expect(JSON.parse(run.stdout).search.found).toContain(id);
    expect(JSON.parse(run.stdout)).toMatchObject({ same: false, closes: true, commit: { subject: "Moved" } });
  });

  it("says that a clone is shallow", async () => {
    const clone = mkdtempSync(join(tmpdir(), "scopegate-shallow-"));
    repository.git("checkout", "--quiet", "--", ".");
    repository.git("clone", "--quiet", "--depth=1", `file://${repository.folder}`, clone);
    await deployed(TIGHT, OPEN);
    const { exitCode, stdout } = await scopegate("deployed", gateway.origin, "--policy", join(clone, "routes.json"));
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("This clone is shallow")]);
    rmSync(clone, { recursive: true });
  });

  it("works without git as far as it can: the digests are compared", async () => {
    const folder = mkdtempSync(join(tmpdir(), "scopegate-plain-"));
    cpSync(repository.path("wrangler.toml"), join(folder, "wrangler.toml"));
    await deployed(TIGHT, OPEN);
    const ask = async (now: unknown) => {
      repository.write("routes.json", now);
      cpSync(file, join(folder, "routes.json"));
      return await scopegate("deployed", gateway.origin, "--policy", join(folder, "routes.json"));
    };
    const [same, other] = [await ask(TIGHT), await ask(BASE)];
    expect([same.exitCode, other.exitCode]).toEqual([0, 1]);
    for (const { stdout } of [same, other]) expect(stdout).toContain("No commit can be looked up: fatal: not a git");
    rmSync(folder, { recursive: true });
  });

  it("says that the live policy is invalid with its vars", async () => {
    repository.write("routes.json", BASE);
    await gateway.deploy(file, { ORDERS_URL: "http://orders.example" });
    const run = await scopegate("deployed", gateway.origin, "--policy", file);
    expect([run.exitCode, run.stdout]).toEqual([1, expect.stringContaining("policy-invalid")]);
  });
});
