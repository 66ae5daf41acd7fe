import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assertEmptyFolder, writeProject } from "../../../src/cli/create/write-project.ts";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const inScratch = (name: string): string => join(scratch.path, name);

describe("a folder for a project", () => {
  it("may be missing, empty, or new to git", () => {
    mkdirSync(inScratch("empty"));
    mkdirSync(inScratch("new-to-git/.git"), { recursive: true });
    for (const name of ["missing", "empty", "new-to-git"])
      expect(() => assertEmptyFolder(inScratch(name))).not.toThrow();
  });

  it("may hold no file, not even a hidden one", () => {
    mkdirSync(inScratch("hidden"));
    scratch.write("hidden/.env", "x");
    expect(() => assertEmptyFolder(inScratch("hidden"))).toThrow("The folder is not empty.");
    expect(() => assertEmptyFolder(inScratch("hidden/.env"))).toThrow("This is a file.");
  });
});

describe("the files of a project", () => {
  it("never replace a file that appeared in the meantime", () => {
    mkdirSync(inScratch("raced"));
    scratch.write("raced/a", "theirs");
    expect(() => writeProject(inScratch("raced"), new Map([["a", "ours"]]))).toThrow("cannot be written (EEXIST)");
    const copies = new Map([["a", scratch.write("from", "ours")]]);
    expect(() => writeProject(inScratch("raced"), new Map(), copies)).toThrow("cannot be written (EEXIST)");
    expect(readFileSync(inScratch("raced/a"), "utf8")).toBe("theirs");
  });

  it("are never written through a link", () => {
    mkdirSync(inScratch("linked"));
    symlinkSync(inScratch("target"), inScratch("linked/a"));
    expect(() => writeProject(inScratch("linked"), new Map([["a", "ours"]]))).toThrow("EEXIST");
    expect(existsSync(inScratch("target"))).toBe(false);
  });
});
