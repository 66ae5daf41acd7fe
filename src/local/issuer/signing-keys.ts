import type { D1Database } from "@cloudflare/workers-types/index.ts";
import { base64url, exportJWK, importJWK, type JWK, type JWTPayload, SignJWT } from "jose";

/** The tables of the issuer's database. */
export const KEY_TABLES = [
  `CREATE TABLE IF NOT EXISTS signing_keys (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kid TEXT NOT NULL UNIQUE,
    private_jwk TEXT NOT NULL
  )`,
];

/** A Cognito user pool publishes two keys. */
const PUBLISHED_KEYS = 2;

/** The public keys in the form that Cognito publishes (RFC 7517). The first key is the one that signs. */
export async function publicKeys(db: D1Database): Promise<JWK[]> {
  const keys = await readKeys(db);
  return keys.map(({ kid, private_jwk }) => {
    const { kty, n, e } = JSON.parse(private_jwk) as JWK & { kty: string; n: string; e: string };
    return { alg: "RS256", e, kid, kty, n, use: "sig" };
  });
}

/** Signs claims as a compact JWS. Its header has only `kid` and `alg`, like that of a Cognito token. */
export async function signClaims(db: D1Database, claims: JWTPayload): Promise<string> {
  const [current] = await readKeys(db);
  if (!current) throw new Error("There is no signing key.");
  const key = await importJWK(JSON.parse(current.private_jwk) as JWK, "RS256");
  return new SignJWT(claims).setProtectedHeader({ kid: current.kid, alg: "RS256" }).sign(key);
}

/**
 * Makes a new key that signs from now on. `overlap`: the previous key stays published until the next rotation, so that
 * its tokens remain valid. `hard`: all keys are replaced at once, as after a compromise, and no earlier token verifies.
 */
export async function rotateKeys(db: D1Database, mode: "overlap" | "hard"): Promise<void> {
  if (mode === "hard") {
    const keys = [await newKey(), await newKey()];
    await db.batch([db.prepare("DELETE FROM signing_keys"), ...keys.map((key) => insertKey(db, key))]);
    return;
  }
  await readKeys(db);
  await db.batch([
    insertKey(db, await newKey()),
    db
      .prepare(
        `DELETE FROM signing_keys WHERE position NOT IN
         (SELECT position FROM signing_keys ORDER BY position DESC LIMIT ?)`,
      )
      .bind(PUBLISHED_KEYS),
  ]);
}

interface KeyRow {
  readonly kid: string;
  readonly private_jwk: string;
}

/** The keys, newest first. If there are none, they are created; of concurrent requests, the first to write wins. */
async function readKeys(db: D1Database): Promise<readonly KeyRow[]> {
  const read = () => db.prepare("SELECT kid, private_jwk FROM signing_keys ORDER BY position DESC").all<KeyRow>();
  const { results } = await read();
  if (results.length > 0) return results;
  const [first, second] = [await newKey(), await newKey()];
  await db
    .prepare(
      `INSERT INTO signing_keys (kid, private_jwk) SELECT column1, column2 FROM (VALUES (?, ?), (?, ?))
       WHERE NOT EXISTS (SELECT 1 FROM signing_keys)`,
    )
    .bind(first.kid, first.private_jwk, second.kid, second.private_jwk)
    .run();
  return (await read()).results;
}

function insertKey(db: D1Database, { kid, private_jwk }: KeyRow) {
  return db.prepare("INSERT INTO signing_keys (kid, private_jwk) VALUES (?, ?)").bind(kid, private_jwk);
}

async function newKey(): Promise<KeyRow> {
  const { privateKey } = await crypto.subtle.generateKey(
    {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    },
    true,
    ["sign", "verify"],
  );
  const kid = base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
  return { kid, private_jwk: JSON.stringify(await exportJWK(privateKey)) };
}
