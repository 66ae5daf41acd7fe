import fc from "fast-check";
import { base64url } from "jose";
import { describe, expect, it } from "vitest";
import { DEFAULT_CLAIM_HEADERS } from "../../src/policy/compile/compile-claim-headers.ts";
import type { ClaimHeader } from "../../src/policy/policy.ts";
import type { Admission } from "../../src/token/admit.ts";
import { claimHeaderFields, createClaimHeaders, encodeClaim } from "../../src/upstream/claim-headers.ts";
import { API, ISSUER_URL, issuerOf } from "../support/policy/example-policy.ts";
import { claimsOf, NOW_SECONDS } from "../support/token/tokens.ts";

const PRINTABLE = /^[\x20-\x7e]*$/;

function tokenOf(changes: Partial<Admission> = {}): Admission {
  return {
    issuer: issuerOf(),
    claims: claimsOf(),
    subject: "user-1",
    clientId: "admin",
    tenant: undefined,
    granted: {
      issuer: "cognito",
      names: [`${API}/write:orders`],
      effective: new Set([`${API}/write:orders`, `${API}/read:orders`]),
    },
    expiresAtSeconds: NOW_SECONDS + 3600,
    ...changes,
  };
}

function headerOf(...path: readonly string[]): ClaimHeader {
  return { header: "x-claim", source: { kind: "claim", path } };
}

/** The value as it arrives behind a header; runtimes trim white space at its ends. */
function received(value: string): string {
  const headers = new Headers({ "x-claim": value });
  return headers.get("x-claim") ?? "";
}

/** Empty arrays inside one another. */
function nested(levels: number): unknown {
  return JSON.parse("[".repeat(levels) + "]".repeat(levels));
}

describe("encodeClaim", () => {
  it.each([
    { name: "leaves a string as it is", input: "auth0|abc-123", expected: "auth0|abc-123" },
    { name: "leaves spaces inside a string", input: "Jane van Doe", expected: "Jane van Doe" },
    { name: "leaves a comma in a string", input: "Doe, Jane", expected: "Doe, Jane" },
    { name: "leaves quotes and equals signs", input: 'a="b";c', expected: 'a="b";c' },
    { name: "encodes a percent sign", input: "100% %41", expected: "100%25 %2541" },
    { name: "encodes letters outside ASCII as UTF-8", input: "Zoë", expected: "Zo%C3%AB" },
    { name: "encodes what takes two UTF-16 units as one", input: "😀", expected: "%F0%9F%98%80" },
    { name: "encodes a line break, which would start another header", input: "a\r\nx: y", expected: "a%0D%0Ax: y" },
    { name: "encodes controls", input: "\0\t\x1f\x7f", expected: "%00%09%1F%7F" },
    { name: "encodes C1 controls", input: "\x85\xa0", expected: "%C2%85%C2%A0" },
    { name: "encodes a space at either end", input: " a b ", expected: "%20a b%20" },
    { name: "encodes a single space", input: " ", expected: "%20" },
    { name: "encodes the outer ones of several spaces", input: "   ", expected: "%20 %20" },
    { name: "replaces half a surrogate pair", input: "a\ud800b", expected: "a%EF%BF%BDb" },
    { name: "writes an empty string", input: "", expected: "" },
    { name: "writes a whole number", input: 42, expected: "42" },
    { name: "writes a fraction", input: -1.5, expected: "-1.5" },
    { name: "writes zero", input: 0, expected: "0" },
    { name: "writes true", input: true, expected: "true" },
    { name: "writes false", input: false, expected: "false" },
    { name: "writes the largest exact integer", input: 2 ** 53 - 1, expected: "9007199254740991" },
    { name: "writes no integer that was rounded", input: 2 ** 53, expected: undefined },
    { name: "writes no number that was too large", input: Number.POSITIVE_INFINITY, expected: undefined },
    { name: "writes no array with a rounded number", input: ["a", 2 ** 53], expected: undefined },
    { name: "writes no object with a rounded number", input: { a: [{ b: -(2 ** 53) }] }, expected: undefined },
    { name: "takes null for absent", input: null, expected: undefined },
    { name: "takes undefined for absent", input: undefined, expected: undefined },
    { name: "joins an array with commas", input: ["a", "b"], expected: "a,b" },
    { name: "encodes a comma inside an item", input: ["a,b", "c"], expected: "a%2Cb,c" },
    { name: "encodes a space at the end of an item", input: ["a ", " b"], expected: "a%20,%20b" },
    { name: "encodes a percent sign inside an item", input: ["%2C"], expected: "%252C" },
    { name: "writes numbers and booleans in an array", input: [1, true], expected: "1,true" },
    { name: "leaves null out of an array", input: ["a", null, "b"], expected: "a,b" },
    { name: "writes an object as base64url JSON", input: { a: "é" }, expected: base64url.encode('{"a":"é"}') },
    {
      name: "writes an object inside an array likewise",
      input: ["x", { a: 1 }],
      expected: `x,${base64url.encode('{"a":1}')}`,
    },
    {
      name: "writes 64 objects and arrays inside one another",
      input: nested(64),
      expected: base64url.encode("[".repeat(63) + "]".repeat(63)),
    },
    { name: "writes no 65 arrays inside one another", input: nested(65), expected: undefined },
    { name: "writes no object that holds 64 arrays inside one another", input: { a: nested(64) }, expected: undefined },
    { name: "writes no array that exhausts the stack", input: nested(6_000), expected: undefined },
    { name: "writes an array inside an array likewise", input: [["a", "b"]], expected: base64url.encode('["a","b"]') },
  ])("$name", ({ input, expected }) => {
    expect(encodeClaim(input)).toBe(expected);
  });

  it("gives any string back to decodeURIComponent, through a header", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const value = encodeClaim(text) ?? "";
        expect(value).toMatch(PRINTABLE);
        expect(decodeURIComponent(received(value))).toBe(text);
      }),
    );
  });

  it("gives every item of an array back, split at the commas", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (items) => {
        const value = encodeClaim(items) ?? "";
        expect(value).toMatch(PRINTABLE);
        expect(value.split(",").map(decodeURIComponent)).toEqual(items);
      }),
    );
  });

  it("writes a valid header value for any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const value = encodeClaim(json);
        if (value !== undefined) expect(value).toMatch(PRINTABLE);
      }),
    );
  });

  it("lets no claim begin another header", () => {
    const value = encodeClaim("user\r\nx-auth-scopes: admin") ?? "";
    expect([...new Headers({ "x-auth-subject": value }).keys()]).toEqual(["x-auth-subject"]);
  });
});

