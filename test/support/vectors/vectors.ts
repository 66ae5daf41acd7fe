import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = process.env["SCOPEGATE_VECTORS"] ?? join(import.meta.dirname, "../../../../shared/vectors");

/**
 * The cases of a file of third-party test data. The data is not part of the project; `SCOPEGATE_VECTORS` names its
 * folder. If the file is missing, there are no cases, and a warning says so.
 */
export function readVectors<Case>(file: string): readonly Case[] {
  const path = join(FOLDER, file);
  if (!existsSync(path)) {
    console.warn(
      `Skipped: there is no ${path}. Set SCOPEGATE_VECTORS to the folder of the test data to run its cases.`,
    );
    return [];
  }
  return (JSON.parse(readFileSync(path, "utf8")) as { readonly cases: readonly Case[] }).cases;
}
