import { execFileSync } from "node:child_process";
import { sep } from "node:path";
import { failure, type Result, success } from "../../result.ts";

/** A file of a commit. The path counts from the current folder, not from the root of the repository. */
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
  return runGit("show", "--end-of-options", `${revision}:${fromHere(path)}`);
}

/** Whether a commit has a file at a path. A link counts, because reading it must fail and not be skipped. */
export function hasGitFile({ revision, path }: GitFile): Result<boolean, string> {
  const listed = runGit("ls-tree", "--end-of-options", revision, "--", fromHere(path));
  return listed.ok ? success(listed.value !== "") : listed;
}

/** Without `./`, git would look from the root of the repository. Git separates folders by slashes on every system. */
function fromHere(path: string): string {
  return `./${path.replaceAll(sep, "/").replace(/^\.\//, "")}`;
}

function runGit(...args: readonly string[]): Result<string, string> {
  try {
    const output = execFileSync("git", args, {
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
