import { describe, expect, test } from "vitest";
import { findLines } from "../../../src/cli/decisions/find-lines.ts";
import { decisionLine } from "../../support/decisions/decision-lines.ts";

const LINE = decisionLine({});
const TEXT = JSON.stringify(LINE);
const OTHER = { event: "keys", v: 1 };

describe("the gateway's lines are found", () => {
  test.each([
    { name: "as they are", document: LINE, lines: [LINE] },
    { name: "in a list", document: [LINE, OTHER], lines: [LINE, OTHER] },
    {
      name: "in a document of wrangler tail",
      document: {
        outcome: "ok",
        logs: [{ message: [LINE], level: "log" }, { message: [OTHER] }],
        event: { request: {} },
      },
      lines: [LINE, OTHER],
    },
    { name: "as text in a document of wrangler tail", document: { logs: [{ message: [TEXT] }] }, lines: [LINE] },
    { name: "in a document of Logpush", document: { Logs: [{ Level: "log", Message: [LINE] }] }, lines: [LINE] },
    { name: "as text in a document of Logpush", document: { Logs: [{ Message: TEXT }] }, lines: [LINE] },
    { name: "in an event of Workers Logs", document: { source: LINE, $metadata: {} }, lines: [LINE] },
    { name: "as text in an event of Workers Logs", document: { source: TEXT }, lines: [LINE] },
    {
      name: "in an answer of the API of Workers Logs",
      document: { success: true, result: { events: { count: 2, events: [{ source: LINE }, { source: "a text" }] } } },
      lines: [LINE],
    },
  ])("$name", ({ document, lines }) => {
    expect(findLines(document)).toEqual(lines);
  });
});

describe("what a caller sent is never taken for a line", () => {
  test.each([
    { name: "a header", document: { logs: [], event: { request: { headers: { "x-a": TEXT } } } } },
    { name: "an address", document: { Logs: [], Event: { Request: { URL: TEXT } } } },
    { name: "a text that contains a line", document: { logs: [{ message: [`GET ${TEXT}`] }] } },
    { name: "a member of a logged object", document: { logs: [{ message: [{ body: LINE }] }] } },
    { name: "the message of an exception", document: { logs: [], exceptions: [{ message: TEXT }] } },
  ])("$name", ({ document }) => {
    expect(findLines(document)).toEqual([]);
  });
});

test.each([
  null,
  7,
  "text",
  [],
  {},
  { logs: 1 },
  { logs: [null, { message: null }] },
  { Logs: [[]] },
  { source: null },
])("%j has none", (document) => {
  expect(findLines(document)).toEqual([]);
});
