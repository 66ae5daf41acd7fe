import { expect, it } from "vitest";
import { crowdedFolders, filesWithoutLayer, forbiddenImports, type Layers } from "./layers.ts";

const layers: Layers = { "main.ts": ["http", "http/deep"], http: ["hono"], "http/deep": ["http"] };

function forbidden(graph: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return forbiddenImports(new Map(Object.entries(graph)), layers);
}

it.each([
  { name: "a layer of its row", graph: { "main.ts": ["http/a.ts", "http/deep/b.ts"] } },
  { name: "a package of its row", graph: { "http/a.ts": ["hono"] } },
  { name: "its own layer", graph: { "http/a.ts": ["http/b.ts"] } },
])("allows a file to import $name", ({ graph }) => {
  expect(forbidden(graph)).toEqual([]);
});

it.each([
  { name: "a layer above it", graph: { "http/a.ts": ["main.ts"] }, expected: ["http/a.ts -> main.ts"] },
  {
    name: "a folder below its own",
    graph: { "http/a.ts": ["http/deep/b.ts"] },
    expected: ["http/a.ts -> http/deep/b.ts"],
  },
  { name: "a package of another row", graph: { "main.ts": ["hono"] }, expected: ["main.ts -> hono"] },
  { name: "a folder that the table lacks", graph: { "main.ts": ["new/a.ts"] }, expected: ["main.ts -> new/a.ts"] },
  {
    name: "anything, from a folder that the table lacks",
    graph: { "new/a.ts": ["new/b.ts"] },
    expected: ["new/a.ts -> new/b.ts"],
  },
])("forbids a file to import $name", ({ graph, expected }) => {
  expect(forbidden(graph)).toEqual(expected);
});

it("finds the files of a folder that the table lacks, and of one below a folder that it has", () => {
  const files = ["main.ts", "other.ts", "http/a.ts", "http/new/a.ts", "toString/a.ts"];
  expect(filesWithoutLayer(new Map(files.map((file) => [file, []])), layers)).toEqual([
    "other.ts",
    "http/new/a.ts",
    "toString/a.ts",
  ]);
});

it("counts the files of a folder at one level, up to the limit and above it", () => {
  expect(crowdedFolders(["a/1", "a/2", "a/b/3", "c/4"], 2)).toEqual([]);
  expect(crowdedFolders(["a/1", "a/2", "a/3", "a/b/4"], 2)).toEqual(["a: 3"]);
});
