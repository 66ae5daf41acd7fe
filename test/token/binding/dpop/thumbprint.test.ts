import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { type PublicJwk, parsePublicJwk } from "../../../../src/keys/jwk/public-jwk.ts";
import { hasLeadingZero, sha256, thumbprintOf } from "../../../../src/token/binding/dpop/thumbprint.ts";

/** The key of RFC 7638 3.1. */
const EXAMPLE = {
  kty: "RSA",
  n: "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
  e: "AQAB",
} as const;

const parsed = (jwk: object): PublicJwk => {
  const result = parsePublicJwk({ ...jwk, kid: "k" }, new Set(["RS256", "ES256", "ES384", "ES512", "EdDSA"]), false);
  if (!result.ok) throw new Error(result.failure.reason);
  return result.value.jwk;
};

describe("thumbprintOf", () => {
  it("has the value of RFC 7638 3.1", async () => {
    const jwk = parsed({ ...EXAMPLE, alg: "RS256" });
    expect(await thumbprintOf(jwk)).toBe("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  });

  it.each(["ES256", "ES384", "ES512", "EdDSA", "RS256"])("agrees with jose on a key for %s", async (alg) => {
    const jwk = await exportJWK((await generateKeyPair(alg, { extractable: true })).publicKey);
    const expected = await calculateJwkThumbprint(jwk);
    expect(await thumbprintOf(parsed(jwk))).toBe(expected);
    expect(await thumbprintOf(parsed({ use: "sig", other: { a: 1 }, ...jwk }))).toBe(expected);
  });
});

describe("sha256", () => {
  it("has the value of RFC 9449 7.1", async () => {
    const token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    expect(await sha256(token)).toBe("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
  });
});

describe("hasLeadingZero", () => {
  it.each([
    { name: "accepts a key without leading zeros", jwk: EXAMPLE, expected: false },
    { name: "finds a zero before the exponent", jwk: { ...EXAMPLE, e: "AAEAAQ" }, expected: true },
    { name: "finds zeros before the modulus", jwk: { ...EXAMPLE, n: `AAAA${EXAMPLE.n}` }, expected: true },
  ])("$name", ({ jwk, expected }) => {
    expect(hasLeadingZero(parsed(jwk))).toBe(expected);
  });
});
