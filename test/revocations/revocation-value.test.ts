import { describe, expect, it } from "vitest";
import { MAX_REVOCATION_SECONDS, MAX_REVOCATIONS_BYTES, MAX_REVOKED_VALUE_LENGTH } from "../../src/limits.ts";
import {
  parseRevocations,
  type RevocationEntry,
  serializeRevocations,
} from "../../src/revocations/revocation-value.ts";

const TOKEN = { issuer: "cognito", tokenId: "7f3c", until: 1_800_000_000 };
const SUBJECT = { issuer: "cognito", subject: "u1", notBefore: 1_799_000_000, until: 1_800_000_000 };
const listOf = (...entries: readonly unknown[]): string => JSON.stringify({ version: 1, entries });

describe("a list is read as it was written", () => {
  it.each<{ name: string; entries: readonly RevocationEntry[] }>([
    { name: "an empty one", entries: [] },
    {
      name: "one of every kind",
      entries: [
        TOKEN,
        { issuer: "cognito", session: "s", until: 0 },
        SUBJECT,
        { issuer: "auth0", client: "c", notBefore: 0, until: 1 },
      ],
    },
    {
      name: "hostile values",
      entries: [
        "__proto__",
        "constructor",
        '"',
        '":',
        '":"',
        "\\",
        '\\":',
        "\u2028",
        "\u0000",
        "ü 😀",
        "*",
        "\ud800",
      ].map((tokenId) => ({
        ...TOKEN,
        tokenId,
      })),
    },
    { name: "one value twice", entries: [TOKEN, { ...TOKEN, until: 1 }] },
    { name: "the longest value", entries: [{ ...TOKEN, tokenId: "x".repeat(MAX_REVOKED_VALUE_LENGTH) }] },
    { name: "the latest time", entries: [{ ...TOKEN, until: MAX_REVOCATION_SECONDS }] },
  ])("$name", ({ entries }) => {
    expect(parseRevocations(serializeRevocations(entries))).toEqual(entries);
  });
});

describe("no list is read from", () => {
  it.each<{ name: string; text: string }>([
    { name: "nothing", text: "" },
    { name: "no JSON", text: "{" },
    { name: "null", text: "null" },
    { name: "a list", text: "[]" },
    { name: "another version", text: '{"version":2,"entries":[]}' },
    { name: "a version that is a text", text: '{"version":"1","entries":[]}' },
    { name: "no entries", text: '{"version":1}' },
    { name: "entries that are no list", text: '{"version":1,"entries":{}}' },
    { name: "an unknown member", text: '{"version":1,"entries":[],"more":1}' },
    { name: "entries twice", text: `{"version":1,"entries":[${JSON.stringify(TOKEN)}],"entries":[]}` },
    { name: "the version twice", text: '{"version":2,"version" : 1,"entries":[]}' },
    {
      name: "an entry with a member twice",
      text: '{"version":1,"entries":[{"issuer":"a","tokenId":"x","tokenId":"y","until":5}]}',
    },
    {
      name: "an entry with a member twice, once in other characters",
      text: '{"version":1,"entries":[{"issuer":"a","tokenId":"x","token\\u0049d":"y","until":5}]}',
    },
    { name: "an entry that is null", text: listOf(null) },
    { name: "an entry that is a list", text: listOf([TOKEN]) },
    { name: "one faulty entry among good ones", text: listOf(TOKEN, { ...TOKEN, until: "soon" }, TOKEN) },
    { name: "an entry that names nothing", text: listOf({ issuer: "cognito", until: 1 }) },
    { name: "an entry that names two things", text: listOf({ ...TOKEN, session: "s" }) },
    { name: "an entry with an unknown member", text: listOf({ ...TOKEN, note: "" }) },
    { name: "an entry without an issuer", text: listOf({ tokenId: "x", until: 1 }) },
    { name: "an empty issuer", text: listOf({ ...TOKEN, issuer: "" }) },
    { name: "an empty value", text: listOf({ ...TOKEN, tokenId: "" }) },
    { name: "a value that is a number", text: listOf({ ...TOKEN, tokenId: 7 }) },
    {
      name: "a value that is too long",
      text: listOf({ ...TOKEN, tokenId: "x".repeat(MAX_REVOKED_VALUE_LENGTH + 1) }),
    },
    { name: "an entry without a time", text: listOf({ issuer: "cognito", tokenId: "x" }) },
    { name: "a time in fractions", text: listOf({ ...TOKEN, until: 1.5 }) },
    { name: "a time before 1970", text: listOf({ ...TOKEN, until: -1 }) },
    { name: "a time in milliseconds", text: listOf({ ...TOKEN, until: 1_800_000_000_000 }) },
    { name: "a time that is too late", text: listOf({ ...TOKEN, until: MAX_REVOCATION_SECONDS + 1 }) },
    { name: "an infinite time", text: '{"version":1,"entries":[{"issuer":"c","tokenId":"x","until":1e999}]}' },
    { name: "a subject without a start", text: listOf({ issuer: "cognito", subject: "u1", until: 1 }) },
    { name: "a token id with a start", text: listOf({ ...TOKEN, notBefore: 1 }) },
    { name: "a subject with a start that is a text", text: listOf({ ...SUBJECT, notBefore: "1" }) },
    { name: "deeply nested rubbish", text: "[".repeat(100_000) },
  ])("$name", ({ text }) => {
    expect(parseRevocations(text)).toBeUndefined();
  });

  it("a list that is larger than a value of KV, though one of that size is read", () => {
    const text = serializeRevocations([TOKEN]);
    expect(parseRevocations(text.padEnd(MAX_REVOCATIONS_BYTES))).toEqual([TOKEN]);
    expect(parseRevocations(text.padEnd(MAX_REVOCATIONS_BYTES + 1))).toBeUndefined();
  });
});
