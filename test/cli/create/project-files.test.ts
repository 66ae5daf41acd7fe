import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectReadme } from "../../../src/cli/create/project-readme.ts";
import { readEnvironments } from "../../../src/cli/policy-file/read-environments.ts";
import { startLoopbackIssuer } from "../../support/cli/loopback-issuer.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { filesOf } from "../../support/project/import-graph.ts";
import { projectFile, ROOT, SHOP_WRANGLER } from "../../support/project/project-files.ts";

const scratch = scratchDirectory();
const KEYCLOAK = "https://keycloak.acme.dev/realms/main";
const ANSWERS = ["--resource-server", "https://notes.acme.dev", "--upstream", "notes=https://notes.acme.dev"];

async function create(name: string, ...args: string[]) {
  const folder = join(scratch.path, name);
  const run = await scopegate("create", folder, ...ANSWERS, ...args);
  return { ...run, folder, file: (path: string) => readFileSync(join(folder, path), "utf8") };
}

const project = await create("Notes", "--issuer", KEYCLOAK, "--client", "web", "--offline", "--json");

describe("a new project", () => {
  it("has every file that the command names, and no other", () => {
    const { files } = JSON.parse(project.stdout);
    expect(files.toSorted()).toEqual(filesOf(project.folder));
    expect(project.exitCode).toBe(0);
  });

  it("passes check with the vars of every environment", async () => {
    const { exitCode, stdout } = await scopegate("check", "--strict", "--policy", join(project.folder, "routes.json"));
    expect(stdout).toContain("no findings");
    expect(exitCode).toBe(0);
  });

  it("gives every environment the same bindings and vars", () => {
    const environments = readEnvironments(join(project.folder, "wrangler.toml"));
    expect(environments.map(({ name }) => name)).toEqual(["", "production"]);
    const vars = { ISSUER_URL: KEYCLOAK, NOTES_URL: "https://notes.acme.dev" };
    for (const environment of environments) expect(environment.vars).toEqual(vars);
    const [top = "", production = ""] = project.file("wrangler.toml").split("\n[env.production]\n");
    const tables = (text: string) =>
      Array.from(text.matchAll(/^\[+(?:env\.production\.)?([\w.]+)\]+$/gm), ([, it]) => it);
    expect(tables(production)).toEqual(tables(top).filter((table) => table !== "build" && table !== "alias"));
  });

  it("is reached under no address of Cloudflare, and gets a KV namespace at its first deployment", () => {
    const text = project.file("wrangler.toml");
    expect(text.match(/^workers_dev = false\npreview_urls = false$/gm)).toHaveLength(2);
    expect(text).not.toMatch(/^id = /m);
  });

  it("runs on the same day of the Workers runtime as the shop", () => {
    const ours = projectFile(SHOP_WRANGLER);
    for (const member of ["compatibility_date", "compatibility_flags"]) {
      const [line] = new RegExp(`^${member} = .*$`, "m").exec(ours) ?? [];
      expect(project.file("wrangler.toml")).toContain(line);
    }
  });

  it("has the scripts that its README names", () => {
    const { scripts } = JSON.parse(project.file("package.json"));
    const named = Array.from(project.file("README.md").matchAll(/npm run ([\w:]+)/g), ([, name]) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ""))).toEqual([]);
  });

  it("decides as its table says, and the table covers every route", async () => {
    const { exitCode, stdout } = await scopegate("test", join(project.folder, "routes.test.json"), "--coverage");
    expect(stdout).toContain("routes.test.json: 11 passed\ncoverage: 4 of 4 routes\n");
    expect(exitCode).toBe(0);
  });

  it.each(["routes.json", "routes.test.json"])("takes the schema of %s from a place that the package has", (file) => {
    const { $schema } = JSON.parse(project.file(file));
    const path = $schema.replace("./node_modules/scopegate/lib/", "src/");
    expect(existsSync(join(ROOT, path))).toBe(true);
  });

  it("pins the actions to the commits of this repository's workflows", () => {
    const uses = (text: string) => text.match(/uses: .*$/gm) ?? [];
    const ours = new Set(uses(projectFile(".github/workflows/ci.yml")));
    const theirs = uses(project.file(".github/workflows/checks.yml"));
    expect(theirs.length).toBeGreaterThan(0);
    expect(theirs.filter((line) => !ours.has(line))).toEqual([]);
    expect(project.file(".github/workflows/policy-diff.yml")).toBe(projectFile(".github/workflows/policy-diff.yml"));
  });

  it("is named after its folder, and says who is let in", () => {
    expect(JSON.parse(project.file("package.json")).name).toBe("notes");
    expect(project.file("README.md")).toContain("npm run token -- --client web");
  });
});

it("of several upstreams at Cognito has a table that covers every route", async () => {
  const pool = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Abc123";
  const more = ["--upstream", "tags=https://tags.example.com"];
  const { folder } = await create("pool", "--issuer", pool, "--client", "web app", "--offline", ...more);
  const { stdout, stderr } = await scopegate("test", join(folder, "routes.test.json"), "--coverage");
  expect(stderr).toBe("");
  expect(stdout).toContain("routes.test.json: 20 passed\ncoverage: 8 of 8 routes\n");
});

