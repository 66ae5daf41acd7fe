import type { Admission } from "../token/admit.ts";
import { isFiniteNumber } from "../token/standard-claims.ts";
import { type RevocationEntry, type RevocationKind, revokedBy } from "./revocation-value.ts";

/** The parts of a token that a list can name. */
export type RevocableToken = Pick<Admission, "claims" | "subject" | "clientId"> & {
  readonly issuer: Pick<Admission["issuer"], "name">;
};

interface Times {
  /** Tokens that were issued then or earlier are revoked: all of them for a token id or a session. Seconds. */
  readonly notBefore: number;
  /** Seconds since the epoch. */
  readonly until: number;
}

/** Per kind, by the exact value. */
type IssuerEntries = { readonly [Kind in RevocationKind]: Map<string, Times[]> };

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
      const notBefore = "notBefore" in entry ? entry.notBefore : Number.POSITIVE_INFINITY;
      const times = own[kind].get(value);
      // One value may have several entries: none of them shortens another.
      if (times === undefined) own[kind].set(value, [{ notBefore, until: entry.until }]);
      else times.push({ notBefore, until: entry.until });
    }
  }

  /**
   * Which kind of entry revokes a token; `undefined`: none does. A token without a `jti`, a session, a subject or a client
   * cannot be revoked by one.
   *
   * @param nowMs epoch milliseconds
   */
  revokes({ issuer, claims, subject, clientId }: RevocableToken, nowMs: number): RevocationKind | undefined {
    const own = this.#byIssuer.get(issuer.name);
    if (own === undefined) return undefined;
    const { jti, sid, origin_jti: origin, iat } = claims;
    // Nobody knows when a token without `iat` was issued, so it counts as the oldest.
    const issuedAt = isFiniteNumber(iat) ? iat : Number.NEGATIVE_INFINITY;
    const counts = (kind: RevocationKind, value: unknown): boolean =>
      typeof value === "string" &&
      (own[kind].get(value)?.some(({ notBefore, until }) => issuedAt <= notBefore && nowMs < until * 1000) ?? false);
    if (counts("tokenId", jti)) return "tokenId";
    if (counts("session", typeof sid === "string" ? sid : origin)) return "session";
    if (counts("subject", subject)) return "subject";
    return counts("client", clientId) ? "client" : undefined;
  }
}

function noEntries(): IssuerEntries {
  return { tokenId: new Map(), session: new Map(), subject: new Map(), client: new Map() };
}
