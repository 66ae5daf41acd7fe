import { base64url, exportJWK, generateKeyPair, generateSecret, type JWK } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { importKeys } from "../../../src/keys/jwk/import-keys.ts";
import { MAX_KEYS_OF_SET } from "../../../src/limits.ts";

const EVERY = new Set([
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
]);

/** Any odd number will do for what is checked before use. */
const modulus = (bits: number) => {
  const bytes = new Uint8Array(Math.ceil(bits / 8)).fill(0xff);
  bytes[0] = 0xff >> (bytes.length * 8 - bits);
  return base64url.encode(bytes);
};
const integer = (...bytes: number[]) => base64url.encode(Uint8Array.from(bytes));

let rsa: JWK;
const TENANTS = { before: "https://login.example/", after: "/v2.0", accepted: "any" as const, claim: ["tid"] };

let ec: JWK;
let ec384: JWK;
let ec521: JWK;
let ed: JWK;
let privateEc: JWK;
let secret: JWK;

beforeAll(async () => {
  const pair = (algorithm: string) => generateKeyPair(algorithm, { extractable: true });
  const ecPair = await pair("ES256");
  rsa = await exportJWK((await pair("RS256")).publicKey);
  ec = await exportJWK(ecPair.publicKey);
  ec384 = await exportJWK((await pair("ES384")).publicKey);
  ec521 = await exportJWK((await pair("ES512")).publicKey);
  privateEc = await exportJWK(ecPair.privateKey);
  ed = await exportJWK((await pair("EdDSA")).publicKey);
  secret = await exportJWK(await generateSecret("HS256", { extractable: true }));
});

const importOne = async (entry: unknown, allowed: ReadonlySet<string> = EVERY) => {
  const { keys, skipped } = await importKeys([entry], { algorithms: allowed, tenants: undefined }, new Map());
  const [key] = keys.values();
  return key ? Array.from(key.cryptoKeys.keys()) : skipped.map(({ reason }) => reason);
};

type Row = { name: string; input: () => [entry: unknown, allowed?: ReadonlySet<string>]; expected: string[] };

const rsaOf = (bits: number, e = "AQAB") => ({ kty: "RSA", kid: "a", alg: "RS256", n: modulus(bits), e });

describe("importKeys: what a key may verify", () => {
  const table: Row[] = [
    {
      name: "an RSA key without alg serves every allowed RSA algorithm",
      input: () => [{ ...rsa, kid: "a" }],
      expected: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
    },
    {
      name: "an RSA key with alg serves that one only",
      input: () => [{ ...rsa, kid: "a", alg: "PS256", use: "sig", key_ops: ["verify"] }],
      expected: ["PS256"],
    },
    {
      name: "a key serves no algorithm outside the issuer's list",
      input: () => [{ ...rsa, kid: "a" }, new Set(["RS256", "ES256"])],
      expected: ["RS256"],
    },
    { name: "a P-256 key serves ES256 only", input: () => [{ ...ec, kid: "a" }], expected: ["ES256"] },
    { name: "a P-384 key serves ES384 only", input: () => [{ ...ec384, kid: "a" }], expected: ["ES384"] },
    { name: "a P-521 key serves ES512 only", input: () => [{ ...ec521, kid: "a" }], expected: ["ES512"] },
    {
      name: "an Ed25519 key serves both names of its algorithm",
      input: () => [{ ...ed, kid: "a" }],
      expected: ["EdDSA", "Ed25519"],
    },
    { name: "RSA of 2048 bits is enough", input: () => [rsaOf(2048)], expected: ["RS256"] },
    { name: "RSA of 8192 bits is bearable", input: () => [rsaOf(8192)], expected: ["RS256"] },
    { name: "an exponent of 3 is enough", input: () => [rsaOf(2048, integer(3))], expected: ["RS256"] },
    {
      name: "a kid of 1024 characters is bearable",
      input: () => [{ ...ec, kid: "k".repeat(1024) }],
      expected: ["ES256"],
    },
    { name: "any text is a kid", input: () => [{ ...ec, kid: "__proto__ \u0000\ud800 ключ" }], expected: ["ES256"] },
  ];
  for (const { name, input, expected } of table) {
    it(name, async () => expect(await importOne(...input())).toEqual(expected));
  }
});

