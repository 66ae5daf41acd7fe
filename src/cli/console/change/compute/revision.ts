import { basename, dirname, resolve } from "node:path";
import { failure, type Result, success } from "../../../../result.ts";
import { hasGitFile, parseGitName, runGit } from "../../../policy-file/git-file.ts";
import { type FileCommit, fileHistory } from "../../../policy-file/git-history.ts";
import { DEFAULT_POLICY } from "../../../policy-file/policy-source.ts";

/** The revision that a policy is compared with if the address names none. */
export const DEFAULT_REVISION = "git:HEAD";

/** The commits that the page lists. */
const MAX_COMMITS = 20;

/** A longer text is no revision that a person would write. In UTF-16 code units. */
const MAX_REVISION_LENGTH = 200;

/**
 * What git takes for a revision. Control characters, spaces, `:`, `?`, `*`, `[` and `\` are in no name
 * (git-check-ref-format). A `:` would select another file, `..` a range, and a leading `-` an option of git.
 */
const REVISION = /^(?!-)(?!.*\.\.)(?!.*\{\/)[^\p{Cc}\s:?*[\\]+$/u;

/** A commit, and the file of the policy in it. */
export interface Revision {
  /** As the address names it: `git:HEAD`. */
  readonly name: string;
  readonly commit: CommitLabel;
  /** The absolute path that the file has in the commit. */
  readonly path: string;
}

/** What people know a commit by. */
export type CommitLabel = Pick<FileCommit, "id" | "date" | "subject">;

/**
 * The revision in a text such as `git:HEAD~3`, without `git:`. Whether git knows it is not checked. The failure is one
 * sentence: files, and other files of a commit, are refused, because the page shows one file only.
 */
export function parseRevision(text: string): Result<string, string> {
  const [, revision] = /^git:(.*)$/s.exec(text) ?? [];
  if (revision === undefined) {
    return failure("Write a git revision of the same file, such as `git:HEAD`: the page compares no other file.");
  }
  if (revision.includes(":")) {
    return failure("Write `git:` and a revision only: the page compares no other file of a commit.");
  }
  if (revision.length > MAX_REVISION_LENGTH || !REVISION.test(revision)) {
    return failure(
      "This is not a git revision. Write a branch, a tag or a commit, such as `git:main` or `git:HEAD~3`.",
    );
  }
  return success(revision);
}

/** The absolute path of a policy's file. For a policy of a commit, it is the path in the working tree. */
export function fileOf(policyName: string): string {
  return resolve(parseGitName(policyName, DEFAULT_POLICY)?.path ?? policyName);
}

/**
 * Finds the commit of a revision, and the file in it. A commit of the file's own history may have the file under an
 * earlier name. Fails with one sentence. It runs git, but no shell.
 *
 * @param revision from `parseRevision`
 * @param file absolute path
 */
export function findRevision(revision: string, file: string): Result<Revision, string> {
  const name = `git:${revision}`;
  const commit = readCommit(revision, file);
  if (commit === undefined) return failure(whyUnknown(name, file));
  const path = pathIn(commit, file);
  if (path === undefined) {
    return failure(`${name} has no file \`${basename(file)}\` in this folder, so there is nothing to compare with.`);
  }
  return success({ name, commit, path });
}

/** The id of the commit that a revision stands for now. `undefined`: git knows none. */
export function commitIdOf(revision: string, file: string): string | undefined {
  return readCommit(revision, file)?.id;
}

/** The latest commits that changed the file, the newest first. None, if git finds none. */
export function latestCommits(file: string): readonly FileCommit[] {
  const history = fileHistory(file, ["HEAD"], MAX_COMMITS);
  return history.ok ? history.value.commits.filter(({ blob }) => blob !== undefined) : [];
}

/** The short id of a commit, as links and headings have it. */
export function shortId(id: string): string {
  return id.slice(0, 10);
}

function readCommit(revision: string, file: string): CommitLabel | undefined {
  const log = runGit(
    [
      ...["log", "--max-count=1", "--no-show-signature", "--format=%H%x00%cI%x00%s"],
      ...["--end-of-options", `${revision}^{commit}`, "--"],
    ],
    dirname(file),
  );
  if (!log.ok) return undefined;
  const [id = "", date = "", subject = ""] = log.value.trimEnd().split("\0");
  return /^[0-9a-f]{40,64}$/.test(id) ? { id, date, subject } : undefined;
}

function pathIn({ id }: CommitLabel, file: string): string | undefined {
  const isThere = hasGitFile({ revision: id, path: file });
  if (isThere.ok && isThere.value) return file;
  return latestCommits(file).find((commit) => commit.id === id)?.path;
}

/** Asks git what is missing, instead of reading its messages, which have the user's language. */
function whyUnknown(name: string, file: string): string {
  const folder = dirname(file);
  if (!runGit(["--version"], ".").ok) return "git cannot be run here, so there is nothing to compare with.";
  const top = runGit(["rev-parse", "--show-toplevel"], folder);
  if (!top.ok) return `git finds no repository for \`${basename(file)}\`: ${top.failure}`;
  if (!runGit(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], folder).ok) {
    return "The repository has no commit yet, so there is nothing to compare with.";
  }
  return `git knows no revision \`${name.slice("git:".length)}\` in this repository.`;
}
