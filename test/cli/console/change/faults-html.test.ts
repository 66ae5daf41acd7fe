import { describe, expect, it } from "vitest";
import { faultLines, faultsHtml } from "../../../../src/cli/console/change/faults-html.ts";

const NAME = "my: routes.json";

function linesOf(text: string, place: string) {
  return faultLines(NAME, text, [`${NAME}:${place}: What is wrong. What to do.`]).map(({ before, at, after }) => [
    before,
    at,
    after,
  ]);
}

describe("the line of a fault", () => {
  it.each([
    { name: "a name", text: '{\n  "a": 1,\r\n}', place: "2:3", expected: [["  ", '"a"', ": 1,"]] },
    { name: "a string with quotes", text: '{ "\\"b": 1 }', place: "1:3", expected: [["{ ", '"\\"b"', ": 1 }"]] },
    { name: "a number", text: "[-1.5e3]", place: "1:2", expected: [["[", "-1.5e3", "]"]] },
    { name: "a sign", text: "[}]", place: "1:2", expected: [["[", "}", "]"]] },
    { name: "a sign beyond the BMP", text: "[\u{1f600}]", place: "1:2", expected: [["[", "\u{1f600}", "]"]] },
    { name: "a string that does not end", text: '["a]', place: "1:2", expected: [["[", '"', "a]"]] },
    { name: "the end of a line", text: "{\r\n", place: "1:2", expected: [["{", "", ""]] },
    { name: "the end of the text", text: "{\n", place: "2:1", expected: [["", "", ""]] },
  ])("has a mark at $name", ({ text, place, expected }) => {
    expect(linesOf(text, place)).toEqual(expected);
  });

  it.each([
    { name: "whole", around: 80, before: "b".repeat(80), after: "a".repeat(80) },
    { name: "short", around: 81, before: `\u2026${"b".repeat(80)}`, after: `${"a".repeat(80)}\u2026` },
  ])("is shown $name with $around characters on each side", ({ around, before, after }) => {
    const text = `${"b".repeat(around)}[${"a".repeat(around)}`;
    expect(linesOf(text, `1:${around + 1}`)).toEqual([[before, "[", after]]);
  });

  it.each([
    { name: "in another file", lines: ["wrangler.toml:1:1: Wrong."] },
    { name: "in a file whose name begins alike", lines: [`${NAME}.old:1:1: Wrong.`] },
    { name: "without a place", lines: [`${NAME}: There is no such file.`] },
    { name: "beyond the text, which has changed", lines: [`${NAME}:9:1: Wrong.`] },
  ])("is left out for a fault $name", ({ lines }) => {
    expect(faultLines(NAME, "{}", lines)).toEqual([]);
  });
});

describe("the places of faults on the page", () => {
  const fault = { line: 1, column: 1, before: "  ", at: "<b>", after: "\u001b[31m" };

  it("escape what the file has", () => {
    const text = faultsHtml(NAME, [fault]);
    expect(text).toContain("<pre><code><mark>&lt;b&gt;</mark>\\u{1b}[31m</code></pre>");
    expect(text).not.toContain("<b>");
  });

  it.each([
    { count: 0, expected: "" },
    { count: 20, expected: "</ol>\n</section>" },
    { count: 21, expected: "1 more fault." },
  ])("of $count faults end with: $expected", ({ count, expected }) => {
    expect(faultsHtml(NAME, Array(count).fill(fault))).toContain(expected);
    expect(faultsHtml(NAME, Array(count).fill(fault)).match(/<mark>/g)?.length ?? 0).toBe(Math.min(count, 20));
  });
});
