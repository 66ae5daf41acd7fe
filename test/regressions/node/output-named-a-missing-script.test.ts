import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ownVersions } from "../../../src/cli/create/own-package.ts";
import { projectManifest } from "../../../src/cli/create/project-manifest.ts";
import { filesOf } from "../../support/project/import-graph.ts";
import { projectFile, ROOT } from "../../support/project/project-files.ts";

/** The files whose texts a project shows, too. `schema` works in the repository only; `create` writes whole files. */
const SHOWN = ["src/cli", "src/local"].flatMap((folder) =>
  filesOf(join(ROOT, folder))
    .filter((file) => file.endsWith(".ts") && !/^create\/|^commands\/schema\.ts$/.test(file))
    .map((file) => join(ROOT, folder, file)),
);

const named = new Set(
  SHOWN.flatMap((file) =>
    Array.from(readFileSync(file, "utf8").matchAll(/\bnpm run (?:-s |--silent )?([a-z][\w:-]*)/g), ([, name]) => name),
  ),
);

describe("a script that the command line names", () => {
  it.each([
    { where: "the repository", manifest: projectFile("package.json") },
    { where: "a project from `scopegate create`", manifest: projectManifest("notes", "^0.2.0", ownVersions()) },
  ])("exists in $where", ({ manifest }) => {
    const { scripts } = JSON.parse(manifest);
    expect(named).toContain("dev");
    expect([...named].filter((name) => name === undefined || !Object.hasOwn(scripts, name))).toEqual([]);
  });
});
