import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  commitIdOf,
  fileOf,
  findRevision,
  latestCommits,
  parseRevision,
} from "../../../../../src/cli/console/change/compute/revision.ts";
import { createRepository } from "../../../../support/cli/git-repository.ts";
import { scratchDirectory } from "../../../../support/cli/run-scopegate.ts";

const ANOTHER_FILE = expect.stringMatching(/no other file/);
const NO_REVISION = expect.stringMatching(/^This is not a git revision\./);

describe("the revision in an address", () => {
  it.each([
    { text: "git:HEAD", revision: "HEAD" },
    { text: "git:HEAD~3", revision: "HEAD~3" },
    { text: "git:HEAD^2", revision: "HEAD^2" },
    { text: "git:main@{yesterday}", revision: "main@{yesterday}" },
    { text: "git:feature/größe-#17", revision: "feature/größe-#17" },
    { text: `git:${"a".repeat(200)}`, revision: "a".repeat(200) },
  ])("is taken: $text", ({ text, revision }) => {
    expect(parseRevision(text)).toEqual({ ok: true, value: revision });
  });

  it.each([
    { name: "a file", text: "/etc/passwd", failure: ANOTHER_FILE },
    { name: "a policy", text: "routes.json", failure: ANOTHER_FILE },
    { name: "nothing", text: "", failure: ANOTHER_FILE },
    { name: "another file of a commit", text: "git:HEAD:secrets.json", failure: ANOTHER_FILE },
    { name: "a file of the index", text: "git::secrets.json", failure: ANOTHER_FILE },
    { name: "a search in messages", text: "git::/fix", failure: ANOTHER_FILE },
    { name: "no revision", text: "git:", failure: NO_REVISION },
    { name: "an option", text: "git:--output=/tmp/x", failure: NO_REVISION },
    { name: "a range", text: "git:main..HEAD", failure: NO_REVISION },
    { name: "a search by a regular expression", text: "git:HEAD^{/(a+)+$}", failure: NO_REVISION },
    { name: "a space", text: "git:HEAD x", failure: NO_REVISION },
    { name: "a line break", text: "git:HEAD\nx", failure: NO_REVISION },
    { name: "an escape character", text: "git:\u001b[31m", failure: NO_REVISION },
    { name: "a NUL", text: "git:HEAD\0", failure: NO_REVISION },
    { name: "a text that is too long", text: `git:${"a".repeat(201)}`, failure: NO_REVISION },
  ])("is refused with one sentence: $name", ({ text, failure }) => {
    expect(parseRevision(text)).toEqual({ ok: false, failure });
  });
});

describe("the file of a policy", () => {
  it.each([
    { policy: "routes.json", expected: join(process.cwd(), "routes.json") },
    { policy: "git:main", expected: join(process.cwd(), "routes.json") },
    { policy: "git:main:policies/shop.json", expected: join(process.cwd(), "policies/shop.json") },
    { policy: "/somewhere/shop.json", expected: "/somewhere/shop.json" },
  ])("is $expected for $policy", ({ policy, expected }) => {
    expect(fileOf(policy)).toBe(expected);
  });
});

describe("the commit of a revision", () => {
  const repository = createRepository();
  const file = repository.path("shop/routes.json");
  repository.write("old/policy.json", "one");
  const first = repository.commit("First <b>policy</b>\u001b[31m");
  mkdirSync(repository.path("shop"));
  repository.git("mv", "old/policy.json", "shop/routes.json");
  const moved = repository.commit("Moved");
  repository.write("other.json", "other");
  const other = repository.commit("Another file");
  repository.git("branch", "gr\u00f6\u00dfe");
  repository.git("tag", "v1", first);

  it("is found with what people know it by, and with the file in it", () => {
    const found = findRevision("HEAD~1", file);
    expect(found).toMatchObject({ ok: true, value: { name: "git:HEAD~1", path: file } });
    expect(found.ok && found.value.commit).toMatchObject({ id: moved, subject: "Moved" });
    expect(commitIdOf("gr\u00f6\u00dfe", file)).toBe(other);
  });

  it.each([{ revision: first }, { revision: first.slice(0, 10) }, { revision: "v1" }, { revision: "HEAD~2" }])(
    "has the file under its earlier name: $revision",
    ({ revision }) => {
      expect(findRevision(revision, file)).toMatchObject({
        ok: true,
        value: { commit: { id: first }, path: repository.path("old/policy.json") },
      });
    },
  );

  it("is one of those that changed the file, the newest first", () => {
    expect(latestCommits(file).map(({ id }) => id)).toEqual([moved, first]);
    expect(latestCommits(repository.path("new.json"))).toEqual([]);
  });

  const outside = scratchDirectory();
  writeFileSync(join(outside.path, "routes.json"), "{}");
  const empty = createRepository();
  it.each([
    {
      name: "no repository",
      revision: "HEAD",
      file: join(outside.path, "routes.json"),
      failure: /^git finds no repository for `routes.json`: .+/,
    },
    {
      name: "no commit",
      revision: "HEAD",
      file: empty.path("routes.json"),
      failure: /^The repository has no commit yet, so there is nothing to compare with\.$/,
    },
    {
      name: "no such revision",
      revision: "nope",
      file,
      failure: /^git knows no revision `nope` in this repository\.$/,
    },
    { name: "nothing before the first commit", revision: "HEAD~3", file, failure: /^git knows no revision `HEAD~3`/ },
    { name: "a tree in place of a commit", revision: "HEAD^{tree}", file, failure: /^git knows no revision/ },
    {
      name: "a file that is in no commit",
      revision: "HEAD",
      file: repository.path("new.json"),
      failure: /^git:HEAD has no file `new.json` in this folder, so there is nothing to compare with\.$/,
    },
  ])("is refused with one sentence: $name", ({ revision, file: of, failure }) => {
    expect(findRevision(revision, of)).toEqual({ ok: false, failure: expect.stringMatching(failure) });
  });
});
