/**
 * `explain` without a key set refuses what verification refuses, for the same reason: everything except the signature.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { admitUnverified } from "../../src/explain/admit-unverified.ts";
import { verifyToken } from "../../src/token/verify.ts";
import { FakeKeyStore, keySetOf } from "../support/keys/fake-key-store.ts";
import { API, clientOf, EXAMPLE_SCOPES, issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { outcomeOf } from "../support/token/outcome.ts";
import {
  assemble,
  claimsOf,
  createSigner,
  NOW_MS,
  NOW_SECONDS,
  type Signer,
  signToken,
} from "../support/token/tokens.ts";

const STRICT = "https://strict.example";
const STANDARD = "https://standard.example";
const GENERIC = "https://generic.example";
const algorithms = new Set(["ES256"]);
const audiences = new Set(["api"]);
const customer = clientOf("customer", [`${API}/read:orders`], "strict");
const policy = policyOf(
  [
    issuerOf({ algorithms }),
    issuerOf({ name: "strict", issuer: STRICT, algorithms, registeredClientsOnly: true }),
    issuerOf({ name: "standard", issuer: STANDARD, algorithms, audiences, profile: "rfc9068" }),
    issuerOf({ name: "generic", issuer: GENERIC, algorithms, audiences, profile: "generic" }),
  ],
  EXAMPLE_SCOPES,
  { clients: new Map([[customer.id, customer]]) },
);
const scope = `${API}/read:orders ${API}/write:orders`;

let signer: Signer;

beforeAll(async () => {
  signer = await createSigner("ES256");
});

async function verify(token: string) {
  const keys = new FakeKeyStore(keySetOf(signer.key));
  return await verifyToken(token, { policy, keys, now: () => NOW_MS }, () => {});
}

interface Case {
  readonly name: string;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly expected: string;
}

const REFUSED: readonly Case[] = [
  { name: "no issuer", claims: { iss: undefined }, expected: "claim-missing" },
  { name: "an unknown issuer", claims: { iss: `${STANDARD}/` }, expected: "issuer-unknown" },
  { name: "no kid", header: { kid: undefined }, expected: "key-unknown" },
  { name: "no kid, and expired", header: { kid: undefined }, claims: { exp: 0 }, expected: "key-unknown" },
  { name: "a cnf", claims: { cnf: { jkt: "x" } }, expected: "token-binding-unsupported" },
  { name: "a cnf of null", claims: { cnf: null }, expected: "token-binding-unsupported" },
  { name: "no exp", claims: { exp: undefined }, expected: "claim-missing" },
  { name: "an exp in a string", claims: { exp: "9999999999" }, expected: "claim-missing" },
  { name: "an exp in the past", claims: { exp: NOW_SECONDS - 5 }, expected: "token-expired" },
  { name: "an nbf in the future", claims: { nbf: NOW_SECONDS + 6 }, expected: "token-not-yet-valid" },
  { name: "an nbf that is no number", claims: { nbf: "0" }, expected: "token-malformed" },
  { name: "an iat in the future", claims: { iat: NOW_SECONDS + 6 }, expected: "token-not-yet-valid" },
  { name: "an iat that is no number", claims: { iat: "0" }, expected: "token-malformed" },
  { name: "the use of an ID token", claims: { token_use: "id" }, expected: "token-type-mismatch" },
  { name: "no client", claims: { client_id: undefined }, expected: "claim-missing" },
  { name: "an unregistered client", claims: { iss: STRICT }, expected: "client-mismatch" },
  { name: "the wrong typ", claims: { iss: STANDARD }, header: { typ: "JWT" }, expected: "token-type-mismatch" },
  { name: "no typ where one is required", claims: { iss: STANDARD }, expected: "token-type-mismatch" },
  ...["sub", "client_id", "jti", "iat", "aud"].map((claim) => ({
    name: `no ${claim} where RFC 9068 requires it`,
    header: { typ: "at+jwt" },
    claims: { iss: STANDARD, [claim]: undefined },
    expected: "claim-missing",
  })),
  {
    name: "an iat of the wrong type where RFC 9068 requires it",
    header: { typ: "at+jwt" },
    claims: { iss: STANDARD, iat: "0" },
    expected: "claim-missing",
  },
  {
    name: "another audience",
    header: { typ: "at+jwt" },
    claims: { iss: STANDARD, aud: "other" },
    expected: "audience-mismatch",
  },
  { name: "no audience at a generic issuer", claims: { iss: GENERIC, aud: undefined }, expected: "claim-missing" },
  { name: "another audience at a generic issuer", claims: { iss: GENERIC, aud: "x" }, expected: "audience-mismatch" },
];

const ACCEPTED: readonly Case[] = [
  { name: "a Cognito token", expected: "accepted" },
  { name: "a Cognito token without sub", claims: { sub: undefined }, expected: "accepted" },
  { name: "a token of a registered client", claims: { iss: STRICT, client_id: "customer" }, expected: "accepted" },
  { name: "a token by RFC 9068", header: { typ: "at+jwt" }, claims: { iss: STANDARD }, expected: "accepted" },
  { name: "a generic token", claims: { iss: GENERIC, client_id: undefined, azp: "app" }, expected: "accepted" },
];

describe("admitUnverified", () => {
  it.each([...REFUSED, ...ACCEPTED])("agrees with verifyToken on $name", async ({ header, claims, expected }) => {
    const token = await signToken(signer, claimsOf({ scope, ...claims }), header);
    const verification = await verify(token);
    const admission = admitUnverified(token, policy, NOW_MS);
    expect(outcomeOf(admission)).toBe(expected);
    if (verification instanceof Denial) expect(admission).toEqual(verification);
    else expect({ ...admission, key: signer.key }).toEqual(verification.token);
  });

  it.each(["", "a.b", "a.b.c", "e30.e30.", "eyJhbGciOiJFUzI1NiJ9.e30.AA"])("agrees on the text '%s'", async (text) => {
    expect(admitUnverified(text, policy, NOW_MS)).toEqual(await verify(text));
  });

  it.each([
    { name: "alg none", header: { alg: "none" }, expected: "algorithm-refused" },
    { name: "HMAC", header: { alg: "HS256" }, expected: "algorithm-refused" },
    { name: "an algorithm that the issuer does not use", header: { alg: "RS256" }, expected: "algorithm-refused" },
    { name: "an extension", header: { crit: ["b64"], b64: true }, expected: "token-malformed" },
    { name: "a typ that is no string", header: { typ: 1 }, expected: "token-malformed" },
    { name: "a kid that is no string", header: { kid: 1 }, expected: "token-malformed" },
  ])("agrees on the header with $name", async ({ header, expected }) => {
    const token = assemble({ alg: "ES256", kid: "key-1", ...header });
    expect(outcomeOf(admitUnverified(token, policy, NOW_MS))).toBe(expected);
    expect(admitUnverified(token, policy, NOW_MS)).toEqual(await verify(token));
  });

  it("accepts a token with an invalid signature, which verifyToken refuses", async () => {
    const forged = await signToken(await createSigner("ES256"));
    expect(outcomeOf(await verify(forged))).toBe("signature-invalid");
    expect(outcomeOf(admitUnverified(forged, policy, NOW_MS))).toBe("accepted");
  });
});
