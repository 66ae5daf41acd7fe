import type { D1Database } from "@cloudflare/workers-types/index.ts";
import { base64url, exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from "jose";
import type { IssuerSettings } from "./issuer-settings.ts";
import { tokenType } from "./token-claims.ts";

/** The tables of the issuer's database. */
export const KEY_TABLES = [
  `CREATE TABLE IF NOT EXISTS issuer_keys (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    kid TEXT NOT NULL UNIQUE,
    private_jwk TEXT NOT NULL
  )`,
];

/** Each issuer publishes two keys, as a Cognito user pool does. */
const PUBLISHED_KEYS = 2;

/** The members of a public key (RFC 7518 6.2 and 6.3, RFC 8037 2). All other members of a key may be private. */
const PUBLIC_MEMBERS = ["crv", "e", "kty", "n", "x", "y"];

/** What the keys of an issuer depend on. */
type KeyOwner = Pick<IssuerSettings, "name" | "algorithm">;

/** The public keys of an issuer (RFC 7517). The first key is the one that signs. */
export async function publicKeys(db: D1Database, issuer: KeyOwner): Promise<JWK[]> {
  const keys = await readKeys(db, issuer);
  return keys.map(({ kid, private_jwk }) => {
    const members = Object.entries(JSON.parse(private_jwk) as JWK).filter(([name]) => PUBLIC_MEMBERS.includes(name));
    return { ...(Object.fromEntries(members) as JWK), alg: issuer.algorithm, kid, use: "sig" };
  });
}

/**
 * Signs claims as a compact JWS with the issuer's current key. Its header has `kid`, `alg`, and the `typ` of the
 * profile.
 */
export async function signClaims(db: D1Database, issuer: IssuerSettings, claims: JWTPayload): Promise<string> {
  const [current] = await readKeys(db, issuer);
  if (!current) throw new Error("There is no signing key.");
  const key = await importJWK(JSON.parse(current.private_jwk) as JWK, issuer.algorithm);
  const typ = tokenType(issuer);
  return new SignJWT(claims)
    .setProtectedHeader({ kid: current.kid, alg: issuer.algorithm, ...(typ !== undefined && { typ }) })
    .sign(key);
}

/**
 * Makes a new key that signs from now on. `overlap`: the previous key stays published until the next rotation, so that
 * its tokens remain valid. `hard`: all keys are replaced at once, as after a compromise, and no earlier token verifies.
 */
export async function rotateKeys(db: D1Database, issuer: KeyOwner, mode: "overlap" | "hard"): Promise<void> {
  const owner = ownerOf(issuer);
  if (mode === "hard") {
    const keys = [await newKey(issuer), await newKey(issuer)];
    const removal = db.prepare("DELETE FROM issuer_keys WHERE owner = ?").bind(owner);
    await db.batch([removal, ...keys.map((key) => insertKey(db, owner, key))]);
    return;
  }
  await readKeys(db, issuer);
  await db.batch([
    insertKey(db, owner, await newKey(issuer)),
    db
      .prepare(
        `DELETE FROM issuer_keys WHERE owner = ?1 AND position NOT IN
         (SELECT position FROM issuer_keys WHERE owner = ?1 ORDER BY position DESC LIMIT ?2)`,
      )
      .bind(owner, PUBLISHED_KEYS),
  ]);
}

interface KeyRow {
  readonly kid: string;
  readonly private_jwk: string;
}

/** An issuer whose algorithm changes in the policy gets new keys. */
function ownerOf({ name, algorithm }: KeyOwner): string {
  return `${algorithm} ${name}`;
}

/** The keys, newest first. If there are none, they are created; of concurrent requests, the first to write wins. */
async function readKeys(db: D1Database, issuer: KeyOwner): Promise<readonly KeyRow[]> {
  const owner = ownerOf(issuer);
  const read = () =>
    db
      .prepare("SELECT kid, private_jwk FROM issuer_keys WHERE owner = ? ORDER BY position DESC")
      .bind(owner)
      .all<KeyRow>();
  const { results } = await read();
  if (results.length > 0) return results;
  const [first, second] = [await newKey(issuer), await newKey(issuer)];
  await db
    .prepare(
      `INSERT INTO issuer_keys (owner, kid, private_jwk) SELECT ?1, column1, column2 FROM (VALUES (?2, ?3), (?4, ?5))
       WHERE NOT EXISTS (SELECT 1 FROM issuer_keys WHERE owner = ?1)`,
    )
    .bind(owner, first.kid, first.private_jwk, second.kid, second.private_jwk)
    .run();
  return (await read()).results;
}

function insertKey(db: D1Database, owner: string, { kid, private_jwk }: KeyRow) {
  return db.prepare("INSERT INTO issuer_keys (owner, kid, private_jwk) VALUES (?, ?, ?)").bind(owner, kid, private_jwk);
}

async function newKey({ algorithm }: KeyOwner): Promise<KeyRow> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 });
  const kid = base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
  return { kid, private_jwk: JSON.stringify(await exportJWK(privateKey)) };
}
