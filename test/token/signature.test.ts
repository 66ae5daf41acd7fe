import { base64url } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { isSignatureValid } from "../../src/token/signature.ts";
import { createSigner, type Signer, signToken } from "../support/token/tokens.ts";

const ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];

describe.each(ALGORITHMS)("isSignatureValid with %s", (alg) => {
  let signer: Signer;
  let token: string;
  let other: Signer;

  beforeAll(async () => {
    [signer, other] = await Promise.all([createSigner(alg), createSigner(alg)]);
    token = await signToken(signer);
  }, 60_000);

  const check = (text: string, { key } = signer): Promise<boolean> => {
    const cryptoKey = key.cryptoKeys.get(alg);
    if (cryptoKey === undefined) throw new Error("the signer has no key");
    // A rejection means an invalid signature.
    return isSignatureValid(text, alg, cryptoKey).catch(() => false);
  };

  it("accepts what the key signed", async () => {
    expect(await check(token)).toBe(true);
  });

  it("refuses another key", async () => {
    expect(await check(token, other)).toBe(false);
  });

  it("refuses other claims", async () => {
    const [header, , signature] = token.split(".");
    expect(await check([header, base64url.encode('{"sub":"root"}'), signature].join("."))).toBe(false);
  });

  it.each([
    { name: "with a bit changed", change: (bytes: Uint8Array) => bytes.with(8, (bytes[8] ?? 0) ^ 1) },
    { name: "without its last byte", change: (bytes: Uint8Array) => bytes.subarray(0, -1) },
    { name: "with a byte more", change: (bytes: Uint8Array) => Uint8Array.of(...bytes, 0) },
    { name: "with a zero before it", change: (bytes: Uint8Array) => Uint8Array.of(0, ...bytes) },
    { name: "of zeros", change: (bytes: Uint8Array) => new Uint8Array(bytes.length) },
    { name: "that is empty", change: () => new Uint8Array() },
  ])("refuses a signature $name", async ({ change }) => {
    const end = token.lastIndexOf(".") + 1;
    const signature = change(base64url.decode(token.slice(end)));
    expect(await check(token.slice(0, end) + base64url.encode(signature))).toBe(false);
  });
});

describe("isSignatureValid", () => {
  it("refuses an ECDSA signature in DER, which is not the form of a JWS", async () => {
    const signer = await createSigner("ES256");
    const token = await signToken(signer);
    const end = token.lastIndexOf(".") + 1;
    const raw = base64url.decode(token.slice(end));
    const cryptoKey = signer.key.cryptoKeys.get("ES256");
    expect(cryptoKey && (await isSignatureValid(token, "ES256", cryptoKey))).toBe(true);
    const inDer = token.slice(0, end) + base64url.encode(der(raw.subarray(0, 32), raw.subarray(32)));
    expect(cryptoKey && (await isSignatureValid(inDer, "ES256", cryptoKey).catch(() => false))).toBe(false);
  });

  it.each(["none", "HS256", "RS1", "toString", "__proto__", ""])("knows no algorithm %j", async (alg) => {
    const signer = await createSigner("ES256");
    const cryptoKey = signer.key.cryptoKeys.get("ES256");
    expect(cryptoKey && (await isSignatureValid(await signToken(signer), alg, cryptoKey).catch(() => false))).toBe(
      false,
    );
  });
});

/** ECDSA-Sig-Value of RFC 3279 2.2.3. */
function der(r: Uint8Array, s: Uint8Array): Uint8Array {
  const integers = [r, s].flatMap((value) => [0x02, value.length + 1, 0, ...value]);
  return Uint8Array.of(0x30, integers.length, ...integers);
}
