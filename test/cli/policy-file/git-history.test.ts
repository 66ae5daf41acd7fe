import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readGitFile } from "../../../src/cli/policy-file/git-file.ts";
import { fileHistory, readGitBlob } from "../../../src/cli/policy-file/git-history.ts";
import { createRepository } from "../../support/cli/git-repository.ts";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";

describe("the history of a file", () => {
  const repository = createRepository();
  const commits: string[] = [];
  const commit = (content: string, subject: string, file = "routes.json"): void => {
    repository.write(file, content);
    commits.unshift(repository.commit(subject));
  };
  commit("one", "Subject with a \u001e separator\nand a second line", "old folder/routes.json");
  repository.git("mv", "old folder/routes.json", "routes.json");
  commits.unshift(repository.commit("Moved"));
  commit("two", "Changed");
  repository.git("rm", "--quiet", "routes.json");
  commits.unshift(repository.commit("Removed"));
  commit("three", "Back again");
  repository.write("other.json", "other");
  repository.commit("Another file");
  const file = repository.path("routes.json");

  it("has the commits that changed it, the newest first, with renames and removals", () => {
    const history = fileHistory(file, ["HEAD"], 10);
    if (!history.ok) throw new Error(history.failure);
    expect(history.value.isShallow).toBe(false);
    const found = history.value.commits.map(({ blob, ...rest }) => ({
      ...rest,
      text: blob === undefined ? undefined : readGitBlob(file, blob),
    }));
    const text = (value: string) => ({ ok: true, value });
    expect(found.slice(0, 3)).toMatchObject([
      { id: commits[0], subject: "Back again", date: "2023-11-19T22:13:20+00:00", path: file, text: text("three") },
      { id: commits[1], subject: "Removed", text: undefined },
      { id: commits[2], subject: "Changed", text: text("two") },
    ]);
    const last = found.at(-1);
    expect(last).toMatchObject({ id: commits[4], text: text("one"), path: repository.path("old folder/routes.json") });
    expect(last?.subject).toContain("Subject with a");
  });

  it("reads a file of a commit by an absolute path, though its folder is gone", () => {
    const path = repository.path("old folder/routes.json");
    expect(readGitFile({ revision: commits[4] ?? "", path })).toEqual({ ok: true, value: "one" });
  });

  it("has as many commits as it is asked for", () => {
    const history = fileHistory(file, ["HEAD"], 2);
    expect(history.ok && history.value.commits.map(({ id }) => id)).toEqual(commits.slice(0, 2));
  });

  it("is empty for a file that is in no commit", () => {
    writeFileSync(repository.path("new.json"), "new");
    expect(fileHistory(repository.path("new.json"), ["HEAD"], 10)).toMatchObject({ ok: true, value: { commits: [] } });
  });
});

it("a file outside a repository has no history, and git says so", () => {
  const scratch = scratchDirectory();
  const history = fileHistory(join(scratch.path, "routes.json"), ["HEAD"], 10);
  expect(history).toEqual({ ok: false, failure: expect.stringContaining("not a git repository") });
});

it("a repository without a commit has no history, and git says so", () => {
  expect(fileHistory(createRepository().path("routes.json"), ["HEAD"], 10).ok).toBe(false);
});
