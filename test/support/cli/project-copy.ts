import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { shopFileAtRoot } from "../project/own-policies.ts";
import { ROOT, SHOP_POLICY, SHOP_WRANGLER } from "../project/project-files.ts";

/**
 * A copy of the project in a temporary directory, whose files may be changed. The files of the shop are at its root,
 * because the root's own may hold any policy. Removed by `await using`.
 */
export interface ProjectCopy extends AsyncDisposable {
  readonly directory: string;
  /** Path of a file of the project in the copy. */
  path(file: string): string;
  read(file: string): Promise<string>;
  /** Writes in one step, as editors do: a watcher never finds half a file. */
  write(file: string, text: string): Promise<void>;
}

export async function copyProject(): Promise<ProjectCopy> {
  const directory = await mkdtemp(join(tmpdir(), "scopegate-"));
  const path = (file: string) => join(directory, file);
  // Another test may be writing to a folder `dist` at this moment.
  const filter = (source: string) => basename(source) !== "dist";
  for (const name of ["src", "examples", "package.json"])
    await cp(join(ROOT, name), path(name), { recursive: true, filter });
  await writeFile(path("routes.json"), shopFileAtRoot(SHOP_POLICY));
  await writeFile(path("wrangler.toml"), shopFileAtRoot(SHOP_WRANGLER));
  // Windows lets everyone make junctions, but not symbolic links.
  await symlink(join(ROOT, "node_modules"), path("node_modules"), "junction");
  return {
    directory,
    path,
    read: (file) => readFile(path(file), "utf8"),
    async write(file, text) {
      await writeFile(path(`${file}.new`), text);
      await rename(path(`${file}.new`), path(file));
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}
