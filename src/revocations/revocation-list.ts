import type { Admission } from "../token/admit.ts";
import { isFiniteNumber } from "../token/standard-claims.ts";
import { type RevocationEntry, type RevocationKind, revokedBy } from "./revocation-value.ts";

/** The parts of a token that a list can name. */
export type RevocableToken = Pick<Admission, "claims" | "subject" | "clientId"> & {
  readonly issuer: Pick<Admission["issuer"], "name">;
};

/** Per kind, by the exact value. Nearly all values have one entry, and a long list must fit into memory twice. */
type IssuerEntries = { readonly [Kind in RevocationKind]: Map<string, RevocationEntry | RevocationEntry[]> };

/** A list of revocations, ready for lookups: some four for each token, however long the list is. */
export class RevocationList {
  /** How many entries it has, those that have run out included. */
  readonly size: number;
  readonly #byIssuer = new Map<string, IssuerEntries>();

  constructor(entries: readonly RevocationEntry[]) {
    this.size = entries.length;
    for (const entry of entries) {
      const { kind, value } = revokedBy(entry);
      const own = this.#byIssuer.get(entry.issuer) ?? noEntries();
      this.#byIssuer.set(entry.issuer, own);
      const before = own[kind].get(value);
      // One value may have several entries: none of them shortens another.
      if (before === undefined) own[kind].set(value, entry);
      else if (Array.isArray(before)) before.push(entry);
      else own[kind].set(value, [before, entry]);
    }
  }

  /**
   * Which kind of entry revokes a token; `undefined`: none does. A token without a `jti`, a session, a subject or a
   * client cannot be revoked by one.
   *
   * @param nowMs epoch milliseconds
   */
  revokes({ issuer, claims, subject, clientId }: RevocableToken, nowMs: number): RevocationKind | undefined {
    const own = this.#byIssuer.get(issuer.name);
    if (own === undefined) return undefined;
    const { jti, sid, origin_jti: origin, iat } = claims;
    // Nobody knows when a token without `iat` was issued, so it counts as the oldest.
    const issuedAt = isFiniteNumber(iat) ? iat : Number.NEGATIVE_INFINITY;
    const counts = (kind: RevocationKind, value: unknown): boolean => {
      const found = typeof value === "string" ? own[kind].get(value) : undefined;
      if (found === undefined) return false;
      return Array.isArray(found)
        ? found.some((entry) => isRevoked(entry, issuedAt, nowMs))
        : isRevoked(found, issuedAt, nowMs);
    };
    if (counts("tokenId", jti)) return "tokenId";
    // No entry can name an empty session. With such a `sid`, a token would escape an entry for its `origin_jti`.
    if (counts("session", typeof sid === "string" && sid !== "" ? sid : origin)) return "session";
    if (counts("subject", subject)) return "subject";
    return counts("client", clientId) ? "client" : undefined;
  }
}

/** Whether an entry revokes a token that was issued then, in seconds. It names the token already. */
function isRevoked(entry: RevocationEntry, issuedAt: number, nowMs: number): boolean {
  return nowMs < entry.until * 1000 && (!("notBefore" in entry) || issuedAt <= entry.notBefore);
}

function noEntries(): IssuerEntries {
  return { tokenId: new Map(), session: new Map(), subject: new Map(), client: new Map() };
}
