import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ownPackedFile, ownVersions } from "../../../src/cli/create/own-package.ts";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { projectFile } from "../../support/project/project-files.ts";

const scratch = scratchDirectory();
const root = join(scratch.path, "node_modules/scopegate");
mkdirSync(root, { recursive: true });
const packed = scratch.write("scopegate-0.2.0.tgz", "packed");

/** What npm notes when it installs. */
function installed(resolved: unknown): void {
  scratch.write("node_modules/.package-lock.json", { packages: { "node_modules/scopegate": { resolved } } });
}

describe("the packed file that npm installed this from", () => {
  it.each([
    { name: "of a folder beside it", resolved: "file:scopegate-0.2.0.tgz", expected: packed },
    { name: "is none if it is gone", resolved: "file:gone.tgz", expected: undefined },
    { name: "is none for a link to a folder", resolved: "file:..", expected: undefined },
    { name: "is none for a registry", resolved: "https://registry.npmjs.org/x.tgz", expected: undefined },
    { name: "is none where npm notes no source", resolved: undefined, expected: undefined },
  ])("$name", ({ resolved, expected }) => {
    installed(resolved);
    expect(ownPackedFile(root)).toBe(expected);
  });

  it.each(["", "[]", '{"packages":{}}'])("is none if the note is %j", (note) => {
    scratch.write("node_modules/.package-lock.json", note);
    expect(ownPackedFile(root)).toBeUndefined();
  });

  it("is none in the repository", () => expect(ownPackedFile()).toBeUndefined());
});

describe("the versions of a project", () => {
  it("are those of this repository", () => {
    const { version, devDependencies } = JSON.parse(projectFile("package.json"));
    expect(ownVersions()).toEqual({
      scopegate: version,
      wrangler: devDependencies.wrangler,
      vitest: devDependencies.vitest,
      nodes: JSON.parse(projectFile("tools/node/package.json")).optionalDependencies,
    });
  });
});
