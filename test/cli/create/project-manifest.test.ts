import { describe, expect, it } from "vitest";
import { projectName } from "../../../src/cli/create/project-manifest.ts";

describe("the name of a project", () => {
  it.each([
    { folder: "notes", name: "notes" },
    { folder: "Notes Gateway", name: "notes-gateway" },
    { folder: "1-notes_", name: "notes" },
    { folder: "x".repeat(50), name: "x".repeat(40) },
    { folder: `${"x".repeat(39)}--y`, name: "x".repeat(39) },
    { folder: "日本", name: "gateway" },
    { folder: "", name: "gateway" },
  ])("of the folder `$folder` is $name", ({ folder, name }) => expect(projectName(folder)).toBe(name));
});
