/** `npm run mutants` for all folders, `npm run mutants -- token` for one. Exit code 1 where a score is below 90 %. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const STRYKER = join(import.meta.dirname, "../../node_modules/@stryker-mutator/core/bin/stryker.js");
const FOLDERS = ["policy", "token", "keys"];

const asked = process.argv.slice(2);
for (const folder of asked.length > 0 ? asked : FOLDERS) {
  if (!FOLDERS.includes(folder)) throw new Error(`There are mutants of ${FOLDERS.join(", ")}, not of ${folder}.`);
  const { status } = spawnSync(process.execPath, [STRYKER, "run"], {
    env: { ...process.env, MUTANTS: folder },
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
