import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, isAbsolute, relative, sep } from "node:path";
import { failure, type Result, success } from "../../result.ts";

/**
 * A file of a commit. The path counts from the current folder, not from the root of the repository. An absolute path
 * may lead to another repository, and to a folder that only the commit has.
 */
export interface GitFile {
  readonly revision: string;
  readonly path: string;
}

/** The parts of `git:REV` or `git:REV:PATH`; `undefined` if a name has another form. */
export function parseGitName(name: string, defaultPath: string): GitFile | undefined {
  const [, revision, path = defaultPath] = /^git:([^:]+)(?::(.+))?$/.exec(name) ?? [];
  return revision === undefined ? undefined : { revision, path };
}

/** The text of a file of a commit, or what git said. Of a link, it is the path that the link leads to. */
export function readGitFile({ revision, path }: GitFile): Result<string, string> {
  const { folder, rest } = placeOf(path);
  return runGit(["show", "--end-of-options", `${revision}:${rest}`], folder);
}

/** Whether a commit has a file at a path. A link counts, because reading it must fail and not be skipped. */
export function hasGitFile({ revision, path }: GitFile): Result<boolean, string> {
  const { folder, rest } = placeOf(path);
  const listed = runGit(["ls-tree", "--end-of-options", revision, "--", rest], folder);
  return listed.ok ? success(listed.value !== "") : listed;
}

/** Whether git knows a commit by this name here, or the commit in a name such as `HEAD:routes.json`. */
export function namesCommit(name: string): boolean {
  const [revision = ""] = name.split(":");
  return runGit(["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`], ".").ok;
}

/** A folder that exists, and the path from there. Git separates folders by slashes on every system. */
function placeOf(path: string): { readonly folder: string; readonly rest: string } {
  if (!isAbsolute(path)) return { folder: ".", rest: fromHere(path) };
  let folder = dirname(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return { folder, rest: fromHere(relative(folder, path)) };
}

/** Without `./`, git would look from the root of the repository. */
function fromHere(path: string): string {
  return `./${path.replaceAll(sep, "/").replace(/^\.\//, "")}`;
}

/** Runs git in a folder. Returns what it printed, or the first line of its error. */
export function runGit(args: readonly string[], folder: string): Result<string, string> {
  try {
    const output = execFileSync("git", args, {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 256 * 1024 * 1024,
    });
    return success(output);
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n")[0] : "";
    return failure(said || "git cannot be run here.");
  }
}
