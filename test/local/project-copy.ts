import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A copy of the project in a temporary directory, whose `routes.json` may be changed. Removed by `await using`. */
export interface ProjectCopy extends AsyncDisposable {
  /** Where a file of the project is in the copy. */
  path(file: string): string;
  readRoutes(): Promise<string>;
  /** In one step, as editors do: who watches the file never finds half of it. */
  writeRoutes(text: string): Promise<void>;
}

export async function copyProject(): Promise<ProjectCopy> {
  const directory = await mkdtemp(join(tmpdir(), "scopegate-"));
  const path = (file: string) => join(directory, file);
  for (const name of ["src", "routes.json", "package.json"]) await cp(name, path(name), { recursive: true });
  await symlink(resolve("node_modules"), path("node_modules"));
  return {
    path,
    readRoutes: () => readFile(path("routes.json"), "utf8"),
    async writeRoutes(text) {
      await writeFile(path("routes.json.new"), text);
      await rename(path("routes.json.new"), path("routes.json"));
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}
