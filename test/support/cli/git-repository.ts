import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

/** A git repository in a temporary folder, removed after the tests of the file. */
export interface GitRepository {
  readonly folder: string;
  /** The absolute path of a file in it. */
  path(file: string): string;
  write(file: string, content: unknown): void;
  /** Runs git, and returns what it printed. */
  git(...args: readonly string[]): string;
  /** Commits everything that has changed. Returns the id of the commit. */
  commit(subject: string): string;
}

/** Makes an empty repository whose branch is `main`. No setting of this machine applies to it. */
export function createRepository(): GitRepository {
  const folder = mkdtempSync(join(tmpdir(), "scopegate-git-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgSign=false"];
  let seconds = 1_700_000_000;
  const git = (...args: readonly string[]): string => {
    const at = `${seconds} +0000`;
    const dated = { ...env, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at };
    return execFileSync("git", [...who, ...args], { cwd: folder, env: dated, encoding: "utf8", stdio: "pipe" }).trim();
  };
  const path = (file: string): string => join(folder, file);
  git("init", "--quiet", "--initial-branch=main");
  return {
    folder,
    path,
    git,
    write(file, content) {
      mkdirSync(dirname(path(file)), { recursive: true });
      writeFileSync(path(file), typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`);
    },
    commit(subject) {
      // A day later, so that the order of the dates is that of the commits.
      seconds += 86_400;
      git("add", "--all");
      git("commit", "--quiet", "--message", subject);
      return git("rev-parse", "HEAD");
    },
  };
}
