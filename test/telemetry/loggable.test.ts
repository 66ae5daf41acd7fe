import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loggable, loggableUnverified, withoutTokens } from "../../src/telemetry/loggable.ts";

const JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln";
/** The same header with a space after the brace. */
const SPACED_JWT = "eyAiYWxnIjoiRVMyNTYifQ.eyJzdWIiOiJ1In0.c2ln";
/** The same with a line feed. */
const BROKEN_JWT = "ewoiYWxnIjoiRVMyNTYifQ.eyJzdWIiOiJ1In0.c2ln";

describe("withoutTokens", () => {
  it.each([
    { name: "a JWT", text: `value "${JWT}" refused`, expected: 'value "[token]" refused' },
    { name: "two JWTs", text: `${JWT},${JWT}`, expected: "[token],[token]" },
    {
      name: "an opaque token",
      text: "authorization: bearer s3cr3t/+= refused",
      expected: "authorization: [token] refused",
    },
    { name: "a DPoP credential", text: "authorization: DPoP s3cr3t", expected: "authorization: [token]" },
    { name: "a JWT whose header begins with a space", text: `kid ${SPACED_JWT}!`, expected: "kid [token]!" },
    { name: "a JWT whose header begins with a line feed", text: `kid ${BROKEN_JWT}`, expected: "kid [token]" },
    { name: "such a JWT behind another word and a dash", text: `(kid-${SPACED_JWT})`, expected: "([token])" },
    { name: "such a JWT behind two parts", text: `a.b.${SPACED_JWT}.c`, expected: "a.b.[token].c" },
    { name: "a JWT with the shortest header", text: "eyAiYWxnIjoiRVMy.a.b", expected: "[token]" },
    { name: "no header that is one shorter", text: "eyAiYWxnIjoiRVM.a.b", expected: "eyAiYWxnIjoiRVM.a.b" },
    { name: "no header that nothing follows", text: "eyAiYWxnIjoiRVMyNTYifQ.a", expected: "eyAiYWxnIjoiRVMyNTYifQ.a" },
    { name: "no host name", text: "https://eyecare.example.com/a", expected: "https://eyecare.example.com/a" },
    { name: "nothing else", text: "no bearer", expected: "no bearer" },
  ])("takes out $name", ({ text, expected }) => {
    expect(withoutTokens(text)).toBe(expected);
  });
});

describe("loggable", () => {
  it.each([
    { name: "a plain text", text: "user-1", expected: "user-1" },
    { name: "letters of all languages", text: "J\u00fcrgen \u{1f600}", expected: "J\u00fcrgen \u{1f600}" },
    { name: "a line feed", text: "a\nb", expected: "a\\u{a}b" },
    { name: "a carriage return", text: "a\rb", expected: "a\\u{d}b" },
    { name: "a terminal escape", text: "\u001b[2J", expected: "\\u{1b}[2J" },
    { name: "a C1 control", text: "\u009b2J", expected: "\\u{9b}2J" },
    { name: "a change of direction", text: "\u202ea", expected: "\\u{202e}a" },
    { name: "a separator of lines", text: "a\u2028b", expected: "a\\u{2028}b" },
    { name: "half a surrogate pair", text: "a\ud83d", expected: "a\ufffd" },
    { name: "a text of just the length", text: "x".repeat(16), expected: "x".repeat(16) },
    { name: "a text that is one longer", text: "x".repeat(17), expected: `${"x".repeat(13)}...` },
    { name: "a text whose escapes are too long", text: "\u001b".repeat(5), expected: "\\u{1b}\\u{1b}\\..." },
    { name: "a pair where it is cut", text: `${"x".repeat(12)}\u{1f600}yyyy`, expected: `${"x".repeat(12)}\ufffd...` },
  ])("writes $name", ({ text, expected }) => {
    expect(loggable(text, 16)).toBe(expected);
  });
});

it("any text is bounded, breaks no line, changes no terminal and stays as it is when it is written again", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.string({
      unit: fc.constantFrom("\r", "\n", "\u001b", "\u009b", "\u202e", "\u2066", "\ud83d", "\ude00", "a", "."),
    }),
  );
  fc.assert(
    fc.property(text, fc.integer({ min: 16, max: 64 }), (it, maxLength) => {
      const written = loggable(it, maxLength);
      expect(written.length).toBeLessThanOrEqual(maxLength);
      expect(written).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
      expect(written.isWellFormed()).toBe(true);
      expect(loggable(written, maxLength)).toBe(written);
    }),
  );
});

describe("loggableUnverified", () => {
  it.each([
    { name: "no token", text: JWT, expected: "[token]" },
    {
      name: "no token at the end of a long text",
      text: `${"x".repeat(30)} ${JWT}`,
      expected: `${"x".repeat(30)} [token]`,
    },
    { name: "no part of a token where it is cut", text: `${"x".repeat(60)} ${JWT}`, expected: `${"x".repeat(60)} ...` },
    { name: "no terminal escape", text: "\u001b[2J", expected: "\\u{1b}[2J" },
  ])("writes $name", ({ text, expected }) => {
    expect(loggableUnverified(text, 64)).toBe(expected);
  });
});
