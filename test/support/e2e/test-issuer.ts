import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { startServer } from "./test-server.ts";

export type Claims = Readonly<Record<string, unknown>>;

/** A key pair of an issuer. */
export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly alg: string;
  readonly publicJwk: JWK & { readonly kid: string };
}

/** An issuer of this process: its key set over HTTP, and tokens of any claims. */
export interface TestIssuer {
  /** Its identifier, `iss`. */
  readonly url: string;
  /** How often its key set was asked for. */
  requests: number;
  /** The first one signs; all are published. */
  keys: readonly SigningKey[];
  /** How long it takes to answer. */
  delayMs: number;
  /** A token of a client with these claims on top of `accessClaims`; members that are `undefined` are left out. */
  token(claims?: Claims, header?: Claims): Promise<string>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A new key. RSA ones take a moment to make. */
export async function createSigningKey(kid: string, alg = "ES256"): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, alg, publicJwk: { ...(await exportJWK(publicKey)), kid, use: "sig" } };
}

/** Signs any claims with any key. */
export function signClaims({ privateKey, alg, publicJwk }: SigningKey, claims: Claims, header: Claims = {}) {
  return new SignJWT(claims).setProtectedHeader({ alg, kid: publicJwk.kid, ...header }).sign(privateKey);
}

/** Claims of an access token in the shape of Cognito, issued a moment ago. */
export function accessClaims(issuer: string, changes: Claims = {}): Claims {
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

/** Starts an issuer on a free port, with one ES256 key. */
export async function startIssuer(): Promise<TestIssuer> {
  const server = await startServer((_request, response) => {
    issuer.requests += 1;
    const answer = JSON.stringify({ keys: issuer.keys.map(({ publicJwk }) => publicJwk) });
    setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end(answer), issuer.delayMs);
  });
  const issuer: TestIssuer = {
    url: `${server.origin}/pool`,
    requests: 0,
    keys: [await createSigningKey("key-1")],
    delayMs: 0,
    token: (claims, header) => {
      const [current] = issuer.keys;
      if (current === undefined) throw new Error("The issuer has no key.");
      return signClaims(current, accessClaims(issuer.url, claims), header);
    },
    start: server.start,
    stop: server.stop,
  };
  return issuer;
}
