import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectFile, ROOT, tableRows } from "../support/project/project-files.ts";

const rows = tableRows(projectFile("docs/reference/requirements.md"), [
  "§",
  "level",
  "requirement",
  "kept in",
  "shown by",
]).map(([section, level, requirement, keptIn, shownBy]) => ({
  name: `${section} ${requirement}`,
  level: level ?? "",
  keptIn: keptIn ?? "",
  shownBy: shownBy ?? "",
}));

/** The test files of a cell, in backquotes, each with the titles after it, in quotes. */
function evidenceIn(cell: string): { file: string; title: string }[] {
  return Array.from(cell.matchAll(/`([\w./-]+\.test\.ts)`((?: "[^"]+")+)/g)).flatMap(([, file = "", titles = ""]) =>
    Array.from(titles.matchAll(/"([^"]+)"/g), ([, title = ""]) => ({ file, title })),
  );
}

/** Whether a test file has this title: as the first argument of a call, or as the name of a table's row. */
function hasTitle(source: string, title: string): boolean {
  const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?:\\(\\s*|\\bname: )(["'\`])${escaped}\\1`).test(source);
}

describe("the table of requirements", () => {
  it.each([
    "RFC 6750",
    "RFC 8725",
    "RFC 8705 and RFC 9449",
    "RFC 9068",
    "RFC 9110",
    "RFC 9457",
    "RFC 9470",
    "RFC 9728",
    "MCP: Streamable HTTP and authorization",
    "OAuth Transaction Tokens",
    "W3C Trace Context",
  ])("has a part on %s", (name) => {
    expect(projectFile("docs/reference/requirements.md")).toMatch(new RegExp(`^## ${name}`, "m"));
  });

  it.each(rows)("names tests that exist, or says why there is none: $name", ({ shownBy }) => {
    const evidence = evidenceIn(shownBy);
    for (const { file, title } of evidence) expect(hasTitle(projectFile(`test/${file}`), title), title).toBe(true);
    expect(evidence.length > 0 || /^[A-Z].+\.$/.test(shownBy)).toBe(true);
    // A file or title in a form that the expression above misses would go unchecked.
    expect(shownBy.match(/\.test\.ts/g) ?? []).toHaveLength(new Set(evidence.map(({ file }) => file)).size);
    expect(shownBy.match(/"/g) ?? []).toHaveLength(evidence.length * 2);
  });

  it.each(rows)("says where it is kept, or why nowhere: $name", ({ level, keptIn, shownBy }) => {
    expect(level).toMatch(/^(?:MUST|SHOULD)(?: NOT)?(?:, (?:MUST|SHOULD)(?: NOT)?)?$/);
    const files = Array.from(keptIn.matchAll(/`([^`]+)`/g), ([, file = ""]) => file);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    expect(files.length > 0 || (keptIn === "—" && evidenceIn(shownBy).length === 0)).toBe(true);
  });

  it("takes only a title for one", () => {
    const source = 'it("is fine", () => expect("is text"));\n{ name: "is a row" };\nit.each([1])("is each %d", f);';
    for (const title of ["is fine", "is a row", "is each %d"]) expect(hasTitle(source, title)).toBe(true);
    for (const title of ["is", "is fin", "fine", "is each 1"]) expect(hasTitle(source, title)).toBe(false);
  });
});
