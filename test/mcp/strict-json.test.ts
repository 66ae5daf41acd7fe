import { describe, expect, it } from "vitest";
import { MAX_MESSAGE_NESTING } from "../../src/mcp/message-limits.ts";
import { parseStrictJson } from "../../src/mcp/strict-json.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

describe("parseStrictJson", () => {
  it.each([
    { name: "an object", text: '{"a":1,"b":[{"a":2},{"a":3}]}' },
    { name: "the same name in different objects", text: '{"a":{"a":{"a":1}},"b":{"a":1}}' },
    { name: "colons, quotes and brackets in strings", text: String.raw`{"a:\":{[":"}]:\\","b":"\\\"::"}` },
    { name: "white space around colons", text: '{ "a" \n:\t1 , "b" : { } }' },
    { name: "names of the prototype of objects", text: '{"__proto__":{"a":1},"constructor":1,"toString":2}' },
    { name: "names like numbers", text: '{"1":1,"0":2,"-0":3}' },
    { name: "an empty name", text: '{"":{"":1}}' },
    { name: "a number beyond every type", text: '{"a":1e999,"b":-123456789012345678901234567890.5}' },
    { name: "escaped surrogates that stand alone", text: String.raw`{"a":"\ud800"}` },
    { name: "the deepest nesting", text: nested(MAX_MESSAGE_NESTING) },
    { name: "many arrays side by side", text: `[${Array.from({ length: 1000 }, () => "[]").join()}]` },
    { name: "a string", text: '"a: b"' },
  ])("takes $name", ({ text }) => {
    expect(parseStrictJson(encode(text))).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it.each([
    { name: "a member twice", text: '{"a":1,"a":2}' },
    { name: "a member twice, with the same value", text: '{"a":1,"a":1}' },
    { name: "a member twice, once escaped", text: String.raw`{"a":1,"\u0061":1}` },
    { name: "a member twice in an object in an array", text: '[1,[{"b":{"a":1,"c":2,"a":3}}]]' },
    { name: "a member twice, the first one an object", text: '{"a":{"b":1,"c":2},"a":1}' },
    { name: "a member twice, the second one an object", text: '{"a":1,"a":{"b":1,"c":2}}' },
    { name: "an empty name twice", text: '{"":1,"":2}' },
    { name: "the prototype twice", text: '{"__proto__":1,"__proto__":2}' },
    { name: "a member three times", text: '{"a":1,"a":2,"a":3}' },
  ])("refuses $name", ({ text }) => {
    expect(parseStrictJson(encode(text))).toEqual({ ok: false, failure: "An object in the body has a member twice." });
  });

  it.each([
    { name: "nothing", bytes: encode("") },
    { name: "white space", bytes: encode(" \n") },
    { name: "a byte order mark", bytes: encode('\ufeff{"a":1}') },
    { name: "two values", bytes: encode("{}{}") },
    { name: "two lines of JSON", bytes: encode('{"a":1}\n{"a":2}') },
    { name: "a comment", bytes: encode('{"a":1}/**/') },
    { name: "a comma at the end", bytes: encode('{"a":1,}') },
    { name: "single quotes", bytes: encode("{'a':1}") },
    { name: "a name without quotes", bytes: encode("{a:1}") },
    { name: "NaN", bytes: encode('{"a":NaN}') },
    { name: "a number that begins with zero", bytes: encode('{"a":01}') },
    { name: "a hexadecimal number", bytes: encode('{"a":0x1}') },
    { name: "a control character in a string", bytes: encode('{"a":"\u0001"}') },
    { name: "a NUL at the end", bytes: encode('{"a":1}\0') },
    { name: "no-break space around a value", bytes: encode('\u00a0{"a":1}') },
    { name: "a string without end", bytes: encode('{"a":"b') },
    { name: "a string that ends in a backslash", bytes: encode('"\\') },
    { name: "an object without end", bytes: encode('{"a":1') },
    { name: "UTF-16, little endian", bytes: Uint8Array.from([0x7b, 0, 0x7d, 0]) },
    { name: "UTF-16, big endian", bytes: Uint8Array.from([0, 0x7b, 0, 0x7d]) },
    { name: "UTF-16 with a byte order mark", bytes: Uint8Array.from([0xff, 0xfe, 0x7b, 0, 0x7d, 0]) },
    { name: "an overlong quote", bytes: Uint8Array.from([0xc0, 0xa2, 0xc0, 0xa2]) },
    { name: "a surrogate in UTF-8", bytes: Uint8Array.from([0x22, 0xed, 0xa0, 0x80, 0x22]) },
    { name: "a cut character", bytes: Uint8Array.from([0x22, 0xe2, 0x82, 0x22]) },
    { name: "Latin-1", bytes: Uint8Array.from([0x22, 0xe9, 0x22]) },
    { name: "gzip", bytes: Uint8Array.from([0x1f, 0x8b, 8, 0, 0]) },
  ])("refuses $name", ({ bytes }) => {
    expect(parseStrictJson(bytes)).toEqual({
      ok: false,
      failure: expect.stringMatching(/^The body is not (UTF-8|JSON)\.$/),
    });
  });

  it("refuses nesting beyond the limit, closed or not", () => {
    const failure = "The body nests more than 64 objects and arrays.";
    expect(parseStrictJson(encode(nested(MAX_MESSAGE_NESTING + 1)))).toEqual({ ok: false, failure });
    expect(parseStrictJson(encode("[".repeat(200_000)))).toEqual({ ok: false, failure });
    expect(parseStrictJson(encode('{"a":'.repeat(20_000)))).toEqual({ ok: false, failure });
  });
});
