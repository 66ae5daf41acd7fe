import { basename, dirname, join, resolve } from "node:path";
import { type Result, success } from "../../result.ts";
import { runGit } from "./git-file.ts";

/** A commit that changed a file. */
export interface FileCommit {
  /** The whole id. */
  readonly id: string;
  /** The committer's date and time, ISO 8601. */
  readonly date: string;
  /** The first line of its message. */
  readonly subject: string;
  /** The absolute path that the file had. */
  readonly path: string;
  /** The id of the file's contents; `undefined`: the commit removed the file. */
  readonly blob: string | undefined;
}

/** The commits that changed a file, the newest first. */
export interface FileHistory {
  readonly commits: readonly FileCommit[];
  /** Whether the clone lacks older commits. */
  readonly isShallow: boolean;
}

/**
 * The history of a file in the repository that its folder belongs to. It follows renames. Fails with what git said.
 *
 * @param revisions where to begin: `HEAD`, or `--all` for every branch and tag
 * @param count of commits at most
 */
export function fileHistory(file: string, revisions: readonly string[], count: number): Result<FileHistory, string> {
  const folder = dirname(resolve(file));
  const top = runGit(["rev-parse", "--show-toplevel"], folder);
  if (!top.ok) return top;
  const shallow = runGit(["rev-parse", "--is-shallow-repository"], folder);
  const log = runGit(
    [
      ...["-c", "core.quotePath=false", "log", ...revisions, "--follow", `--max-count=${count}`],
      // A merge has a file of its own where someone resolved a conflict in it.
      ...["--raw", "--no-abbrev", "--diff-merges=first-parent"],
      // NUL, because no message of a commit has one.
      ...["--format=%x00%H%x00%cI%x00%s%x00", "--", basename(file)],
    ],
    folder,
  );
  if (!log.ok) return log;
  const fields = log.value.split("\0").slice(1);
  const commits: FileCommit[] = [];
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [id = "", date = "", subject = "", changes = ""] = fields.slice(at, at + 4);
    const [, blob, paths = ""] = CHANGE.exec(changes) ?? [];
    if (blob === undefined) continue;
    const path = join(top.value.trim(), paths.split("\t").at(-1) ?? "");
    commits.push({ id, date, subject, path, blob: /^0+$/.test(blob) ? undefined : blob });
  }
  return success({ commits, isShallow: shallow.ok && shallow.value.trim() === "true" });
}

/** The text of a file's contents, or what git said. `file` names the repository. */
export function readGitBlob(file: string, blob: string): Result<string, string> {
  return runGit(["cat-file", "blob", blob], dirname(resolve(file)));
}

/** A line of `git log --raw`: modes, old and new contents, what happened, and the paths. A merge may have none. */
const CHANGE = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) \w+\t(.+)$/m;
