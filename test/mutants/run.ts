/**
 * `npm run mutants` for all folders, `npm run mutants -- token` for one. Exit code 1 if a score is below 90 %. With
 * `--write`, the scores go into the page on mutants; for all folders only.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine } from "../bench/machine.ts";
import { ROOT } from "../support/project/project-files.ts";
import { writeSection } from "../support/project/write-section.ts";
import { formatScores, type MutantReport } from "./scores.ts";

const STRYKER = join(ROOT, "node_modules/@stryker-mutator/core/bin/stryker.js");
const FOLDERS = ["policy", "token", "keys"];

const { values, positionals } = parseArgs({
  options: { write: { type: "boolean", default: false } },
  allowPositionals: true,
});
const unknown = positionals.find((folder) => !FOLDERS.includes(folder));
if (unknown !== undefined) throw new Error(`There are mutants of ${FOLDERS.join(", ")}, not of ${unknown}.`);
if (values.write && positionals.length > 0) throw new Error("--write needs all folders: name none.");

for (const folder of positionals.length > 0 ? positionals : FOLDERS) {
  const { status } = spawnSync(process.execPath, [STRYKER, "run"], {
    env: { ...process.env, MUTANTS: folder },
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}

if (values.write) {
  const reports = FOLDERS.map((folder): [string, MutantReport] => [
    folder,
    JSON.parse(readFileSync(join(ROOT, `reports/mutants-${folder}.report.json`), "utf8")),
  ]);
  const day = new Date().toISOString().slice(0, 10);
  const run = `Measured by \`npm run mutants -- --write\` on ${day}, on ${describeMachine()}.`;
  writeSection("docs/measurements/mutants.md", "mutants", `${formatScores(Object.fromEntries(reports))}\n\n${run}`);
}