describe("claimHeaderFields", () => {
  it("writes the defaults", () => {
    expect(claimHeaderFields(DEFAULT_CLAIM_HEADERS, tokenOf())).toEqual([
      ...["x-auth-subject", "user-1"],
      ...["x-auth-client-id", "admin"],
      ...["x-auth-scopes", `${API}/write:orders`],
      ...["x-auth-issuer", ISSUER_URL],
      ...["x-auth-token-id", "token-1"],
    ]);
  });

  it("writes no header for what is not there", () => {
    const token = tokenOf({
      claims: { iss: ISSUER_URL, sub: null },
      clientId: undefined,
      granted: { issuer: "cognito", names: [], effective: new Set() },
    });
    expect(claimHeaderFields(DEFAULT_CLAIM_HEADERS, token)).toEqual(["x-auth-issuer", ISSUER_URL]);
  });

  it("separates scopes by spaces, without those that are implied", () => {
    const names = [`${API}/write:orders`, `${API}/read:products`];
    const token = tokenOf({
      granted: { issuer: "cognito", names, effective: new Set([...names, `${API}/read:orders`]) },
    });
    expect(claimHeaderFields([{ header: "x-auth-scopes", source: { kind: "scopes" } }], token)).toEqual([
      ...["x-auth-scopes", names.join(" ")],
    ]);
  });

  it("encodes a percent sign in a scope's name, too", () => {
    const token = tokenOf({ granted: { issuer: "cognito", names: ["https://a.example/50%25"], effective: new Set() } });
    expect(claimHeaderFields([{ header: "x-auth-scopes", source: { kind: "scopes" } }], token)).toEqual([
      ...["x-auth-scopes", "https://a.example/50%2525"],
    ]);
  });

  it.each([
    { name: "a claim deep inside", input: headerOf("realm_access", "roles"), expected: ["x-claim", "a,b"] },
    { name: "a claim that is false", input: headerOf("email_verified"), expected: ["x-claim", "false"] },
    { name: "a name that no issuer wrote", input: headerOf("constructor"), expected: [] },
    { name: "a client known by another claim than the header's", input: headerOf("client_id"), expected: [] },
  ])("reads $name", ({ input, expected }) => {
    const claims = { azp: "web", email_verified: false, realm_access: { roles: ["a", "b"] } };
    expect(claimHeaderFields([input], tokenOf({ claims, clientId: "web" }))).toEqual(expected);
  });
});

describe("createClaimHeaders", () => {
  it("works the fields out once for a token, and anew for another that says the same", () => {
    const headersOf = createClaimHeaders(DEFAULT_CLAIM_HEADERS);
    const token = tokenOf();
    expect(headersOf(token)).toEqual(claimHeaderFields(DEFAULT_CLAIM_HEADERS, token));
    expect(headersOf(token)).toBe(headersOf(token));
    expect(headersOf(tokenOf())).not.toBe(headersOf(token));
  });

  it("never takes those that another policy made of the same token", () => {
    const token = tokenOf();
    const other = [{ header: "x-client", source: { kind: "client" as const } }];
    const [headersOf, otherHeadersOf] = [createClaimHeaders(DEFAULT_CLAIM_HEADERS), createClaimHeaders(other)];
    for (let turn = 0; turn < 2; turn += 1) {
      expect(headersOf(token)).toEqual(claimHeaderFields(DEFAULT_CLAIM_HEADERS, token));
      expect(otherHeadersOf(token)).toEqual(claimHeaderFields(other, token));
    }
  });
});
