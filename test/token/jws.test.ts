import fc from "fast-check";
import { base64url } from "jose";
import { describe, expect, it } from "vitest";
import { isBase64url, parseJws } from "../../src/token/jws.ts";
import { outcomeOf } from "../support/token/outcome.ts";
import { assemble, jsonPart } from "../support/token/tokens.ts";

const HEADER = jsonPart({ alg: "RS256", kid: "key-1" });
const CLAIMS = jsonPart({ iss: "https://issuer.example" });

/** Base64url of bytes that JSON.stringify would not write. */
function bytes(...parts: readonly (string | readonly number[])[]): string {
  const encoder = new TextEncoder();
  return base64url.encode(
    new Uint8Array(parts.flatMap((part) => [...(typeof part === "string" ? encoder.encode(part) : part)])),
  );
}

describe("isBase64url", () => {
  it.each([
    { name: "takes the empty text", input: "", expected: true },
    { name: "takes whole groups", input: "abCD", expected: true },
    { name: "takes both special characters", input: "-_-_", expected: true },
    { name: "takes two characters without leftover bits", input: "AQ", expected: true },
    { name: "refuses two characters with leftover bits", input: "AR", expected: false },
    { name: "refuses the largest leftover of two characters", input: "Af", expected: false },
    { name: "takes three characters without leftover bits", input: "AAE", expected: true },
    { name: "refuses three characters with leftover bits", input: "AAF", expected: false },
    { name: "refuses a length that no bytes have", input: "AAAAA", expected: false },
    { name: "refuses padding", input: "AQ==", expected: false },
    { name: "refuses the characters of plain base64", input: "+/+/", expected: false },
    { name: "refuses a space inside", input: "AA AA", expected: false },
    { name: "refuses a line break at the end", input: "AAAA\n", expected: false },
    { name: "refuses a full stop", input: "AA.A", expected: false },
    { name: "refuses letters outside ASCII", input: "ААAA", expected: false },
  ])("$name", ({ input, expected }) => {
    expect(isBase64url(input)).toBe(expected);
  });

  it("takes everything that an encoder writes", () => {
    fc.assert(fc.property(fc.uint8Array(), (data) => isBase64url(base64url.encode(data))));
  });

  it("takes only one spelling of any bytes", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const text = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 });
    fc.assert(
      fc.property(text, (value) => {
        const canonical = value.length % 4 !== 1 && base64url.encode(base64url.decode(value)) === value;
        expect(isBase64url(value)).toBe(canonical);
      }),
    );
  });
});

