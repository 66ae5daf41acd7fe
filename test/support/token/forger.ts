import { createHmac } from "node:crypto";
import { exportSPKI, importJWK } from "jose";
import { fullName } from "../e2e/gateway-policy.ts";
import { API } from "../policy/example-policy.ts";
import { accessClaims, type Claims, createSigningKey, type SigningKey } from "./signing-key.ts";

const WEBCRYPTO: Readonly<Record<string, { readonly name: string; readonly hash: string }>> = {
  ES256: { name: "ECDSA", hash: "SHA-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
};

/** How a token differs from a good token of the issuer `main`: its key, its header, its claims. */
export interface Forgery {
  readonly key?: SigningKey;
  /** Members that replace or join `alg`, `kid` and `typ`; an `undefined` member is left out. */
  readonly header?: Claims;
  readonly claims?: Claims;
}

/** The keys of three issuers and an attacker. Makes any token with them, well-formed or not. */
export interface Forger {
  readonly keys: {
    readonly main: SigningKey;
    readonly mainRsa: SigningKey;
    /** Two issuers use one `kid` for different keys. */
    readonly mainShared: SigningKey;
    readonly otherShared: SigningKey;
    readonly other: SigningKey;
    readonly pool: SigningKey;
    /** Published nowhere. */
    readonly attacker: SigningKey;
  };
  issuerUrl(name: "main" | "other" | "pool"): string;
  /** The header and the payload of the token, as JSON. */
  texts(forgery?: Forgery): readonly [header: string, payload: string];
  /** A signed token. */
  sign(forgery?: Forgery): Promise<string>;
  /** Signs texts that need not be JSON. */
  signTexts(header: string, payload: string, key?: SigningKey): Promise<string>;
  /** Signs parts that need not be base64url. */
  signParts(header: string, payload: string, key?: SigningKey): Promise<string>;
  /** A token with an HMAC whose secret is a public key, in some form. */
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
      // Issued before the gateway read the keys, so that it cannot take an unknown key for a newer one.
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
