import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../support/cli/run-scopegate.ts";
import { projectFile, ROOT, SHOP_POLICY } from "../support/project/project-files.ts";

/** The policy of the shop, with every array and object on lines of their own, indented by tabs. */
const reformatted = JSON.stringify(JSON.parse(projectFile(SHOP_POLICY)), null, "\t");

const scratch = scratchDirectory();
for (const name of ["biome.json", ".gitignore"]) copyFileSync(join(ROOT, name), join(scratch.path, name));
symlinkSync(join(ROOT, "node_modules"), join(scratch.path, "node_modules"), "junction");
scratch.write("other.ts", 'export const ok = "yes";\n');

/** Runs the linter of `npm run lint`, with the project's settings, on one JSON file beside a TypeScript file. */
function lint(name: string, text: string): { readonly exitCode: number | null; readonly output: string } {
  const file = scratch.write(name, text);
  const biome = join(ROOT, "node_modules/@biomejs/biome/bin/biome");
  const { status, stdout, stderr } = spawnSync(process.execPath, [biome, "check", "--error-on-warnings"], {
    cwd: scratch.path,
    encoding: "utf8",
  });
  rmSync(file);
  return { exitCode: status, output: stdout + stderr };
}

describe("the formatting of routes.json is the team's own", () => {
  it("is not looked at by the linter", () => {
    expect(reformatted).not.toBe(projectFile(SHOP_POLICY));
    expect(lint("routes.json", reformatted)).toMatchObject({ exitCode: 0 });
  });

  it("is the only JSON that is not: the same text under another name fails", () => {
    expect(lint("other.json", reformatted).exitCode).not.toBe(0);
  });

  it("does not hide a fault of the policy, which is reported with its place", async () => {
    const lines = reformatted.split("\n");
    const at = lines.findIndex((line) => line.trim() === '"read:products"');
    const faulty = lines.with(at, (lines[at] ?? "").replace("read:products", "read:prodcuts"));
    const policy = scratch.write("routes.json", faulty.join("\n"));
    const { exitCode, stdout } = await scopegate("check", "--policy", policy, "--json");
    expect(exitCode).toBe(1);
    const { findings } = JSON.parse(stdout) as { findings: { line: number; severity: string }[] };
    expect(findings).toContainEqual(expect.objectContaining({ severity: "error", line: at + 1 }));
  });
});
