import { expect, it } from "vitest";
import { mergeFindings } from "../../../../src/policy/analysis/lint/merge-findings.ts";

const finding = (name: string, cause?: string) => ({
  route: undefined,
  path: [name],
  message: `${name} is wrong.`,
  hint: "Change it.",
  group: cause === undefined ? undefined : { cause, name },
});

it.each([
  { name: "one", findings: [finding("a", "x")], expected: ["a is wrong."] },
  { name: "two", findings: [finding("a", "x"), finding("b", "x")], expected: ["a is wrong. 1 more is like it: b."] },
  {
    name: "four",
    findings: ["a", "b", "c", "d"].map((name) => finding(name, "x")),
    expected: ["a is wrong. 3 more are like it: b, c and d."],
  },
  {
    name: "five, and names three of them",
    findings: ["a", "b", "c", "d", "e"].map((name) => finding(name, "x")),
    expected: ["a is wrong. 4 more are like it, such as b, c and d."],
  },
  {
    name: "each of several causes by itself, in the order of the first ones",
    findings: [finding("a", "x"), finding("b", "y"), finding("c", "x"), finding("d", "y")],
    expected: ["a is wrong. 1 more is like it: c.", "b is wrong. 1 more is like it: d."],
  },
  {
    name: "none without a cause",
    findings: [finding("a"), finding("b"), finding("c", "")],
    expected: ["a is wrong.", "b is wrong.", "c is wrong."],
  },
])("merges $name", ({ findings, expected }) => {
  expect(mergeFindings(findings).map(({ message }) => message)).toEqual(expected);
});

it("keeps the place and the hint of the first", () => {
  expect(mergeFindings([finding("a", "x"), finding("b", "x")])).toMatchObject([{ path: ["a"], hint: "Change it." }]);
});
