import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { largePolicyFile } from "../../support/policy/large-policy.ts";

/** 20,000 routes with a literal of its own below each resource, so that no two new resources are alike. */
function policyFile(prefixes: readonly string[]): string {
  const file = largePolicyFile({ routes: prefixes.length * 10_000, prefixes });
  const routes = file.routes.map((route) => ({
    ...route,
    path: route.path.replace(/resource-(\d+)(.*)\/items$/, "resource-$1$2/items-$1"),
  }));
  return JSON.stringify({ ...file, routes });
}

test("a comparison that gives up says so in a process with 512 MB", () => {
  const folder = mkdtempSync(join(tmpdir(), "scopegate-"));
  try {
    const [old, now] = [join(folder, "old.json"), join(folder, "new.json")];
    writeFileSync(old, policyFile(["/:tenant"]));
    writeFileSync(now, policyFile(["", "/:tenant"]));
    const args = ["--no-warnings", "--max-old-space-size=512", "src/cli/main.ts", "diff", old, now];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(stderr).toContain("The path patterns overlap in too many ways: the search ended after 500000 steps.");
    expect(status).toBe(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
