import { describe, expect, test } from "vitest";
import { DocumentSplitter, type UnreadText } from "../../../src/cli/decisions/document-splitter.ts";
import { MAX_LOG_DOCUMENT_LENGTH } from "../../../src/cli/decisions/log-limits.ts";

function split(lines: readonly string[]): { documents: readonly unknown[]; unread: UnreadText } {
  const unread = { otherText: 0, cut: 0, tooLong: 0 };
  const splitter = new DocumentSplitter(unread);
  const documents = lines.map((line) => splitter.take(line)).filter((document) => document !== undefined);
  splitter.end();
  return { documents, unread };
}

const FINE = { otherText: 0, cut: 0, tooLong: 0 };
const pretty = (value: unknown, indent: number | string = 4) => JSON.stringify(value, null, indent).split("\n");
const A = { a: [{ x: 1 }, { x: 2 }], text: "a } and { and \n {" };
const B = { b: { c: {} } };

describe("documents are found", () => {
  test.each([
    { name: "one on each line", lines: [JSON.stringify(A), JSON.stringify(B)], documents: [A, B] },
    { name: "with Windows line ends and empty lines", lines: [`${JSON.stringify(A)}\r`, "\r", ""], documents: [A] },
    { name: "after a byte order mark", lines: [`\ufeff${JSON.stringify(A)}`], documents: [A] },
    { name: "on many lines, indented by four", lines: [...pretty(A), ...pretty(B)], documents: [A, B] },
    { name: "on many lines, indented by tabs", lines: [...pretty(A, "\t"), ...pretty(B, "\t")], documents: [A, B] },
    { name: "on many lines with Windows line ends", lines: pretty(A).map((it) => `${it}\r`), documents: [A] },
    { name: "in a list on many lines", lines: pretty([A, B]), documents: [A, B] },
    {
      name: "in a list with one on each line",
      lines: ["[", `${JSON.stringify(A)},`, JSON.stringify(B), "]"],
      documents: [A, B],
    },
    { name: "as a list on one line", lines: [JSON.stringify([A, B])], documents: [[A, B]] },
    { name: "of both kinds, mixed", lines: [...pretty(A), JSON.stringify(B), ...pretty(B)], documents: [A, B, B] },
  ])("$name", ({ lines, documents }) => {
    expect(split(lines)).toEqual({ documents, unread: FINE });
  });
});

describe("what is no document is counted", () => {
  test.each([
    {
      name: "other text before and after",
      lines: ["Ready on http://x", JSON.stringify(A), "^C"],
      documents: [A],
      unread: { otherText: 2 },
    },
    {
      name: "a line of somebody else inside a document",
      lines: [...pretty(A).toSpliced(3, 0, "warning: slow"), ...pretty(B)],
      documents: [A, B],
      unread: { otherText: 1 },
    },
    {
      name: "a line that was cut off",
      lines: [JSON.stringify(A).slice(0, -5), JSON.stringify(B)],
      documents: [B],
      unread: { cut: 1 },
    },
    {
      name: "a document without its end",
      lines: [...pretty(A).slice(0, 4), ...pretty(B)],
      documents: [B],
      unread: { cut: 1 },
    },
    {
      name: "a document without its end before one on a line",
      lines: [...pretty(A).slice(0, 4), JSON.stringify(B)],
      documents: [B],
      unread: { cut: 1 },
    },
    {
      name: "a document without its end, at the end",
      lines: [JSON.stringify(B), ...pretty(A).slice(0, -1)],
      documents: [B],
      unread: { cut: 1 },
    },
    {
      name: "a document with a broken line",
      lines: [...pretty(A).with(2, '    "a": [nonsense'), ...pretty(B)],
      documents: [B],
      unread: { cut: 1 },
    },
    {
      name: "a document in the middle of a line",
      lines: [`GET /?x=${JSON.stringify(A)}`],
      documents: [],
      unread: { otherText: 1 },
    },
    {
      name: "two documents on one line",
      lines: [JSON.stringify(A) + JSON.stringify(B)],
      documents: [],
      unread: { cut: 1 },
    },
  ])("$name", ({ lines, documents, unread }) => {
    expect(split(lines)).toEqual({ documents, unread: { ...FINE, ...unread } });
  });
});

test("a document on many lines may be as long as the limit, and no longer", () => {
  const of = (length: number) => ["{", ` "a": "${"x".repeat(length - 9)}"`, "}", '{"b":1}'];
  expect(split(of(MAX_LOG_DOCUMENT_LENGTH)).unread).toEqual(FINE);
  expect(split(of(MAX_LOG_DOCUMENT_LENGTH + 1))).toEqual({ documents: [{ b: 1 }], unread: { ...FINE, tooLong: 1 } });
});
