import { expect, it } from "vitest";
import { codeBlocks } from "./code-blocks.ts";

it("finds each fenced block, with its language and its line", () => {
  const page = ["# Page", "```json", "{}", "```", "", "```", "plain", "```", "~~~ SH run", "ls", "~~~", ""].join("\n");
  expect(codeBlocks(page)).toEqual([
    { language: "json", line: 2, text: "{}\n" },
    { language: "", line: 6, text: "plain\n" },
    { language: "sh", line: 9, text: "ls\n" },
  ]);
});

it("takes the indentation of a list or a quote off", () => {
  const page = '1. Write:\n   ```json\n   {\n     "a": 1\n   }\n   ```\n\n> ```json\n> []\n> ```\n';
  expect(codeBlocks(page).map(({ text }) => text)).toEqual(['{\n  "a": 1\n}\n', "[]\n"]);
});

it("ends a block only at a fence of its own kind and length", () => {
  const page = "````md\n```json\n{}\n```\n````\n";
  expect(codeBlocks(page)).toEqual([{ language: "md", line: 1, text: "```json\n{}\n```\n" }]);
});

it("finds no block in code within a line", () => {
  expect(codeBlocks("Write ```json {}``` so.\n")).toEqual([]);
});

it("refuses a block without an end", () => {
  expect(() => codeBlocks("```json\n{}\n")).toThrow("line 1");
});
