/**
 * What a team does that has the packed file and nothing else of this repository: create, install, run, build, update.
 */
import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePorts } from "../../../src/local/ports.ts";
import { runScript } from "../../support/cli/run-script.ts";
import { filesOf } from "../../support/project/import-graph.ts";
import { projectFile, ROOT } from "../../support/project/project-files.ts";
import { npm } from "./npm.ts";

/** npm has to read and unpack some 70 packages. */
const INSTALL_TIMEOUT_MS = 300_000;
const COMMAND_TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: COMMAND_TIMEOUT_MS });
const MAX_PACKED_BYTES = 768 * 1024;
const QUIET = ["--no-audit", "--no-fund", "--prefer-offline"];

/** The command that the README shows. Its options are used here. */
const CREATE = /^npx --package \.\/(\S+) scopegate create my-gateway (--.+)$/m.exec(projectFile("README.md"));
const ANSWERS = CREATE?.[2]?.split(" ") ?? [];

const { version } = JSON.parse(projectFile("package.json"));
const folder = mkdtempSync(join(tmpdir(), "scopegate-package-"));
const outside = join(folder, "outside");
const project = join(folder, "notes");
const inProject = (path: string): string => join(project, path);
let packed: string;
let created: string;

beforeAll(async () => {
  mkdirSync(outside);
  const { stdout } = await npm(ROOT, "pack", "--silent", "--pack-destination", folder);
  packed = join(folder, stdout.trim().split("\n").at(-1) ?? "");
  await npm(join(ROOT, "tools/create-scopegate"), "pack", "--silent", "--pack-destination", folder);
  const packages = [packed, join(folder, `create-${basename(packed)}`)];
  // create needs no other program, so the programs for this platform are left out.
  await npm(outside, "install", ...packages, "--omit=optional", "--ignore-scripts", ...QUIET);
  // What npm runs for `npm create scopegate ../notes`.
  ({ stdout: created } = await npm(outside, "exec", "--", "create-scopegate", "../notes", ...ANSWERS));
  await npm(project, "install", ...QUIET);
}, INSTALL_TIMEOUT_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The modes of the files in a packed file by their names, from its tar headers: 512 bytes each before the content. */
function packedFiles(): ReadonlyMap<string, number> {
  const tar = gunzipSync(readFileSync(packed));
  const modes = new Map<string, number>();
  for (let at = 0; tar[at] !== 0 && at < tar.length; ) {
    const field = (from: number, length: number) =>
      tar.toString("latin1", at + from, at + from + length).split("\0")[0];
    const name = [field(345, 155), field(0, 100)].filter((part) => part !== "").join("/");
    modes.set(name.replace(/^package\//, ""), Number.parseInt(field(100, 8) ?? "", 8));
    at += 512 + Math.ceil(Number.parseInt(field(124, 12) ?? "", 8) / 512) * 512;
  }
  return modes;
}

describe("the packed file", () => {
  it("holds compiled code, what create copies, and nothing else", () => {
    const names = [...packedFiles().keys()];
    expect(names).toEqual(
      expect.arrayContaining([
        "lib/index.js",
        "lib/cli/console/browser/console.js",
        "lib/cli/console/styles/console.css",
      ]),
    );
    const code = /^lib\/(?:[\w-]+\/)*[\w-]+\.(?:js|d\.ts)$|^lib\/cli\/console\/styles\/[\w-]+\.css$/;
    const others = names.filter((name) => !code.test(name));
    expect(others.toSorted()).toEqual([
      ".github/workflows/policy-diff.yml",
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "lib/package.json",
      "lib/policy/routes.schema.json",
      "lib/testing/routes.test.schema.json",
      "package.json",
      "tools/node/package.json",
    ]);
    expect(names.filter((name) => /compile-at-start|\.test\.[jt]s|routes\.json/.test(name))).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("holds a command that can be executed", () => {
    expect(packedFiles().get("lib/cli/bin.js")).toBe(0o755);
  });

  it(`is smaller than ${MAX_PACKED_BYTES / 1024} KiB`, () => {
    expect(readFileSync(packed).length).toBeLessThan(MAX_PACKED_BYTES);
  });

  it("is the same when it is packed again", async () => {
    const again = join(folder, "again");
    mkdirSync(again);
    await npm(ROOT, "pack", "--silent", "--pack-destination", again);
    expect(readFileSync(join(again, basename(packed))).equals(readFileSync(packed))).toBe(true);
  });
});

describe("the way to a project", () => {
  it("is in the README, with the name of the packed file", () => {
    expect(CREATE?.[1]).toBe(basename(packed));
    expect(ANSWERS).toContain("--offline");
  });

  it("has two packages of one version", () => {
    const create = JSON.parse(projectFile("tools/create-scopegate/package.json"));
    expect([create.version, create.dependencies]).toEqual([version, { scopegate: version }]);
  });

  it("says that wrangler is missing where it is needed and not installed", async () => {
    const check = npm(outside, "exec", "--", "scopegate", "check", "--policy", "../notes/routes.json");
    await expect(check).rejects.toThrow("wrangler is needed to read it. Run: npm install --save-dev wrangler");
  });
});

describe("a project from the packed file", () => {
  it("was created with a copy of it, because no registry has it", () => {
    const { dependencies } = JSON.parse(readFileSync(inProject("package.json"), "utf8"));
    expect(dependencies).toEqual({ scopegate: `file:vendor/${basename(packed)}` });
    expect(created).toContain("Next: cd ../notes, npm install, npm run dev.");
  });

  it("holds one workerd", () => {
    expect(globSync("**/node_modules/workerd/package.json", { cwd: project })).toHaveLength(1);
  });

  it("has a table of decisions, in which a mistake and a changed policy are found", async () => {
    const table = readFileSync(inProject("routes.test.json"), "utf8");
    const policy = readFileSync(inProject("routes.json"), "utf8");
    try {
      writeFileSync(inProject("routes.test.json"), table.replaceAll('"client": "web"', '"client": "weeb"'));
      await expect(npm(project, "test")).rejects.toThrow("Did you mean `web`?");
      writeFileSync(inProject("routes.test.json"), table);
      writeFileSync(inProject("routes.json"), policy.replace(/"read:notes",\s+"write:notes"/, '"read:notes"'));
      await expect(npm(project, "test")).rejects.toThrow("failed: web adds to notes");
    } finally {
      writeFileSync(inProject("routes.test.json"), table);
      writeFileSync(inProject("routes.json"), policy);
    }
  });

  it.each(["check", "test", "build"])("passes npm run %s", async (script) => {
    await npm(project, "run", script);
  });

  it("deploys the gateway, the policy, and no compiler", async () => {
    const script = readFileSync(inProject("dist/worker/index.js"), "utf8");
    expect(script).toContain("/notes/:id");
    expect(script).not.toContain("invalid_type");
  });

  it("asks the policy by the command", async () => {
    const args = ["explain", "GET", "/notes/1", "--client", "web", "--json"];
    const { stdout } = await npm(project, "run", "-s", "scopegate", "--", ...args);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "forwarded", route: { path: "/notes/:id" } });
  });

  it("names in its help the call that works there", async () => {
    const { stdout } = await npm(project, "run", "-s", "scopegate", "--", "--help");
    expect(stdout).toContain("Usage: npx scopegate <command>");
    expect(stdout).not.toMatch(/^ {2}(?:demo|schema) /m);
  });

  it("shows its policy in the console, with scripts and style sheets", async () => {
    const main = inProject("node_modules/scopegate/lib/cli/main.js");
    const running = runScript(main, ["console", "--port", "0"], project);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(await running.printed("Ctrl-C stops."))?.[0] ?? "";
    const loaded = new Set<string>();
    for (const path of ["/", "/why", "/live", "/change", "/keys"]) {
      const page = await fetch(url + path);
      const text = await page.text();
      expect([path, page.status]).toEqual([path, 200]);
      for (const [, asset = ""] of text.matchAll(/"(\/assets\/[^"]+)"/g)) loaded.add(asset);
    }
    expect([...loaded]).toEqual(expect.arrayContaining(["/assets/console.css", "/assets/console.js"]));
    for (const asset of loaded) expect([asset, (await fetch(url + asset)).status]).toEqual([asset, 200]);
    expect(await (await fetch(url)).text()).toContain("/notes/:id");
    running.process.kill();
    await running.finished;
  });

  it("allows a call and refuses one, on this machine", async () => {
    const names = ["port", "issuer-port", "products-port", "orders-port", "console-port"];
    const ports = await freePorts(names.length);
    const [gateway, issuer] = ports.map((port) => `http://127.0.0.1:${port}`);
    const main = inProject("node_modules/scopegate/lib/cli/main.js");
    const dev = runScript(main, ["dev", ...names.flatMap((name, at) => [`--${name}`, String(ports[at])])], project);
    await dev.printed("Ctrl-C stops");
    const tokenArgs = ["--client", "web", "--scope", "read:notes", "--token-url", `${issuer}/oauth2/token`];
    const { stdout: token } = await npm(project, "run", "-s", "token", "--", ...tokenArgs);
    const call = (method: string, path: string) =>
      fetch(`${gateway}${path}`, { method, headers: { authorization: `Bearer ${token.trim()}` } });
    const allowed = await call("GET", "/notes/1");
    expect([allowed.status, await allowed.json()]).toEqual([200, expect.objectContaining({ path: "/notes/1" })]);
    expect((await call("DELETE", "/notes/1")).status).toBe(403);
    dev.process.kill();
    await dev.finished;
  });

  it("is refused by the build if the wrangler file does not say where the policy is", async () => {
    const config = inProject("without-policy.toml");
    const text = readFileSync(inProject("wrangler.toml"), "utf8");
    writeFileSync(config, text.replace(/^\[alias\]\n.*\n/m, ""));
    const args = ["exec", "--", "wrangler", "deploy", "--dry-run", "--config", config, "--env", "production"];
    await expect(npm(project, ...args)).rejects.toThrow(
      /The Worker has no policy\. In the wrangler file, add \[alias\]/,
    );
    rmSync(config);
  });

  it("has types for the engine and for tests", () => {
    writeFileSync(
      inProject("types.ts"),
      `import { compilePolicy, type Policy } from "scopegate/policy";
import { type Decision, decide } from "scopegate/testing";
const compiled = compilePolicy({}, {});
if (compiled.ok) {
  const policy: Policy = compiled.value;
  // @ts-expect-error The engine has types of its own, so this is noticed.
  policy.routes.at(0)?.path satisfies number | undefined;
  const { reason }: Decision = await decide(policy, { method: "GET", path: "/", client: undefined });
  // @ts-expect-error It is one of the documented reasons.
  reason satisfies "unknown" | undefined;
  // @ts-expect-error This member is misspelt.
  await decide(policy, { method: "GET", path: "/", scope: "read" });
}
`,
    );
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--types", "--ignoreConfig"];
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [tsc, ...options, "types.ts"], { cwd: project, stdio: "inherit" });
    rmSync(inProject("types.ts"));
  });

  it(
    "keeps every file of the team when the next version is installed over it",
    async () => {
      const next = join(folder, "next");
      mkdirSync(next);
      const installed = inProject("node_modules/scopegate");
      const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
      writeFileSync(join(installed, "package.json"), JSON.stringify({ ...manifest, version: `${version}-next` }));
      await npm(installed, "pack", "--silent", "--ignore-scripts", "--pack-destination", next);
      const files = () =>
        filesOf(project)
          .filter((path) => !/^(?:node_modules|dist|\.wrangler)\//.test(path))
          .map((path) => [path, readFileSync(inProject(path), "utf8")]);
      const before = files();
      await npm(project, "install", "--no-save", join(next, `scopegate-${version}-next.tgz`), ...QUIET);
      const { version: now } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
      expect(now).toBe(`${version}-next`);
      expect(files()).toEqual(before);
      await npm(project, "run", "check");
      await npm(project, "run", "build");
    },
    INSTALL_TIMEOUT_MS,
  );
});
