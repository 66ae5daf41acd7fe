import { base64url, exportJWK, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { isEd25519PublicKey } from "../../../src/keys/jwk/ed25519-point.ts";

const P = 2n ** 255n - 19n;
const bytesOf = (y: bigint) => Uint8Array.from({ length: 32 }, (_, i) => Number((y >> BigInt(8 * i)) & 255n));
const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

describe("isEd25519PublicKey", () => {
  const table = [
    {
      name: "takes the key of RFC 8032 7.1 test 1",
      input: hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
      expected: true,
    },
    {
      name: "takes the key of RFC 8032 7.1 test 3, whose sign bit is set",
      input: hex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"),
      expected: true,
    },
    { name: "refuses a y that no point of the curve has", input: bytesOf(2n), expected: false },
    { name: "refuses y of order 4 (the all-zero key)", input: bytesOf(0n), expected: false },
    { name: "refuses the neutral element", input: bytesOf(1n), expected: false },
    { name: "refuses the point of order 2", input: bytesOf(P - 1n), expected: false },
    {
      name: "refuses a point of order 8",
      input: hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
      expected: false,
    },
    {
      name: "refuses the other y of order 8",
      input: hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
      expected: false,
    },
    { name: "refuses a y that is not reduced", input: bytesOf(P + 3n), expected: false },
    { name: "refuses another spelling of the all-zero key", input: bytesOf(P), expected: false },
    {
      name: "refuses a key with a byte behind it",
      input: hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a00"),
      expected: false,
    },
    { name: "refuses 31 bytes", input: new Uint8Array(31).fill(1), expected: false },
  ];
  for (const { name, input, expected } of table) {
    it(name, () => expect(isEd25519PublicKey(input)).toBe(expected));
  }

  it("takes keys as they are generated", async () => {
    for (let round = 0; round < 8; round++) {
      const { x } = await exportJWK((await generateKeyPair("EdDSA", { extractable: true })).publicKey);
      expect(isEd25519PublicKey(base64url.decode(x ?? ""))).toBe(true);
    }
  });
});