describe("importKeys: what is skipped", () => {
  const table: Row[] = [
    { name: "RSA of 2047 bits", input: () => [rsaOf(2047)], expected: ["rsa-too-short"] },
    { name: "RSA of 1024 bits", input: () => [rsaOf(1024)], expected: ["rsa-too-short"] },
    { name: "RSA of 8193 bits", input: () => [rsaOf(8193)], expected: ["rsa-too-long"] },
    {
      name: "a short RSA key that leading zeros make long",
      input: () => [{ ...rsaOf(2048), n: base64url.encode(new Uint8Array(300).fill(0xff, 172)) }],
      expected: ["rsa-too-short"],
    },
    { name: "an exponent of 1", input: () => [rsaOf(2048, integer(1))], expected: ["rsa-exponent"] },
    { name: "an exponent of 2", input: () => [rsaOf(2048, integer(2))], expected: ["rsa-exponent"] },
    { name: "an even exponent", input: () => [rsaOf(2048, integer(1, 0, 0))], expected: ["rsa-exponent"] },
    {
      name: "an exponent of five bytes",
      input: () => [rsaOf(2048, integer(1, 0, 0, 0, 1))],
      expected: ["rsa-exponent"],
    },
    { name: "an exponent of zero", input: () => [rsaOf(2048, integer(0))], expected: ["rsa-malformed"] },
    { name: "base64url with padding", input: () => [rsaOf(2048, "AQAB=")], expected: ["rsa-malformed"] },
    { name: "base64url with leftover bits", input: () => [rsaOf(2048, "AR")], expected: ["rsa-malformed"] },
    {
      name: "RSA without n",
      input: () => [{ kty: "RSA", kid: "a", e: "AQAB" }],
      expected: ["rsa-malformed"],
    },
    {
      name: "RSA without e",
      input: () => [{ ...rsaOf(2048), e: undefined }],
      expected: ["rsa-malformed"],
    },
    {
      name: "RSA whose n is zero",
      input: () => [{ ...rsaOf(2048), n: integer(0, 0) }],
      expected: ["rsa-malformed"],
    },
    {
      name: "RSA whose n is not base64url",
      input: () => [{ ...rsaOf(2048), n: "n n!" }],
      expected: ["rsa-malformed"],
    },
    {
      name: "RSA whose n has a length that no bytes have",
      input: () => [{ ...rsaOf(2048), n: `${modulus(2048)}AAA` }],
      expected: ["rsa-malformed"],
    },
    { name: "a key without kid", input: () => [ec], expected: ["kid-missing"] },
    { name: "an empty kid", input: () => [{ ...ec, kid: "" }], expected: ["kid-missing"] },
    { name: "a kid that is a number", input: () => [{ ...ec, kid: 7 }], expected: ["kid-missing"] },
    { name: "a kid of 1025 characters", input: () => [{ ...ec, kid: "k".repeat(1025) }], expected: ["kid-too-long"] },
    { name: "an unknown kty", input: () => [{ ...ec, kid: "a", kty: "AKP" }], expected: ["kty-unsupported"] },
    {
      name: "an inherited name as kty",
      input: () => [{ kid: "a", kty: "toString" }],
      expected: ["kty-unsupported"],
    },
    { name: "an unknown crv", input: () => [{ ...ec, kid: "a", crv: "secp256k1" }], expected: ["crv-unsupported"] },
    {
      name: "an inherited name as crv",
      input: () => [{ ...ec, kid: "a", crv: "toString" }],
      expected: ["crv-unsupported"],
    },
    {
      name: "X25519, which does not sign",
      input: () => [{ ...ed, kid: "a", crv: "X25519" }],
      expected: ["crv-unsupported"],
    },
    { name: "a private key", input: () => [{ ...privateEc, kid: "a" }], expected: ["private"] },
    ...["d", "p", "q", "dp", "dq", "qi", "oth", "k"].map((member) => ({
      name: `a key whose only private member is ${member}`,
      input: (): [unknown] => [{ ...rsa, kid: "a", [member]: "AQ" }],
      expected: ["private"],
    })),
    { name: "a shared secret", input: () => [{ ...secret, kid: "a" }], expected: ["symmetric"] },
    { name: "a key for encryption", input: () => [{ ...rsa, kid: "a", use: "enc" }], expected: ["use-not-sig"] },
    { name: "a use that is no text", input: () => [{ ...rsa, kid: "a", use: null }], expected: ["use-not-sig"] },
    {
      name: "key_ops without verify",
      input: () => [{ ...rsa, kid: "a", key_ops: ["sign"] }],
      expected: ["key-ops-without-verify"],
    },
    {
      name: "key_ops that are no list",
      input: () => [{ ...rsa, kid: "a", key_ops: "verify" }],
      expected: ["key-ops-without-verify"],
    },
    { name: "an alg of another kty", input: () => [{ ...rsa, kid: "a", alg: "ES256" }], expected: ["alg-not-allowed"] },
    {
      name: "an alg of another curve",
      input: () => [{ ...ec, kid: "a", alg: "ES384" }],
      expected: ["alg-not-allowed"],
    },
    { name: "an alg that is no text", input: () => [{ ...ec, kid: "a", alg: 256 }], expected: ["alg-not-allowed"] },
    {
      name: "an alg that the issuer may not use",
      input: () => [{ ...rsa, kid: "a", alg: "RS512" }, new Set(["RS256"])],
      expected: ["alg-not-allowed"],
    },
    { name: "a point off the curve", input: () => [{ ...ec, kid: "a", y: ec.x }], expected: ["import-failed"] },
    {
      name: "a coordinate cut short",
      input: () => [{ ...ec, kid: "a", x: integer(1) }],
      expected: ["point-malformed"],
    },
    { name: "a point without x", input: () => [{ ...ec, kid: "a", x: undefined }], expected: ["point-malformed"] },
    {
      name: "an x that is not base64url",
      input: () => [{ ...ec, kid: "a", x: `${ec.x}=` }],
      expected: ["point-malformed"],
    },
    {
      name: "a y that is not base64url",
      input: () => [{ ...ec, kid: "a", y: "+/+/" }],
      expected: ["point-malformed"],
    },
    { name: "a point without y", input: () => [{ ...ec, kid: "a", y: undefined }], expected: ["point-malformed"] },
    {
      name: "an Ed25519 point off the curve",
      input: () => [{ ...ed, kid: "a", x: integer(2, ...new Array(31).fill(0)) }],
      expected: ["point-off-curve"],
    },
    { name: "text in place of a key", input: () => ["key"], expected: ["not-an-object"] },
    { name: "null in place of a key", input: () => [null], expected: ["not-an-object"] },
    { name: "a list in place of a key", input: () => [[]], expected: ["not-an-object"] },
  ];
  for (const { name, input, expected } of table) {
    it(`skips ${name}`, async () => expect(await importOne(...input())).toEqual(expected));
  }
});

