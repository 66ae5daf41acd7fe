import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A copy of the project in a temporary directory, whose files may be changed. Removed by `await using`. */
export interface ProjectCopy extends AsyncDisposable {
  /** Where a file of the project is in the copy. */
  path(file: string): string;
  read(file: string): Promise<string>;
  /** In one step, as editors do: who watches the file never finds half of it. */
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
