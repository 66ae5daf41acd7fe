import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A copy of the project in a temporary directory, whose files may be changed. Removed by `await using`. */
export interface ProjectCopy extends AsyncDisposable {
  /** Path of a file of the project in the copy. */
  path(file: string): string;
  read(file: string): Promise<string>;
  /** Writes in one step, as editors do: a watcher never finds half a file. */
  write(file: string, text: string): Promise<void>;
}

export async function copyProject(): Promise<ProjectCopy> {
  const directory = await mkdtemp(join(tmpdir(), "scopegate-"));
  const path = (file: string) => join(directory, file);
  for (const name of ["src", "routes.json", "wrangler.toml", "package.json"])
    await cp(name, path(name), { recursive: true });
  await symlink(resolve("node_modules"), path("node_modules"));
  return {
    path,
    read: (file) => readFile(path(file), "utf8"),
    async write(file, text) {
      await writeFile(path(`${file}.new`), text);
      await rename(path(`${file}.new`), path(file));
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}
