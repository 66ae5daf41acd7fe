import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export type Claims = Readonly<Record<string, unknown>>;

/** A key pair of an issuer, for one algorithm. */
export interface SigningKey {
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** The public key as the issuer publishes it. */
  readonly publicJwk: JWK & { readonly kid: string };
}

/** A new key. An RSA key takes a moment: make it once per file. */
export async function createSigningKey(kid: string, alg = "ES256"): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, privateKey, publicKey, publicJwk: { ...(await exportJWK(publicKey)), kid, use: "sig" } };
}

/** Signs any claims with any key. Members of `header` replace or join `alg` and `kid`; `undefined` leaves one out. */
export function signClaims(
  { privateKey, alg, publicJwk }: SigningKey,
  claims: Claims,
  header: Claims = {},
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, kid: publicJwk.kid, ...header }).sign(privateKey);
}

/** Claims of an access token in the shape of Cognito, issued a minute ago, valid for an hour. */
export function accessClaims(issuer: string, changes: Claims = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    sub: "user-1",
    client_id: "app",
    token_use: "access",
    scope: "",
    jti: "token-1",
    iat: now - 60,
    exp: now + 3600,
    ...changes,
  };
}
