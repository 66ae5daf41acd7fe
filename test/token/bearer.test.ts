import { describe, expect, it } from "vitest";
import { MAX_TOKEN_BYTES } from "../../src/limits.ts";
import { bearerToken } from "../../src/token/bearer.ts";
import { outcomeOf } from "../support/token/outcome.ts";

describe("bearerToken", () => {
  it.each([
    { name: "reads the scheme as it is usually written", input: "Bearer a.b.c", expected: "a.b.c" },
    { name: "reads the scheme in lower case", input: "bearer a.b.c", expected: "a.b.c" },
    { name: "reads the scheme in upper case", input: "BEARER a.b.c", expected: "a.b.c" },
    { name: "takes several spaces after the scheme", input: "Bearer   a.b.c", expected: "a.b.c" },
    { name: "takes every character of a b64token", input: "Bearer aZ09-._~+/==", expected: "aZ09-._~+/==" },
    { name: "does not look into the token", input: "Bearer x", expected: "x" },
    {
      name: "takes a token of exactly 16 KiB",
      input: `Bearer ${"a".repeat(MAX_TOKEN_BYTES)}`,
      expected: "a".repeat(MAX_TOKEN_BYTES),
    },
  ])("$name", ({ input, expected }) => {
    expect(bearerToken(input)).toBe(expected);
  });

  it.each([
    { name: "misses a header that is not there", input: null },
    { name: "misses an empty header", input: "" },
    { name: "takes Basic for missing credentials", input: "Basic dXNlcjpwYXNz" },
    { name: "takes Digest, whose parameters have commas, for missing", input: 'Digest username="a", realm="b"' },
    { name: "takes DPoP for missing credentials", input: "DPoP a.b.c" },
    { name: "does not take a scheme that only starts with Bearer", input: "BearerToken a.b.c" },
    { name: "does not take a scheme that only ends with Bearer", input: "XBearer a.b.c" },
    { name: "does not take a tab for the space after the scheme", input: "Bearer\ta.b.c" },
    { name: "does not take a bare token", input: "a.b.c" },
  ])("$name", ({ input }) => {
    expect(outcomeOf(bearerToken(input))).toBe("credentials-missing");
  });

  it.each([
    { name: "refuses the scheme alone", input: "Bearer" },
    { name: "refuses an empty token", input: "Bearer " },
    { name: "refuses a token of 16 KiB and one byte", input: `Bearer ${"a".repeat(MAX_TOKEN_BYTES + 1)}` },
    { name: "refuses two credentials joined by a comma", input: "Bearer a.b.c, Bearer d.e.f" },
    { name: "refuses two credentials without a space", input: "Bearer a.b.c,Bearer d.e.f" },
    { name: "refuses a bearer token behind Basic credentials", input: "Basic dXNlcg==, Bearer a.b.c" },
    { name: "refuses a bearer token behind others in any case", input: "Basic dXNlcg==,BEARER a.b.c" },
    { name: "refuses a bearer scheme alone behind Basic credentials", input: "Basic dXNlcg==, Bearer" },
    { name: "refuses Basic credentials behind a bearer token", input: "Bearer a.b.c, Basic dXNlcg==" },
    { name: "refuses a trailing comma", input: "Bearer a.b.c," },
    { name: "refuses two tokens", input: "Bearer a.b.c d.e.f" },
    { name: "refuses a space behind the token", input: "Bearer a.b.c " },
    { name: "refuses a tab before the token", input: "Bearer \ta.b.c" },
    { name: "refuses a line break behind the token", input: "Bearer a.b.c\n" },
    { name: "refuses padding inside the token", input: "Bearer a=b" },
    { name: "refuses padding alone", input: "Bearer =" },
    { name: "refuses quotes", input: 'Bearer "a.b.c"' },
    { name: "refuses characters outside ASCII", input: "Bearer a.b.ç" },
    { name: "refuses a percent sign", input: "Bearer a%2Eb" },
  ])("$name", ({ input }) => {
    expect(outcomeOf(bearerToken(input))).toBe("credentials-malformed");
  });

  it.each([
    { input: null, expected: undefined },
    { input: "", expected: undefined },
    { input: "Basic dXNlcg==", expected: "The scheme is not Bearer." },
    { input: "Basic dXNlcg==, Bearer a", expected: "The header holds two credentials." },
    { input: `Bearer ${"a".repeat(MAX_TOKEN_BYTES + 1)}`, expected: "The token is too long." },
    { input: "Bearer", expected: "The header does not hold exactly one token." },
  ])("tells the log what is wrong: $expected", ({ input, expected }) => {
    expect(bearerToken(input)).toMatchObject({ detail: expected });
  });

  it("refuses two header lines, which arrive as one value", () => {
    const headers = new Headers({ authorization: "Bearer a.b.c" });
    headers.append("authorization", "Bearer d.e.f");
    expect(outcomeOf(bearerToken(headers.get("authorization")))).toBe("credentials-malformed");
  });
});
