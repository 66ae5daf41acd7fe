import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileExists, replaceFile } from "../../../src/cli/policy-file/replace-file.ts";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();

describe("replaceFile", () => {
  it("writes a new file", () => {
    const file = join(scratch.path, "new.json");
    replaceFile(file, "new");
    expect(readFileSync(file, "utf8")).toBe("new");
  });

  it.skipIf(process.platform === "win32")("keeps the permissions of an existing file", () => {
    const file = scratch.write("old.json", "old");
    chmodSync(file, 0o640);
    replaceFile(file, "new");
    expect([readFileSync(file, "utf8"), statSync(file).mode & 0o777]).toEqual(["new", 0o640]);
  });

  it("keeps a link, and replaces what it leads to", () => {
    const file = scratch.write("target.json", "old");
    const link = join(scratch.path, "link.json");
    symlinkSync(file, link);
    replaceFile(link, "new");
    expect([lstatSync(link).isSymbolicLink(), readFileSync(file, "utf8")]).toEqual([true, "new"]);
  });

  it("never writes through a link in place of its unfinished file", () => {
    const file = scratch.write("planted.json", "old");
    const other = scratch.write("other.json", "other");
    symlinkSync(other, `${file}.${process.pid}`);
    expect(() => replaceFile(file, "new")).toThrow(/EEXIST/);
    expect([readFileSync(file, "utf8"), readFileSync(other, "utf8")]).toEqual(["old", "other"]);
  });

  it("leaves the old file, and nothing beside it, if it fails", () => {
    const folder = join(scratch.path, "folder.json");
    mkdirSync(folder);
    expect(() => replaceFile(folder, "new")).toThrow();
    expect(lstatSync(folder).isDirectory()).toBe(true);
    expect(readdirSync(scratch.path).filter((name) => name.endsWith(String(process.pid)))).toEqual([]);
  });
});

it("fileExists counts a link that leads nowhere, and no path below a file", () => {
  const link = join(scratch.path, "nowhere");
  symlinkSync(join(scratch.path, "missing"), link);
  const file = scratch.write("file", "");
  expect([fileExists(link), fileExists(join(file, "below")), fileExists(join(scratch.path, "missing"))]).toEqual([
    true,
    false,
    false,
  ]);
});
