import { execFileSync } from "node:child_process";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleFile, type Run, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const start = process.cwd();
beforeAll(() => process.chdir(scratch.path));
afterAll(() => process.chdir(start));

const variable = (name: string) => `\${${name}}`;
const policy = exampleFile({
  issuers: { cognito: { issuer: variable("ISSUER_URL"), profile: "cognito" } },
  upstreams: { products: { url: variable("PRODUCTS_URL") }, orders: { service: "ORDERS" } },
});

interface Vars {
  readonly issuer?: string;
  readonly products?: string;
}

/** One environment of a wrangler file. */
function environment(
  prefix: string,
  { issuer = "https://issuer.example", products = "https://products.example" }: Vars,
  orders = "orders",
) {
  const dot = prefix === "" ? "" : `${prefix}.`;
  return [
    `[${dot}vars]`,
    `ISSUER_URL = "${issuer}"`,
    `PRODUCTS_URL = "${products}"`,
    `[[${dot}services]]`,
    'binding = "ORDERS"',
    `service = "${orders}"`,
  ].join("\n");
}

const wrangler = (...environments: readonly string[]) =>
  ['name = "gateway"', 'compatibility_date = "2026-08-01"', 'main = "src/none.ts"', ...environments].join("\n");
const usual = wrangler(environment("", {}), environment("env.production", {}));

const git = (...args: readonly string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    cwd: scratch.path,
    stdio: "pipe",
  })
    .toString()
    .trim();
/** Commits these files and nothing else; returns the commit. */
function commit(files: Readonly<Record<string, unknown>>): string {
  git("init", "-q");
  git("rm", "-rq", "--cached", "--ignore-unmatch", ".");
  for (const [name, content] of Object.entries(files)) {
    scratch.write(name, content);
    git("add", name);
  }
  git("commit", "-qm", "x", "--allow-empty");
  return git("rev-parse", "HEAD");
}
/** Compares two commits. */
async function diff(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  ...options: readonly string[]
): Promise<Run> {
  return await scopegate("diff", `git:${commit(before)}`, `git:${commit(after)}`, "--fail-on", "looser", ...options);
}

const base = { "routes.json": policy, "wrangler.toml": usual };

describe("diff compares the vars and bindings that each side has in its own wrangler file", () => {
  it("and finds none where the files are the same", async () => {
    const { exitCode, stdout } = await diff(base, base);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("nothing changes")]);
  });

  it.each([
    {
      name: "an upstream that is moved in one environment",
      after: wrangler(environment("", {}), environment("env.production", { products: "https://foreign.example" })),
      expected: ["moved", "from https://products.example to https://foreign.example, in production"],
    },
    {
      name: "an issuer that is another in all environments",
      after: wrangler(
        environment("", { issuer: "https://foreign.example" }),
        environment("env.production", { issuer: "https://foreign.example" }),
      ),
      expected: ["looser", "Tokens from https://foreign.example are now accepted.\n"],
    },
    {
      name: "an issuer that is another at the top level",
      after: wrangler(environment("", { issuer: "https://foreign.example" }), environment("env.production", {})),
      expected: ["looser", "Tokens from https://foreign.example are now accepted. (in top level)"],
    },
    {
      name: "a service binding that leads to another Worker",
      after: wrangler(environment("", {}, "foreign"), environment("env.production", {})),
      expected: ["moved", "The binding ORDERS leads to foreign. Before, it led to orders. (in top level)"],
    },
  ])("$name", async ({ after, expected }) => {
    const { exitCode, stdout, stderr } = await diff(base, { ...base, "wrangler.toml": after });
    expect([exitCode, stderr]).toEqual([1, ""]);
    for (const text of expected) expect(stdout).toContain(text);
  });

  it("of one environment only, if it is named", async () => {
    const after = wrangler(environment("", { products: "https://foreign.example" }), environment("env.production", {}));
    const files = { ...base, "wrangler.toml": after };
    expect((await diff(base, files, "--env", "production")).exitCode).toBe(0);
    const { exitCode, stderr } = await diff(base, files, "--env", "staging");
    expect([exitCode, stderr]).toEqual([2, "There is no environment staging in wrangler's file. Known: production.\n"]);
  });

  it("also where the file has another form, as wrangler would read it", async () => {
    const json = JSON.stringify({
      name: "gateway",
      compatibility_date: "2026-08-01",
      vars: { ISSUER_URL: "https://foreign.example", PRODUCTS_URL: "https://products.example" },
      services: [{ binding: "ORDERS", service: "orders" }],
    });
    const { exitCode, stdout } = await diff(base, { ...base, "wrangler.json": json });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("Tokens from https://foreign.example are now accepted.");
  });

  it("and takes no other file for a wrangler file that is gone", async () => {
    const { exitCode, stdout } = await diff(base, { "routes.json": policy });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("The new commit has no wrangler file");
  });

  it("and says which environments come and go", async () => {
    const after = { ...base, "wrangler.toml": wrangler(environment("", {}), environment("env.preview", {})) };
    const { exitCode, stdout } = await diff(base, after);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("The wrangler file has a new environment. (in preview)");
    expect(stdout).toContain("The wrangler file no longer has the environment. (in production)");
  });

  it("and refuses a link in place of the wrangler file or of the policy", async () => {
    const before = commit(base);
    for (const name of ["wrangler.toml", "routes.json"]) {
      commit(base);
      rmSync(join(scratch.path, name));
      symlinkSync("elsewhere", join(scratch.path, name));
      git("add", name);
      git("commit", "-qm", "link");
      const { exitCode, stdout } = await scopegate("diff", `git:${before}`, "git:HEAD", "--fail-on", "looser");
      expect([exitCode, stdout]).toEqual([2, ""]);
      rmSync(join(scratch.path, name));
    }
  });

  it("and refuses a wrangler file that cannot be read", async () => {
    const { exitCode, stderr } = await diff(base, { ...base, "wrangler.toml": "vars = [" });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^git:[0-9a-f]{40}:wrangler\.toml:1:\d+: Invalid TOML/);
  });
});

it("the files of two folders are compared with the wrangler file beside each", async () => {
  const [one, other] = [scratchDirectory(), scratchDirectory()];
  const files = [one, other].map((folder, at) => {
    folder.write(
      "wrangler.toml",
      at === 0
        ? usual
        : wrangler(environment("", { products: "https://foreign.example" }), environment("env.production", {})),
    );
    return folder.write("routes.json", policy);
  });
  const { exitCode, stdout } = await scopegate("diff", ...files, "--fail-on", "looser");
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining("to https://foreign.example, in top level")]);
});
