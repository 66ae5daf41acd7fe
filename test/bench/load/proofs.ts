import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";

/** A client that proves the possession of its key (RFC 9449). */
export interface Prover {
  /** For `cnf` of its tokens. */
  readonly thumbprint: string;
  /** A new proof for a `GET`. It is signed here, so it costs the gateway under test nothing. */
  prove(uri: string, token: string): string;
}

/** Makes a client with a new P-256 key. */
export function createProver(): Prover {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { crv, kty, x, y } = publicKey.export({ format: "jwk" });
  const header = encoded({ typ: "dpop+jwt", alg: "ES256", jwk: { crv, kty, x, y } });
  return {
    thumbprint: sha256(JSON.stringify({ crv, kty, x, y })),
    prove: (htu, token) => {
      const claims = { htm: "GET", htu, iat: Math.floor(Date.now() / 1000), jti: randomUUID(), ath: sha256(token) };
      const content = `${header}.${encoded(claims)}`;
      const signature = sign("sha256", Buffer.from(content), { key: privateKey, dsaEncoding: "ieee-p1363" });
      return `${content}.${signature.toString("base64url")}`;
    },
  };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
