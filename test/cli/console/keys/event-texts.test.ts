import { describe, expect, it } from "vitest";
import { eventText } from "../../../../src/cli/console/keys/event-texts.ts";
import { createKeyEventLog, type KeyEventLog } from "../../../../src/keys/key-event-log.ts";
import { compiled, policyFile } from "../../../support/policy/policy-file.ts";

const NOW = Date.UTC(2027, 0, 15, 12);
const FETCHED_AT = NOW - 60_000;
const [issuer] = compiled(policyFile()).issuers.values();

/** The texts of the lines that the gateway logs of what happens. */
function textsOf(happens: (log: KeyEventLog) => void): readonly string[] {
  if (issuer === undefined) throw new Error("The policy has an issuer.");
  const texts: string[] = [];
  happens(createKeyEventLog(issuer, (line) => texts.push(eventText({ ...line }, NOW))));
  return texts;
}

const keySet = (...kids: readonly string[]) => ({
  fetchedAt: FETCHED_AT,
  all: new Map(kids.map((kid) => [kid, { kid }])),
});
const FAILURE = { code: "timeout", message: "The issuer did not answer within 3000 ms." } as const;

describe("a line about keys reads as a sentence", () => {
  it.each<{ name: string; happens: (log: KeyEventLog) => void; expected: readonly string[] }>([
    {
      name: "keys of the issuer",
      happens: (log) => log.keysChanged(keySet("a", "b") as never, "issuer"),
      expected: ["The gateway uses 2 keys from the issuer, fetched at 11:59:00."],
    },
    {
      name: "a key of KV",
      happens: (log) => log.keysChanged(keySet("a") as never, "kv"),
      expected: ["The gateway uses 1 key from KV, fetched at 11:59:00."],
    },
    {
      name: "skipped keys",
      happens: (log) =>
        log.keysSkipped([
          { kid: "<b>weak", reason: "rsa-too-short" },
          { kid: undefined, reason: "kid-missing" },
        ]),
      expected: [
        "The key <b>weak is skipped. The RSA key has fewer than 2,048 bits.",
        "A key without kid is skipped. The key has no kid, so no token can name it.",
      ],
    },
    {
      name: "an issuer that fails while its keys are fresh",
      happens: (log) => log.refreshFailed({ ...FAILURE, cause: "Error: broken" }, undefined),
      expected: ["The issuer did not answer within 3000 ms. Error: broken"],
    },
    {
      name: "an issuer that fails while its keys are stale, and works again",
      happens: (log) => {
        log.refreshFailed(FAILURE, FETCHED_AT);
        log.recovered();
      },
      expected: [
        "The issuer did not answer within 3000 ms.",
        "The issuer cannot be read. The keys of 11:59:00 are used until 2027-01-16 11:59:00.",
        "The keys are fresh again.",
      ],
    },
    {
      name: "a key that may be new",
      happens: (log) => log.keyMayBeNew(),
      expected: ["A token has a key that the issuer may not have published yet. Such tokens get 503."],
    },
    {
      name: "a KV that cannot be read",
      happens: (log) => log.kvFailed("read-failed"),
      expected: ["KV cannot be read, so the issuer is asked."],
    },
    {
      name: "a slow KV",
      happens: (log) => log.kvFailed("read-timeout"),
      expected: ["KV did not answer in time, so the issuer is asked."],
    },
    {
      name: "a KV with something else",
      happens: (log) => log.kvFailed("record-unreadable"),
      expected: ["The record in KV is not valid, so the issuer is asked."],
    },
    {
      name: "a KV that takes nothing",
      happens: (log) => log.kvFailed("write-failed"),
      expected: ["KV cannot store the keys, so other isolates ask the issuer themselves."],
    },
  ])("$name", ({ happens, expected }) => {
    expect(textsOf(happens)).toEqual(expected);
  });

  it.each([
    { name: "of a change that is not known", line: { change: "a-later-change" }, expected: "" },
    { name: "of the name of an inherited member", line: { change: "constructor" }, expected: "" },
    { name: "without a change", line: {}, expected: "" },
    {
      name: "of a failure of KV that is not known",
      line: { change: "kv-failed", code: "toString" },
      expected: "KV failed.",
    },
    {
      name: "of a reason that is not known",
      line: { change: "key-skipped", kid: "a", why: "a-later-reason" },
      expected: "The key a is skipped. a-later-reason",
    },
    {
      name: "with a time that is none",
      line: { change: "refreshed", keys: 1, source: "kv", fetched_at: "soon" },
      expected: "The gateway uses 1 key from KV, fetched at a time that is not known.",
    },
  ])("also a line $name", ({ line, expected }) => {
    expect(eventText(line, NOW)).toBe(expected);
  });
});