describe("importKeys: sets", () => {
  it("one bad key never spoils the set", async () => {
    const entries = [null, { ...ec, kid: "good" }, { ...secret, kid: "secret" }, { ...ec, kid: "off", y: ec.x }];
    const { keys, skipped } = await importKeys(entries, { algorithms: EVERY, tenants: undefined }, new Map());
    expect(Array.from(keys.values(), ({ kid }) => kid)).toEqual(["good"]);
    expect(skipped).toEqual([
      { kid: undefined, reason: "not-an-object" },
      { kid: "secret", reason: "symmetric" },
      { kid: "off", reason: "import-failed" },
    ]);
  });

  it("keeps both of two keys that share a kid, and one of two that are equal", async () => {
    const entries = [
      { ...ec, kid: "a" },
      { ...rsa, kid: "a" },
      { y: ec.y, kid: "a", ...ec, use: "sig" },
    ];
    const { keys } = await importKeys(entries, { algorithms: EVERY, tenants: undefined }, new Map());
    expect(Array.from(keys.values(), ({ kid }) => kid)).toEqual(["a", "a"]);
  });

  it.each([
    { name: "of every tenant", issuer: "https://login.example/{tenantid}/v2.0" },
    { name: "of one tenant", issuer: "https://login.example/11111111-1111-4111-8111-111111111111/v2.0" },
    { name: "with an empty one", issuer: "" },
    { name: "without one", issuer: undefined },
  ])("keeps the issuer of a key of an issuer with tenants: $name", async ({ issuer }) => {
    const entry = { ...ec, kid: "a", alg: "ES256", ...(issuer !== undefined && { issuer }) };
    const { keys, skipped } = await importKeys([entry], { algorithms: EVERY, tenants: TENANTS }, new Map());
    expect(Array.from(keys.values(), (key) => key.issuer)).toEqual([issuer]);
    expect(skipped).toEqual([]);
    // What KV stores is imported again.
    const stored = Array.from(keys.keys(), (text) => JSON.parse(text));
    const again = await importKeys(stored, { algorithms: EVERY, tenants: TENANTS }, keys);
    expect([...again.keys]).toEqual([...keys]);
    const plain = await importKeys([entry], { algorithms: EVERY, tenants: undefined }, new Map());
    expect(Array.from(plain.keys.values(), (key) => "issuer" in key)).toEqual([false]);
  });

  it.each([[["https://a.example"]], [1], [null], [{}], [true]])(
    "skips a key of an issuer with tenants whose issuer is %j",
    async (issuer) => {
      const entry = { ...ec, kid: "a", issuer };
      const { keys, skipped } = await importKeys([entry], { algorithms: EVERY, tenants: TENANTS }, new Map());
      expect([keys.size, skipped]).toEqual([0, [{ kid: "a", reason: "issuer-malformed" }]]);
      const plain = await importKeys([entry], { algorithms: EVERY, tenants: undefined }, new Map());
      expect([plain.keys.size, plain.skipped]).toEqual([1, []]);
    },
  );

  it("keys that differ in their issuer only are two, and a key with another issuer is another object", async () => {
    const [one, other] = ["a", "b"].map((issuer) => ({ ...ec, kid: "a", issuer }));
    const before = await importKeys([one], { algorithms: EVERY, tenants: TENANTS }, new Map());
    const after = await importKeys([one, other], { algorithms: EVERY, tenants: TENANTS }, before.keys);
    const [key] = before.keys.values();
    expect(Array.from(after.keys.values(), (it) => it === key)).toEqual([true, false]);
  });

  it("an unchanged key stays the same object if its members move or others appear", async () => {
    const before = await importKeys([{ ...ec, kid: "a" }], { algorithms: EVERY, tenants: undefined }, new Map());
    const reordered = { x5t: "other", use: "sig", y: ec.y, x: ec.x, kid: "a", crv: ec.crv, kty: ec.kty };
    const after = await importKeys([reordered], { algorithms: EVERY, tenants: undefined }, before.keys);
    expect(Array.from(after.keys.values())).toEqual(Array.from(before.keys.values()));
    expect(Array.from(after.keys.values())[0]).toBe(Array.from(before.keys.values())[0]);
  });

  it("a key with an old kid and other material is another object", async () => {
    const before = await importKeys([{ ...ec, kid: "a" }], { algorithms: EVERY, tenants: undefined }, new Map());
    const after = await importKeys([{ ...rsa, kid: "a" }], { algorithms: EVERY, tenants: undefined }, before.keys);
    expect(Array.from(after.keys.values())[0]).not.toBe(Array.from(before.keys.values())[0]);
  });

  it("what is kept of a key has nothing but what verification needs", async () => {
    const { keys } = await importKeys(
      [{ ...ec, kid: "a", alg: "ES256", x5c: ["MII"], use: "sig" }],
      { algorithms: EVERY, tenants: undefined },
      new Map(),
    );
    const [text] = keys.keys();
    expect(Object.keys(JSON.parse(text ?? "{}"))).toEqual(["kty", "kid", "crv", "x", "y", "alg"]);
  });

  for (const { name, count, expected } of [
    { name: "imports as many keys as one set may have", count: MAX_KEYS_OF_SET, expected: [] },
    { name: "skips the last key of one more", count: MAX_KEYS_OF_SET + 1, expected: ["too-many-keys"] },
  ]) {
    it(name, async () => {
      // Neither a key that is skipped at once nor the repetition of a key uses up a place.
      const entries = [null, { ...ec, kid: "key 0" }];
      for (let index = 0; index < count; index++) entries.push({ ...ec, kid: `key ${index}` });
      const { keys, skipped } = await importKeys(entries, { algorithms: EVERY, tenants: undefined }, new Map());
      const kids = Array.from(keys.values(), ({ kid }) => kid);
      expect(kids).toEqual(Array.from({ length: MAX_KEYS_OF_SET }, (_, index) => `key ${index}`));
      expect(skipped.slice(1).map(({ reason }) => reason)).toEqual(expected);
    });
  }

  it("keys that cannot be imported use up places, because they cost as much", async () => {
    const off = Array.from({ length: MAX_KEYS_OF_SET }, (_, index) => ({ ...ec, kid: `off ${index}`, y: ec.x }));
    const { keys, skipped } = await importKeys(
      [...off, { ...ec, kid: "good" }],
      { algorithms: EVERY, tenants: undefined },
      new Map(),
    );
    expect(keys.size).toBe(0);
    expect(skipped.at(-1)).toEqual({ kid: "good", reason: "too-many-keys" });
  });
});
