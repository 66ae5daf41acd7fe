import { describe, expect, it } from "vitest";
import { markdownLead, markdownTable, markdownText } from "../../../src/cli/print/markdown.ts";

describe("a text in Markdown", () => {
  it.each([
    { name: "stays as it is", input: "read:orders or 2 more.", expected: "read:orders or 2 more." },
    { name: "does not end its cell", input: "a|b", expected: "a\\|b" },
    { name: "opens no code, emphasis or link", input: "`a` *b* _c_ [d]", expected: "\\`a\\` \\*b\\* \\_c\\_ \\[d\\]" },
    { name: "is no HTML", input: "<img src=x>", expected: "\\<img src=x\\>" },
    { name: "mentions nobody", input: "@team", expected: "`@team`" },
    { name: "links no address", input: "https://evil.example", expected: "`https://evil.example`" },
    { name: "links no issue", input: "see #7", expected: "`see #7`" },
    { name: "shows line breaks", input: "a\n\n# b", expected: "a\\\\u{a}\\\\u{a}# b" },
    { name: "shows direction marks", input: "a\u202eb", expected: "a\\\\u{202e}b" },
  ])("$name", ({ input, expected }) => {
    expect(markdownText(input)).toBe(expected);
  });
});

describe("a code span in Markdown", () => {
  it.each([
    { name: "holds any text", input: "@team <b> *", expected: "`@team <b> *`" },
    { name: "does not end its cell", input: "a|b", expected: "`a\\|b`" },
    { name: "does not end at a backtick", input: "a`b``c", expected: "``` a`b``c ```" },
    { name: "shows line breaks", input: "a\nb", expected: "`a\\u{a}b`" },
  ])("$name", ({ input, expected }) => {
    expect(markdownTable([{ code: input }], [])).toBe(`| ${expected} |\n| --- |`);
  });
});

describe("markdownTable", () => {
  it("has a row for each row, and several texts of a cell one below the other", () => {
    expect(markdownTable(["a", "b"], [["1", [{ code: "2" }, "3|"]]], 1)).toBe(
      ["| a | b |", "| --- | :-: |", "| 1 | `2`<br>3\\| |"].join("\n"),
    );
  });
});

it("markdownLead begins with a word in bold", () => {
  expect(markdownLead("Policy:", "2 changes")).toBe("**Policy:** 2 changes");
});
