import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { largePolicyFile } from "../../support/policy/large-policy.ts";

const folder = mkdtempSync(join(tmpdir(), "scopegate-"));
const [old, now] = [join(folder, "old.json"), join(folder, "new.json")];

/** The process takes some 200 MB more. Without a bound, Node takes 900 MB in all where every route is replaced. */
const HEAP_MB = 640;

beforeAll(() => {
  const file = largePolicyFile({ routes: 100_000, prefixes: [""], guarantees: [{ publicOnly: [] }] });
  writeFileSync(old, JSON.stringify(file, null, 2));
  // Every route is removed, and another one is added.
  const routes = file.routes.map((route) => ({ ...route, path: route.path.replace("resource", "thing") }));
  writeFileSync(now, JSON.stringify({ ...file, routes }, null, 2));
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  { name: "checked", args: ["check", "--policy", old], expected: /no findings|warning|notice/ },
  { name: "proved", args: ["prove", "--policy", old], expected: /holds/ },
  { name: "compared with as many others", args: ["diff", old, now], expected: / removed/ },
])(
  "100,000 routes are $name within a heap of 640 MB",
  ({ args, expected }) => {
    const node = ["--no-warnings", `--max-old-space-size=${HEAP_MB}`, "src/cli/main.ts", ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, node, { encoding: "utf8", maxBuffer: 2 ** 28 });
    expect(stderr).toBe("");
    expect(stdout).toMatch(expected);
    expect(status).toBe(0);
  },
  120_000,
);
