import { generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { promisify } from "node:util";

/** The kinds of requests that are sent to a gateway, by the name in the report. */
export const WORKLOADS = ["hot", "thousand", "cold", "bad-signature", "no-token"] as const;
export type Workload = (typeof WORKLOADS)[number];

/** The tokens of a workload are sent in turn; `cold` ones once only. `no-token` has none. */
export type Tokens = Readonly<Record<Exclude<Workload, "no-token">, readonly string[]>>;

const IN_TURN = 1_000;
const LIFETIME_SECONDS = 3_600;

/** An issuer in the shape of Cognito with one RS256 key. */
export interface BenchIssuer {
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] };
  readonly keyId: string;
  readonly publicKey: KeyObject;
  /** Signs a token for each set of claims, which takes most of a millisecond each. */
  sign(claims: readonly Claims[]): Promise<string[]>;
}

type Claims = Readonly<Record<string, unknown>>;

/** Makes an issuer with a new key. */
export function createIssuer(): BenchIssuer {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = randomUUID();
  return {
    jwks: { keys: [{ ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" }] },
    keyId: kid,
    publicKey,
    sign: (all) => Promise.all(all.map((claims) => signToken(privateKey, kid, claims))),
  };
}

/**
 * Signs the tokens of all workloads.
 *
 * @param url value of `iss`
 * @param coldTokens how many tokens are made to be used once
 * @param further claims, such as `cnf`
 */
export async function signTokens(issuer: BenchIssuer, url: string, coldTokens: number, further: Claims = {}) {
  const signMany = (count: number): Promise<string[]> =>
    issuer.sign(Array.from({ length: count }, () => ({ ...accessTokenClaims(url), ...further })));
  const thousand = await signMany(IN_TURN);
  return {
    hot: await signMany(1),
    thousand,
    cold: await signMany(coldTokens),
    "bad-signature": thousand.map(withBadSignature),
  } satisfies Tokens;
}

/** Gives a gateway the tokens of each workload in turn. It never gets a cold token twice. */
export class TokenQueue {
  readonly #tokens: Tokens;
  readonly #sent = new Map<Workload, number>();

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  /** Throws when all cold tokens are used up. */
  next(workload: Workload): string | undefined {
    if (workload === "no-token") return undefined;
    const tokens = this.#tokens[workload];
    const sent = this.#sent.get(workload) ?? 0;
    if (workload === "cold" && sent >= tokens.length) throw new Error(`all ${tokens.length} cold tokens are used up`);
    this.#sent.set(workload, sent + 1);
    return tokens[sent % tokens.length];
  }
}

/** Status of the answer to a workload. */
export function expectedStatus(workload: Workload, isBare: boolean): number {
  return isBare || !(workload === "bad-signature" || workload === "no-token") ? 200 : 401;
}

const signAsync = promisify<string, Buffer, KeyObject, Buffer>(sign);

async function signToken(privateKey: KeyObject, kid: string, claims: Claims): Promise<string> {
  const content = `${jsonPart({ kid, alg: "RS256" })}.${jsonPart(claims)}`;
  const signature = await signAsync("sha256", Buffer.from(content), privateKey);
  return `${content}.${signature.toString("base64url")}`;
}

function accessTokenClaims(issuer: string): Claims {
  const now = Math.floor(Date.now() / 1000);
  return {
    sub: randomUUID(),
    token_use: "access",
    scope: "https://api.myecommerce.com/read:products https://api.myecommerce.com/read:orders",
    auth_time: now,
    aud: "https://api.myecommerce.com",
    iss: issuer,
    exp: now + LIFETIME_SECONDS,
    iat: now,
    version: 2,
    jti: randomUUID(),
    client_id: "customer",
  };
}

/** Changes a character in the middle of the signature; the token stays well-formed. */
function withBadSignature(token: string): string {
  const place = token.lastIndexOf(".") + 100;
  return token.slice(0, place) + (token[place] === "A" ? "B" : "A") + token.slice(place + 1);
}

function jsonPart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
