import { describe, expect, it } from "vitest";
import { parseRecord, recordName, toRecord } from "../../src/keys/kv-record.ts";
import { ISSUER, START } from "../support/keys/virtual-world.ts";

const good = { version: 1, jwks: { keys: [{ kid: "a" }] }, fetchedAt: START, etag: '"1"' };
const parsed = { keys: [{ kid: "a" }], fetchedAt: START, etag: '"1"' };

describe("parseRecord", () => {
  const table: { name: string; input: unknown; expected: unknown }[] = [
    { name: "reads a record of this version", input: good, expected: parsed },
    { name: "reads one without etag", input: { ...good, etag: undefined }, expected: { ...parsed, etag: undefined } },
    { name: "takes a weak entity tag", input: { ...good, etag: 'W/"1"' }, expected: { ...parsed, etag: 'W/"1"' } },
    {
      name: "misses one that is a millisecond from the future",
      input: { ...good, fetchedAt: START + 1 },
      expected: undefined,
    },
    { name: "misses another version", input: { ...good, version: 2 }, expected: undefined },
    { name: "misses one without version", input: { ...good, version: undefined }, expected: undefined },
    { name: "misses a fetchedAt that is text", input: { ...good, fetchedAt: String(START) }, expected: undefined },
    {
      name: "reads one from the epoch itself",
      input: { ...good, fetchedAt: 0 },
      expected: { ...parsed, fetchedAt: 0 },
    },
    { name: "misses a fetchedAt below zero", input: { ...good, fetchedAt: -1 }, expected: undefined },
    { name: "misses a fetchedAt with a fraction", input: { ...good, fetchedAt: START - 0.5 }, expected: undefined },
    { name: "misses keys that are no list", input: { ...good, jwks: { keys: {} } }, expected: undefined },
    {
      name: "misses a key that is nested more deeply than the stack is deep",
      input: { ...good, jwks: { keys: JSON.parse("[".repeat(1_000) + "]".repeat(1_000)) } },
      expected: undefined,
    },
    { name: "misses one without jwks", input: { ...good, jwks: null }, expected: undefined },
    { name: "misses an etag that would end a header", input: { ...good, etag: '"1\r\nx: y"' }, expected: undefined },
    { name: "misses a list", input: [good], expected: undefined },
    { name: "misses null", input: null, expected: undefined },
  ];
  for (const { name, input, expected } of table) {
    it(name, () => expect(parseRecord(JSON.stringify(input), START)).toEqual(expected));
  }

  it("misses text that is not JSON", () => expect(parseRecord("<html>", START)).toBeUndefined());

  it("reads a record of the largest size and misses a longer one", () => {
    const sized = (length: number) => {
      const text = JSON.stringify({ ...good, more: "" });
      return text.replace('"more":""', `"more":"${"x".repeat(length - text.length)}"`);
    };
    expect(parseRecord(sized(65 * 1024), START)).toEqual(parsed);
    expect(parseRecord(sized(65 * 1024 + 1), START)).toBeUndefined();
  });
});

describe("toRecord", () => {
  const key = { kid: "a", cryptoKeys: new Map() };
  const keys = new Map([['{"kid":"a"}', key]]);

  it("holds the keys' text and nothing of the imported keys", () => {
    expect(toRecord({ keys, fetchedAt: START, etag: '"1"' })).toEqual(good);
  });
  it("has no etag where there is none", () => {
    expect(toRecord({ keys, fetchedAt: START, etag: undefined })).not.toHaveProperty("etag");
  });
});

describe("recordName", () => {
  it("holds the issuer's name and half of a hash of its jwksUri", async () => {
    expect(await recordName(ISSUER)).toMatch(/^jwks:v1:cognito:[0-9a-f]{16}$/);
  });
  it("is another for an issuer with tenants: one without them does not store whose keys they are", async () => {
    const tenants = { before: "https://issuer.example/", after: "", accepted: "any" as const, claim: ["tid"] };
    expect(await recordName({ ...ISSUER, tenants })).toMatch(/^jwks:v1:cognito:[0-9a-f]{16}$/);
    expect(await recordName({ ...ISSUER, tenants })).not.toBe(await recordName(ISSUER));
  });
  it("is another for another jwksUri", async () => {
    expect(await recordName({ ...ISSUER, jwksUri: "https://issuer.example/keys" })).not.toBe(await recordName(ISSUER));
  });
});
