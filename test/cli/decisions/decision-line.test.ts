import { describe, expect, test } from "vitest";
import { readDecisionLine, requestsOf } from "../../../src/cli/decisions/decision-line.ts";
import { LOG_VERSION } from "../../../src/telemetry/log.ts";
import { decisionLine } from "../../support/decisions/decision-lines.ts";

describe("a line is read", () => {
  test.each([
    { name: "of this version", line: decisionLine({}) },
    { name: "without a version", line: decisionLine({ v: undefined }) },
    { name: "without a version and a time", line: decisionLine({ v: undefined, time: undefined }) },
    { name: "of a route that only reports", line: decisionLine({ decision: "would-deny", reason: "token-expired" }) },
    { name: "with members that nobody knows yet", line: decisionLine({ colour: { is: "green" } }) },
    { name: "with the smallest share", line: decisionLine({ sample_share: Number.MIN_VALUE }) },
    { name: "with the largest share", line: decisionLine({ sample_share: 1 }) },
  ])("$name", ({ line }) => {
    expect(readDecisionLine(line)).toBe(line);
  });
});

describe("a line is not read", () => {
  test.each([
    { name: "about keys", line: { event: "keys", v: 1 }, why: "otherEvent" },
    { name: "about a shadow", line: { event: "shadow", v: 1 }, why: "otherEvent" },
    { name: "of a newer version", line: decisionLine({ v: LOG_VERSION + 1 }), why: "newerVersion" },
    { name: "of a version that is no number", line: decisionLine({ v: "1" }), why: "malformed" },
    { name: "of version 0", line: decisionLine({ v: 0 }), why: "malformed" },
    { name: "with a decision that nobody knows", line: decisionLine({ decision: "maybe" }), why: "malformed" },
    { name: "without a method", line: decisionLine({ method: undefined }), why: "malformed" },
    { name: "without an id", line: decisionLine({ request_id: undefined }), why: "malformed" },
    { name: "with a status that is text", line: decisionLine({ status: "200" }), why: "malformed" },
    { name: "without a time", line: decisionLine({ time: undefined }), why: "malformed" },
    { name: "with a time that is none", line: decisionLine({ time: "yesterday" }), why: "malformed" },
    { name: "with a client that is a number", line: decisionLine({ client_id: 7 }), why: "malformed" },
    { name: "with scopes that are one text", line: decisionLine({ granted: "a b" }), why: "malformed" },
    { name: "with a scope that is a number", line: decisionLine({ granted: ["a", 1] }), why: "malformed" },
    { name: "with the share 0", line: decisionLine({ sample_share: 0 }), why: "malformed" },
    { name: "with a share above 1", line: decisionLine({ sample_share: 1.01 }), why: "malformed" },
  ])("$name", ({ line, why }) => {
    expect(readDecisionLine(line)).toBe(why);
  });
});

test.each([
  { share: undefined, requests: 1 },
  { share: 1, requests: 1 },
  { share: 0.01, requests: 100 },
])("with the share $share, a line stands for $requests requests", ({ share, requests }) => {
  const line = readDecisionLine(decisionLine({ sample_share: share }));
  expect(typeof line === "string" ? line : requestsOf(line)).toBe(requests);
});