describe("nothing is written", () => {
  it("into a folder that has a file", async () => {
    const before = project.file("routes.json");
    const again = await create("Notes", "--issuer", KEYCLOAK, "--offline");
    expect(again.stderr).toContain("The folder is not empty.");
    expect(again.exitCode).toBe(2);
    expect(project.file("routes.json")).toBe(before);
  });

  it("where the issuer's keys do not fit", async () => {
    await using server = await startLoopbackIssuer();
    const issuer = `${server.origin}/realms/main`;
    server.answer("/realms/main/.well-known/openid-configuration", { issuer, jwks_uri: `${server.origin}/keys` });
    server.answer("/keys", { keys: [] });
    const { exitCode, folder } = await create("unfit", "--issuer", issuer);
    expect(exitCode).toBe(1);
    expect(existsSync(folder)).toBe(false);
  });
});

describe("the README of a project", () => {
  it("says where the guides are, because the project has none", () => {
    const readme = projectReadme("notes", "notes", { client: "web" }, "^0.2.0");
    expect(readme).toMatch(/the folder `docs` of\s+the repository of Scopegate/);
  });

  it.each([
    { name: "from a registry", source: "^0.2.0", says: "Run `npm update scopegate`", not: "vendor" },
    { name: "from a file", source: "file:vendor/scopegate-0.2.0.tgz", says: "./vendor/FILE", not: "npm update" },
  ])("says how Scopegate $name is updated", ({ source, says, not }) => {
    const readme = projectReadme("notes", "notes", { client: "web" }, source);
    expect(readme).toContain(says);
    expect(readme).not.toContain(not);
    // npm writes the version there, so a promise that nothing else changes would be broken at once.
    expect(readme).toContain("`package-lock.json`.");
  });
});

it.each([
  ["cognito-groups", "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Xa7Rk2QpZ"],
  ["cognito-resource", "https://issuer-cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Xa7Rk2QpZ"],
  ["entra-roles", "https://login.microsoftonline.com/5d1ae7f3-1c5e-4a8e-9e53-0b6f2c1d7a90/v2.0"],
  ["okta", "https://acme.okta.com/oauth2/default"],
  ["auth0-permissions", "https://login.acme.dev/"],
  ["keycloak-roles", KEYCLOAK],
  ["google", "https://accounts.google.com"],
  ["clerk", "https://clerk.acme.dev"],
  ["workos", "https://api.workos.com/user_management/client_01ABC"],
  ["zitadel", "https://id.acme.dev"],
])("with the recipe %s, check has no findings and the table passes", async (recipe, issuer) => {
  const args = ["--recipe", recipe, "--issuer", issuer, "--client", "web", "--audience", "https://api.acme.dev"];
  const { folder, stdout, file } = await create(recipe, ...args, "--offline");
  expect(stdout).toContain("no findings");
  expect(await scopegate("test", join(folder, "routes.test.json"))).toMatchObject({ exitCode: 0 });
  expect(file("README.md")).not.toContain("No client is let in yet.");
});

it("for several tenants, has their issuer as a var, and the table passes", async () => {
  const tenant = "5d1ae7f3-1c5e-4a8e-9e53-0b6f2c1d7a90";
  const issuer = "https://login.microsoftonline.com/organizations/v2.0";
  const args = ["--issuer", issuer, "--tenant", tenant, "--client", "web", "--audience", "api", "--offline"];
  const { stdout, folder, file } = await create("tenants", ...args);
  expect(stdout).toContain("no findings");
  expect(JSON.parse(file("routes.json")).issuers.main).toMatchObject({ issuer: `\${ISSUER_URL}`, tenants: [tenant] });
  expect(file("wrangler.toml")).toContain('ISSUER_URL = "https://login.microsoftonline.com/{tenant}/v2.0"');
  expect(await scopegate("test", join(folder, "routes.test.json"))).toMatchObject({ exitCode: 0 });
});

it("has the issuer as a var wherever the policy names it", async () => {
  const issuer = "https://api.workos.com/user_management/client_01ABC";
  const { file } = await create("issuer-var", "--issuer", issuer, "--offline");
  expect(file("routes.json")).not.toContain(issuer);
  expect(JSON.parse(file("routes.json")).issuers.main.audiences).toEqual([`\${ISSUER_URL}`, "client_01ABC"]);
});

it("without a client, says in the README that nobody is let in yet, and the table passes", async () => {
  const { file, stdout, folder } = await create("closed", "--issuer", KEYCLOAK, "--offline");
  expect((await scopegate("test", join(folder, "routes.test.json"))).exitCode).toBe(0);
  expect(file("README.md")).toContain("No client is let in yet.");
  expect(stdout).toContain("no-registered-client");
});
