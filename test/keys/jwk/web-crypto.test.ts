import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { importKey } from "../../../src/keys/jwk/import-keys.ts";
import { parsePublicJwk } from "../../../src/keys/jwk/public-jwk.ts";
import { WEB_CRYPTO } from "../../../src/keys/jwk/web-crypto.ts";
import { ALGORITHMS } from "../../../src/policy/issuer-choices.ts";
import { isSignatureValid } from "../../../src/token/signature.ts";

it("has every algorithm that a policy can name, and no other", () => {
  expect([...WEB_CRYPTO.keys()].toSorted()).toEqual([...ALGORITHMS].toSorted());
});

describe.each(ALGORITHMS)("%s", (algorithm) => {
  const keyPair = () => generateKeyPair(algorithm, { extractable: true });
  const imported = async (jwk: object) => {
    const parsed = parsePublicJwk({ ...jwk, kid: "one", alg: algorithm }, new Set([algorithm]), false);
    const key = parsed.ok ? await importKey(parsed.value) : parsed;
    if (!key.ok) throw new Error(JSON.stringify(key.failure));
    const cryptoKey = key.value.cryptoKeys.get(algorithm);
    if (cryptoKey === undefined) throw new Error("no key");
    return cryptoKey;
  };

  it("verifies what jose has signed, and nothing else", async () => {
    const [own, other] = await Promise.all([keyPair(), keyPair()]);
    const token = await new SignJWT({ sub: "one" }).setProtectedHeader({ alg: algorithm }).sign(own.privateKey);
    const changed = token.replace(/\.[^.]+\./, ".eyJzdWIiOiJ0d28ifQ.");
    const key = await imported(await exportJWK(own.publicKey));
    expect([key.type, key.usages]).toEqual(["public", ["verify"]]);
    expect(await isSignatureValid(token, algorithm, key)).toBe(true);
    expect(await isSignatureValid(changed, algorithm, key)).toBe(false);
    expect(await isSignatureValid(token, algorithm, await imported(await exportJWK(other.publicKey)))).toBe(false);
  });
});
