import fc from "fast-check";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { beforeAll, expect, it } from "vitest";
import { importKeys } from "../../../src/keys/jwk/import-keys.ts";

const ALLOWED = new Set(["RS256", "ES256", "EdDSA"]);
const PUBLIC_MEMBERS = ["kid", "alg", "kty", "n", "e", "crv", "x", "y"];
const published: JWK[] = [];

beforeAll(async () => {
  for (const alg of ALLOWED)
    published.push(await exportJWK((await generateKeyPair(alg, { extractable: true })).publicKey));
});

const member = fc.constantFrom(
  "kty",
  "kid",
  "alg",
  "use",
  "key_ops",
  "n",
  "e",
  "crv",
  "x",
  "y",
  "d",
  "k",
  "x5c",
  "ext",
  "__proto__",
);
const value = fc.oneof(
  fc.constantFrom<unknown>(
    "RSA",
    "EC",
    "OKP",
    "oct",
    "P-256",
    "Ed25519",
    "RS256",
    "sig",
    "enc",
    "",
    "AQAB",
    "AA",
    "A".repeat(43),
    undefined,
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

it("a key set with anything in it is read without an exception, and nothing private or symmetric is taken from it", async () => {
  const damaged = fc
    .tuple(fc.nat(2), fc.dictionary(member, value, { maxKeys: 3 }))
    .map(([at, changed]) => ({ at, changed }));
  const entries = fc.array(fc.oneof(damaged, fc.jsonValue({ maxDepth: 2 })), { maxLength: 4 });
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(entries, async (list) => {
      const jwks = list.map((entry) =>
        typeof entry === "object" && entry !== null && "changed" in entry && typeof entry.changed === "object"
          ? { ...published[Number(entry.at)], kid: "key-1", ...entry.changed }
          : entry,
      );
      const { keys, skipped } = await importKeys(jwks, { algorithms: ALLOWED, tenants: undefined }, new Map());
      expect(keys.size + skipped.length).toBeLessThanOrEqual(jwks.length);
      for (const [text, { cryptoKeys }] of keys) {
        expect(PUBLIC_MEMBERS).toEqual(expect.arrayContaining(Object.keys(JSON.parse(text))));
        for (const [alg, key] of cryptoKeys) {
          expect(ALLOWED).toContain(alg);
          expect(key.type).toBe("public");
          expect(key.usages).toEqual(["verify"]);
        }
        taken += 1;
      }
    }),
    { numRuns: 600 },
  );
  expect(taken).toBeGreaterThan(50);
});
