import { describe, expect, it } from "vitest";
import { RevocationList } from "../../src/revocations/revocation-list.ts";
import type { RevocationEntry, RevocationKind } from "../../src/revocations/revocation-value.ts";
import { NOW_MS, NOW_SECONDS } from "../support/token/tokens.ts";

const LATER = NOW_SECONDS + 60;
const CLAIMS = { jti: "j", sid: "s", origin_jti: "o", iat: NOW_SECONDS - 10 };

function revokedBy(
  entries: readonly RevocationEntry[],
  claims: Record<string, unknown> = CLAIMS,
  issuer = "main",
  nowMs = NOW_MS,
): RevocationKind | undefined {
  const token = { issuer: { name: issuer }, claims, subject: "u", clientId: "c" };
  return new RevocationList(entries).revokes(token, nowMs);
}

const tokenId = (value: string, until = LATER): RevocationEntry => ({ issuer: "main", tokenId: value, until });
const session = (value: string): RevocationEntry => ({ issuer: "main", session: value, until: LATER });
const subject = (value: string, notBefore: number, until = LATER): RevocationEntry => ({
  issuer: "main",
  subject: value,
  notBefore,
  until,
});
const client = (value: string, notBefore: number): RevocationEntry => ({
  issuer: "main",
  client: value,
  notBefore,
  until: LATER,
});

describe("a list revokes", () => {
  it.each<{ name: string; entries: RevocationEntry[]; claims?: Record<string, unknown>; expected: RevocationKind }>([
    { name: "a token by its jti", entries: [tokenId("j")], expected: "tokenId" },
    { name: "a session by sid", entries: [session("s")], expected: "session" },
    {
      name: "a session by origin_jti, for a token without sid",
      entries: [session("o")],
      claims: { origin_jti: "o" },
      expected: "session",
    },
    {
      name: "a session by origin_jti, for a token whose sid is no text",
      entries: [session("o")],
      claims: { sid: 7, origin_jti: "o" },
      expected: "session",
    },
    {
      name: "a session by origin_jti, for a token whose sid is empty",
      entries: [session("o")],
      claims: { sid: "", origin_jti: "o" },
      expected: "session",
    },
    { name: "tokens that a subject got before", entries: [subject("u", NOW_SECONDS)], expected: "subject" },
    { name: "a token that was issued at that second", entries: [subject("u", NOW_SECONDS - 10)], expected: "subject" },
    {
      name: "a subject's token without iat",
      entries: [subject("u", 0)],
      claims: { jti: "j" },
      expected: "subject",
    },
    {
      name: "a subject's token whose iat is no number",
      entries: [subject("u", 0)],
      claims: { iat: String(NOW_SECONDS) },
      expected: "subject",
    },
    { name: "tokens of a client", entries: [client("c", NOW_SECONDS)], expected: "client" },
    {
      name: "by the longest of several entries",
      entries: [tokenId("j"), tokenId("j", NOW_SECONDS - 1)],
      expected: "tokenId",
    },
    {
      name: "by either of two entries with other starts and ends",
      entries: [subject("u", NOW_SECONDS, LATER), subject("u", 0, LATER + 60)],
      expected: "subject",
    },
  ])("$name", ({ entries, claims, expected }) => {
    expect(revokedBy(entries, claims)).toBe(expected);
  });
});

describe("a list does not revoke", () => {
  it.each<{ name: string; entries: RevocationEntry[]; claims?: Record<string, unknown>; issuer?: string }>([
    { name: "anything if it is empty", entries: [] },
    { name: "another issuer's token with the same jti", entries: [tokenId("j")], issuer: "other" },
    { name: "a token whose jti differs in case", entries: [tokenId("J")] },
    { name: "a token whose jti only starts with the value", entries: [tokenId("")] },
    { name: "a subject by a jti", entries: [tokenId("u"), tokenId("c"), tokenId("s")] },
    { name: "a session by origin_jti, for a token with sid", entries: [session("o")] },
    { name: "a token without jti", entries: [tokenId("undefined")], claims: {} },
    { name: "a token whose jti is no text", entries: [tokenId("7")], claims: { jti: 7 } },
    { name: "a token that was issued later", entries: [subject("u", NOW_SECONDS - 11), client("c", NOW_SECONDS - 11)] },
    { name: "a token by an entry that has run out", entries: [tokenId("j", NOW_SECONDS)] },
    { name: "a token of an issuer with a name that objects have", entries: [tokenId("j")], issuer: "__proto__" },
  ])("$name", ({ entries, claims, issuer }) => {
    expect(revokedBy(entries, claims, issuer)).toBeUndefined();
  });

  it("a token from the second on in which the entry runs out", () => {
    const entries = [tokenId("j", NOW_SECONDS)];
    expect(revokedBy(entries, CLAIMS, "main", NOW_MS - 1)).toBe("tokenId");
    expect(revokedBy(entries, CLAIMS, "main", NOW_MS)).toBeUndefined();
  });
});

it("a long list revokes exactly its entries", () => {
  const entries = Array.from({ length: 20_000 }, (_, index) => tokenId(`token-${index * 2}`));
  const list = new RevocationList(entries);
  const isRevoked = (index: number): boolean =>
    list.revokes(
      { issuer: { name: "main" }, claims: { jti: `token-${index}` }, subject: undefined, clientId: undefined },
      NOW_MS,
    ) !== undefined;
  expect(list.size).toBe(20_000);
  expect(Array.from({ length: 40_000 }, (_, index) => index).filter((it) => isRevoked(it) !== (it % 2 === 0))).toEqual(
    [],
  );
});
