/** What is known when a token names a key that is not in the key set. */
export interface UnknownKey {
  /** `iat` of the token. It is not verified: it only chooses between two refusals. */
  readonly unverifiedIssuedAtSeconds: number | undefined;
  readonly clockToleranceSeconds: number;
  /** How long after it first signs with a key the issuer may take to publish it. */
  readonly publicationLagSeconds: number;
  /** When the issuer was last read successfully, epoch milliseconds. */
  readonly fetchedAt: number;
  /** When the latest of the lookups that the issuer has answered began, epoch milliseconds. */
  readonly answeredLookupBeganAt: number;
  /** When the request with the token came, epoch milliseconds. */
  readonly arrivedAt: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Tells whether the key may be newer than the key set. If it may, the refusal is 503 and not 401: after a rotation the
 * token is valid, and a client that got 401 would throw it away. If it cannot be newer, a key that signed the token
 * would be in the set.
 *
 * A token with `iat` has a key that cannot be newer if the issuer was read after that time, the tolerance and the
 * publication lag. A token from the future is refused with any key, so its key never counts as newer. Without `iat`,
 * all that is known is that the token existed when its request came: the key may be newer unless the issuer has
 * answered a lookup that began after that. An issuer that publishes late is then not allowed for.
 */
export function mayBeNewer(unknown: UnknownKey): boolean {
  const issuedAtSeconds = unknown.unverifiedIssuedAtSeconds;
  if (issuedAtSeconds === undefined || !Number.isFinite(issuedAtSeconds)) {
    // A lookup from the future says nothing: the clock was set back.
    return unknown.answeredLookupBeganAt < unknown.arrivedAt || unknown.answeredLookupBeganAt > unknown.now;
  }
  const issuedAt = issuedAtSeconds * 1000;
  const tolerance = unknown.clockToleranceSeconds * 1000;
  if (issuedAt > unknown.now + tolerance) return false;
  return unknown.fetchedAt <= issuedAt + tolerance + unknown.publicationLagSeconds * 1000;
}
