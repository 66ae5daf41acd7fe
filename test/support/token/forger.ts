import { createHmac } from "node:crypto";
import { exportSPKI, importJWK } from "jose";
import { fullName } from "../e2e/gateway-policy.ts";
import { API } from "../policy/example-policy.ts";
import { accessClaims, type Claims, createSigningKey, type SigningKey } from "./signing-key.ts";

const WEBCRYPTO: Readonly<Record<string, { readonly name: string; readonly hash: string }>> = {
  ES256: { name: "ECDSA", hash: "SHA-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
};

/** What a token is signed with and what it says; what is left out is that of a good token of the issuer `main`. */
export interface Forgery {
  readonly key?: SigningKey;
  /** On top of `alg`, `kid` and `typ`; members that are `undefined` are left out. */
  readonly header?: Claims;
  readonly claims?: Claims;
}

/** Keys of three issuers and of an attacker, and any token that can be made with them, well-formed or not. */
export interface Forger {
  readonly keys: {
    readonly main: SigningKey;
    readonly mainRsa: SigningKey;
    /** Under one `kid` at two issuers, with a key each. */
    readonly mainShared: SigningKey;
    readonly otherShared: SigningKey;
    readonly other: SigningKey;
    readonly pool: SigningKey;
    /** Published nowhere. */
    readonly attacker: SigningKey;
  };
  issuerUrl(name: "main" | "other" | "pool"): string;
  /** The texts of a good token's header and payload, changed. */
  texts(forgery?: Forgery): readonly [header: string, payload: string];
  /** A signed token. */
  sign(forgery?: Forgery): Promise<string>;
  /** Signs texts that need not be JSON. */
  signTexts(header: string, payload: string, key?: SigningKey): Promise<string>;
  /** Signs parts that need not be base64url. */
  signParts(header: string, payload: string, key?: SigningKey): Promise<string>;
  /** A token whose HMAC is made with what everyone can read of a key. */
  signWithPublic(alg: "HS256" | "HS384" | "HS512", form: "pem" | "jwk" | "n" | "empty"): Promise<string>;
}

/** Base64url of the text as UTF-8. */
export const part = (text: string): string => Buffer.from(text).toString("base64url");

export async function createForger(issuerUrl: Forger["issuerUrl"]): Promise<Forger> {
  const [main, mainRsa, mainShared, otherShared, other, pool, attacker] = await Promise.all([
    createSigningKey("main-1"),
    createSigningKey("main-rsa", "RS256"),
    createSigningKey("shared"),
    createSigningKey("shared"),
    createSigningKey("other-1"),
    createSigningKey("pool-1"),
    createSigningKey("main-1"),
  ]);

  const forger: Forger = {
    keys: { main, mainRsa, mainShared, otherShared, other, pool, attacker },
    issuerUrl,
    texts({ key = main, header = {}, claims = {} } = {}) {
      const { alg, publicJwk } = key;
      // Issued long before the gateway read any key: a key that it does not find is not just newer.
      const iat = Math.floor(Date.now() / 1000) - 600;
      const usual = accessClaims(issuerUrl("main"), { aud: API, scope: fullName("read:products"), iat, ...claims });
      return [JSON.stringify({ alg, kid: publicJwk.kid, typ: "at+jwt", ...header }), JSON.stringify(usual)];
    },
    sign: (forgery = {}) => forger.signTexts(...forger.texts(forgery), forgery.key),
    signTexts: (header, payload, key) => forger.signParts(part(header), part(payload), key),
    async signParts(header, payload, key = main) {
      const signed = `${header}.${payload}`;
      const algorithm = WEBCRYPTO[key.alg];
      if (algorithm === undefined) throw new Error(`There is no way to sign with ${key.alg} here.`);
      const signature = await crypto.subtle.sign(algorithm, key.privateKey, Buffer.from(signed, "latin1"));
      return `${signed}.${Buffer.from(signature).toString("base64url")}`;
    },
    async signWithPublic(alg, form) {
      const [header, payload] = forger.texts({ key: mainRsa, header: { alg } });
      const { publicJwk } = mainRsa;
      const secret =
        form === "pem"
          ? await exportSPKI((await importJWK({ ...publicJwk, ext: true }, "RS256")) as CryptoKey)
          : { jwk: JSON.stringify(publicJwk), n: Buffer.from(publicJwk.n ?? "", "base64url"), empty: "" }[form];
      const signed = `${part(header)}.${part(payload)}`;
      return `${signed}.${createHmac(`sha${alg.slice(2)}`, secret)
        .update(signed)
        .digest("base64url")}`;
    },
  };
  return forger;
}
