import { describe, expect, it } from "vitest";
import { hasGitFile, namesCommit, parseGitName, readGitFile } from "../../../src/cli/policy-file/git-file.ts";

describe("parseGitName", () => {
  it.each([
    { name: "git:main", expected: { revision: "main", path: "routes.json" } },
    { name: "git:HEAD~1:a/b.json", expected: { revision: "HEAD~1", path: "a/b.json" } },
    { name: "git:", expected: undefined },
    { name: "routes.json", expected: undefined },
  ])("$name", ({ name, expected }) => {
    expect(parseGitName(name, "routes.json")).toEqual(expected);
  });
});

describe("a file of a commit", () => {
  it.each([
    { name: "an option in place of a revision", revision: "--output=x" },
    { name: "a revision that is not there", revision: "no-such-revision" },
  ])("cannot be read from $name", ({ revision }) => {
    expect(readGitFile({ revision, path: "routes.json" }).ok).toBe(false);
    expect(hasGitFile({ revision, path: "routes.json" }).ok).toBe(false);
  });

  it("is there or is not", () => {
    expect(hasGitFile({ revision: "HEAD", path: "package.json" })).toEqual({ ok: true, value: true });
    expect(hasGitFile({ revision: "HEAD", path: "no-such-file.json" })).toEqual({ ok: true, value: false });
  });
});

describe("a name of a commit", () => {
  it.each([
    { name: "HEAD", expected: true },
    { name: "HEAD~0", expected: true },
    { name: "HEAD:routes.json", expected: true },
    { name: "HEAD:", expected: true },
    { name: "no-such-revision", expected: false },
    { name: "HEAD..HEAD", expected: false },
    { name: "package.json", expected: false },
    { name: "", expected: false },
    { name: ":routes.json", expected: false },
    { name: "--help", expected: false },
    { name: "HEAD\0", expected: false },
  ])("is known to git: $name $expected", ({ name, expected }) => {
    expect(namesCommit(name)).toBe(expected);
  });
});
