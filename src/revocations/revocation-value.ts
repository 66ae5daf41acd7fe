import { isObject } from "../json/json-object.ts";
import { membersOf, membersWritten } from "../json/members.ts";
import { MAX_REVOCATION_SECONDS, MAX_REVOCATIONS_BYTES, MAX_REVOKED_VALUE_LENGTH } from "../limits.ts";

/** The key under which KV has the list. */
export const REVOCATIONS_KEY = "revocations:v1";

/**
 * What is revoked, of one issuer. All values are compared exactly. A token id is `jti`, a session `sid` or, for a token
 * without one, `origin_jti`.
 */
export type RevocationEntry = {
  /** Name of the issuer in the policy. Another issuer may use the same ids. */
  readonly issuer: string;
  /** Seconds since the epoch. From then on the entry counts no longer. */
  readonly until: number;
} & (
  | { readonly tokenId: string }
  | { readonly session: string }
  | ({ readonly subject: string } & NotBefore)
  | ({ readonly client: string } & NotBefore)
);

interface NotBefore {
  /** Seconds since the epoch. Tokens that were issued then or earlier are revoked, and so are those without `iat`. */
  readonly notBefore: number;
}

/** What an entry names. */
export type RevocationKind = "tokenId" | "session" | "subject" | "client";

export const REVOCATION_KINDS: readonly RevocationKind[] = ["tokenId", "session", "subject", "client"];

/**
 * Writes the list as KV has it:
 *
 * ``` { "version": 1, "entries": [ { "issuer": "cognito", "tokenId": "7f3c", "until": 1798761600 }, { "issuer":
 * "cognito", "subject": "u1", "notBefore": 1798675200, "until": 1798761600 } ] } ```
 *
 * One entry a line, so that people can compare two lists.
 */
export function serializeRevocations(entries: readonly RevocationEntry[]): string {
  return `{"version":1,"entries":[\n${entries.map((entry) => JSON.stringify(entry)).join(",\n")}\n]}\n`;
}

/**
 * Reads a value of KV. Returns `undefined` for anything except a whole list of this version: a list with one ignored
 * entry would let a revoked token through. Does not check whether entries have run out, nor whether the issuers exist.
 */
export function parseRevocations(text: string): readonly RevocationEntry[] | undefined {
  if (text.length > MAX_REVOCATIONS_BYTES) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value["version"] !== 1 || Object.keys(value).length !== 2) return undefined;
  const { entries } = value;
  if (!Array.isArray(entries) || !entries.every(isEntry)) return undefined;
  // A list with a member twice would lose what the first of the two revokes.
  return membersWritten(text, LEVELS) === membersOf(value) ? entries : undefined;
}

/** The levels whose members are counted: the list, its array, and an entry. */
const LEVELS = 3;

/** What an entry revokes, and its value. */
export function revokedBy(entry: RevocationEntry): { readonly kind: RevocationKind; readonly value: string } {
  if ("tokenId" in entry) return { kind: "tokenId", value: entry.tokenId };
  if ("session" in entry) return { kind: "session", value: entry.session };
  if ("subject" in entry) return { kind: "subject", value: entry.subject };
  return { kind: "client", value: entry.client };
}

/** Whether a text can be the value of an entry. */
export function isRevocableValue(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_REVOKED_VALUE_LENGTH;
}

function isEntry(entry: unknown): entry is RevocationEntry {
  if (!isObject(entry) || !isRevocableValue(entry["issuer"]) || !isTime(entry["until"])) return false;
  const kinds = REVOCATION_KINDS.filter((kind) => Object.hasOwn(entry, kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1 || !isRevocableValue(entry[kind])) return false;
  const hasStart = kind === "subject" || kind === "client";
  // A member more may be a misspelt one.
  return Object.keys(entry).length === (hasStart ? 4 : 3) && (!hasStart || isTime(entry["notBefore"]));
}

/** Whether a value is a time in whole seconds. Times in milliseconds are beyond the bound. */
function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MAX_REVOCATION_SECONDS;
}
