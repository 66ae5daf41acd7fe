import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { expect, it, onTestFinished } from "vitest";
import { filesOf, importCircles, importsOf, readImportGraph } from "./import-graph.ts";
import { ROOT } from "./project-files.ts";

it.each([
  { name: "a name", source: 'import { a } from "./a.ts";', expected: ["./a.ts"] },
  { name: "a type", source: 'import type { A } from "./a.ts";', expected: ["./a.ts"] },
  { name: "a type among names", source: 'import { type A, b } from "./a.ts";', expected: ["./a.ts"] },
  { name: "a default and a namespace", source: 'import a, * as b from "a";', expected: ["a"] },
  { name: "an import of several lines", source: 'import {\n  a,\n  b as c,\n} from "./a.ts";', expected: ["./a.ts"] },
  {
    name: "an import with attributes",
    source: 'import a from "./a.json" with { type: "json" };',
    expected: ["./a.json"],
  },
  { name: "an import for its effect", source: 'import "./a.ts";', expected: ["./a.ts"] },
  {
    name: "a re-export",
    source: 'export * from "./a.ts";\nexport type { B } from "./b.ts";',
    expected: ["./a.ts", "./b.ts"],
  },
  { name: "a dynamic import", source: 'const a = await import("./a.ts");', expected: ["./a.ts"] },
  { name: "a type by its module", source: 'let a: import("./a.ts").A;', expected: ["./a.ts"] },
  {
    name: "one module twice",
    source: 'import { a } from "./a.ts";\nimport type { A } from "./a.ts";',
    expected: ["./a.ts"],
  },
  {
    name: "no import: import.meta, text, a comment",
    source: '// from "x"\nconst a = `from "x"` + import.meta.url;\nexport const b = "from";',
    expected: [],
  },
  { name: "no import: an export before a text", source: 'export const from = 1;\nconst a = "a";', expected: [] },
])("finds $name", ({ source, expected }) => {
  expect(importsOf(source)).toEqual(expected);
});

it("refuses a dynamic import whose target only the running program knows", () => {
  expect(() => importsOf("await import(name);")).toThrow("not a string");
});

it("reads a folder: paths from it, packages by their name", () => {
  const folder = mkdtempSync(join(tmpdir(), "scopegate-imports-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = {
    "a.ts": 'import { b } from "./inner/b.ts";\nimport x from "../outside.json" with { type: "json" };',
    "inner/b.ts": 'import "../a.ts";\nimport "node:fs";\nimport "hono/utils/url";\nimport "@scope/name/part";',
    "notes.md": 'import "./nothing.ts";',
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  expect(Object.fromEntries(readImportGraph(folder))).toEqual({
    "a.ts": ["inner/b.ts", "../outside.json"],
    "inner/b.ts": ["a.ts", "node:", "hono", "@scope/name"],
  });
});

it.each([
  { name: "none in a line", graph: { a: ["b", "c"], b: ["c"], c: [] }, expected: [] },
  { name: "a file that imports itself", graph: { a: ["a"] }, expected: [["a"]] },
  { name: "two files", graph: { a: ["b"], b: ["a"], c: ["a"] }, expected: [["a", "b"]] },
  {
    name: "three files, and what hangs on them",
    graph: { a: ["b"], b: ["c", "d"], c: ["a"], d: [] },
    expected: [["a", "b", "c"]],
  },
  {
    name: "two circles",
    graph: { a: ["b"], b: ["a", "c"], c: ["d"], d: ["c"] },
    expected: [
      ["a", "b"],
      ["c", "d"],
    ],
  },
  { name: "packages aside", graph: { a: ["hono"], b: ["hono"] }, expected: [] },
])("finds import circles: $name", ({ graph, expected }) => {
  expect(importCircles(new Map(Object.entries(graph)))).toEqual(expected);
});

it("misses no import between files of src that esbuild finds", async () => {
  const src = join(ROOT, "src");
  const { metafile } = await build({
    entryPoints: filesOf(src).filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts")),
    absWorkingDir: src,
    bundle: true,
    packages: "external",
    external: ["#features", "#policy"],
    format: "esm",
    platform: "node",
    metafile: true,
    write: false,
    outdir: "unused",
  });
  const graph = readImportGraph(src);
  const found = Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
    imports.filter(({ external }) => !external).map(({ path }) => ({ file, path })),
  );
  expect(found.length).toBeGreaterThan(100);
  expect(found.filter(({ file, path }) => !graph.get(file)?.includes(path))).toEqual([]);
});