describe("parseJws", () => {
  it("takes a token apart", () => {
    const header = { alg: "RS256", kid: "key-1", typ: "at+jwt" };
    const claims = { iss: "https://issuer.example", name: "Zoë 😀" };
    expect(parseJws(assemble(header, claims))).toEqual({ unverifiedHeader: header, unverifiedClaims: claims });
  });

  it("reads nothing of the header but alg, kid and typ", () => {
    const header = {
      alg: "RS256",
      kid: "k",
      jku: "https://evil.example",
      jwk: {},
      x5u: "https://evil.example",
      x5c: [],
    };
    expect(parseJws(assemble(header))).toMatchObject({
      unverifiedHeader: { alg: "RS256", kid: "k", typ: undefined },
    });
  });

  it("leaves it to later checks whether there is a kid", () => {
    expect(parseJws(assemble({ alg: "RS256" }))).toMatchObject({ unverifiedHeader: { kid: undefined } });
  });

  it.each([
    { name: "an empty signature", input: `${HEADER}.${CLAIMS}.` },
    { name: "white space inside the JSON", input: `${bytes('{ "alg" : "RS256" }\n')}.${CLAIMS}.c2ln` },
    { name: "a member called __proto__", input: `${HEADER}.${bytes('{"__proto__":{"iss":"x"}}')}.c2ln` },
  ])("takes $name as well-formed", ({ input }) => {
    expect(outcomeOf(parseJws(input))).toBe("accepted");
  });

  it("does not let __proto__ stand in for a member", () => {
    expect(outcomeOf(parseJws(`${bytes('{"__proto__":{"alg":"RS256"}}')}.${CLAIMS}.c2ln`))).toBe("token-malformed");
  });

  it.each([
    { name: "the empty text", input: "" },
    { name: "one part", input: "abc" },
    { name: "two parts", input: `${HEADER}.${CLAIMS}` },
    { name: "four parts", input: `${HEADER}.${CLAIMS}.c2ln.c2ln` },
    { name: "five parts, an encrypted token", input: `${HEADER}.a.b.c.d` },
    { name: "a full stop in front", input: `.${HEADER}.${CLAIMS}.c2ln` },
    { name: "a full stop behind", input: `${HEADER}.${CLAIMS}.c2ln.` },
    { name: "two full stops in a row", input: `${HEADER}..${CLAIMS}.c2ln` },
    { name: "two full stops alone", input: ".." },
    { name: "an empty header", input: `.${CLAIMS}.c2ln` },
    { name: "an empty payload (a detached one)", input: `${HEADER}..c2ln` },
    { name: "padding behind the header", input: `${bytes('{"alg":"RS256" }')}==.${CLAIMS}.c2ln` },
    { name: "padding behind the payload", input: `${HEADER}.${CLAIMS}=.c2ln` },
    { name: "padding behind the signature", input: `${HEADER}.${CLAIMS}.c2k=` },
    { name: "leftover bits in the header", input: `${withLeftover('{"alg":"RS256"}')}.${CLAIMS}.c2ln` },
    { name: "leftover bits in the payload", input: `${HEADER}.${withLeftover('{"iss":"a"}')}.c2ln` },
    { name: "leftover bits in the signature", input: `${HEADER}.${CLAIMS}.c2m` },
    { name: "plain base64 in the signature", input: `${HEADER}.${CLAIMS}.+/+/` },
    { name: "a space in the signature", input: `${HEADER}.${CLAIMS}.c2 n` },
    { name: "a line break behind the signature", input: `${HEADER}.${CLAIMS}.c2ln\n` },
    { name: "a header that is not JSON", input: `${bytes("alg")}.${CLAIMS}.c2ln` },
    { name: "a payload that is not JSON", input: `${HEADER}.${bytes("{")}.c2ln` },
    { name: "a header that is a list", input: `${jsonPart(["RS256"])}.${CLAIMS}.c2ln` },
    { name: "a payload that is a list", input: `${HEADER}.${jsonPart([{}])}.c2ln` },
    { name: "a payload that is null", input: `${HEADER}.${jsonPart(null)}.c2ln` },
    { name: "a payload that is a string", input: `${HEADER}.${jsonPart("{}")}.c2ln` },
    { name: "a payload with something behind the object", input: `${HEADER}.${bytes("{}{}")}.c2ln` },
    { name: "a byte order mark before the header", input: `${bytes("\u{feff}", '{"alg":"RS256"}')}.${CLAIMS}.c2ln` },
    { name: "a byte order mark before the payload", input: `${HEADER}.${bytes("\u{feff}", "{}")}.c2ln` },
    { name: "UTF-8 cut short in the header", input: `${bytes('{"alg":"', [0xc3], '"}')}.${CLAIMS}.c2ln` },
    { name: "UTF-8 cut short in the payload", input: `${HEADER}.${bytes('{"sub":"', [0xe2, 0x82], '"}')}.c2ln` },
    { name: "overlong UTF-8 in the payload", input: `${HEADER}.${bytes('{"sub":"', [0xc0, 0xaf], '"}')}.c2ln` },
    { name: "a surrogate in UTF-8 in the payload", input: `${HEADER}.${bytes('"', [0xed, 0xa0, 0x80], '"')}.c2ln` },
    { name: "UTF-16 in the payload", input: `${HEADER}.${bytes([0xff, 0xfe, 0x7b, 0, 0x7d, 0])}.c2ln` },
    { name: "a header without alg", input: assemble({ kid: "key-1" }) },
    { name: "an alg that is a number", input: assemble({ alg: 256 }) },
    { name: "an alg that is null", input: assemble({ alg: null }) },
    { name: "an alg that is a list", input: assemble({ alg: ["RS256"] }) },
    { name: "a kid that is a number", input: assemble({ alg: "RS256", kid: 1 }) },
    { name: "a kid that is null", input: assemble({ alg: "RS256", kid: null }) },
    { name: "a typ that is a list", input: assemble({ alg: "RS256", typ: ["at+jwt"] }) },
    { name: "a crit that names an extension", input: assemble({ alg: "RS256", crit: ["b64"], b64: false }) },
    { name: "a crit that names a known parameter", input: assemble({ alg: "RS256", crit: ["alg"] }) },
    { name: "an empty crit", input: assemble({ alg: "RS256", crit: [] }) },
    { name: "a crit that is null", input: assemble({ alg: "RS256", crit: null }) },
  ])("refuses $name", ({ input }) => {
    expect(outcomeOf(parseJws(input))).toBe("token-malformed");
  });

  it.each([
    { input: "", expected: "The token does not have three parts." },
    { input: `${HEADER}.${CLAIMS}`, expected: "The token does not have three parts." },
    { input: `${HEADER}.${CLAIMS}.c2ln.`, expected: "The token does not have three parts." },
    { input: `.${CLAIMS}.c2ln`, expected: "The header is not a JSON object in base64url." },
    { input: `${HEADER}..c2ln`, expected: "The payload is not a JSON object in base64url." },
    { input: `${HEADER}.${CLAIMS}.c2m`, expected: "The signature is not base64url." },
    { input: assemble({}), expected: "The header's `alg` is not a string." },
    { input: assemble({ alg: "RS256", kid: 1 }), expected: "The header's `kid` is not a string." },
    { input: assemble({ alg: "RS256", typ: 1 }), expected: "The header's `typ` is not a string." },
    { input: assemble({ alg: "RS256", crit: [] }), expected: "The header's `crit` names an extension." },
  ])("tells the log what is wrong: $expected", ({ input, expected }) => {
    expect(parseJws(input)).toMatchObject({ detail: expected });
  });

  it("never throws for any text", () => {
    const part = fc.oneof(fc.string(), fc.base64String(), fc.json().map(bytes));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        expect(["accepted", "token-malformed"]).toContain(outcomeOf(parseJws(parts.join("."))));
      }),
    );
  });
});

/** Base64url of the text, padded with spaces to end in a short group, with a bit set that belongs to no byte. */
function withLeftover(json: string): string {
  const spaces = json.length % 3 === 0 ? " " : "";
  const text = bytes(json + spaces);
  const last = text.charCodeAt(text.length - 1);
  return text.slice(0, -1) + String.fromCharCode(last + 1);
}
