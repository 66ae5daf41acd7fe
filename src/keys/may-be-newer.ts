/** What is known when a token names a key that is not in the key set. */
export interface UnknownKey {
  /** `iat` of the token. It is not verified: it only chooses between two refusals. */
  readonly unverifiedIssuedAtSeconds: number | undefined;
  readonly clockToleranceSeconds: number;
  /** When the issuer was last read successfully, epoch milliseconds. */
  readonly fetchedAt: number;
  /** Whether the latest lookup of an unknown `kid` got an answer from the issuer. */
  readonly issuerAnsweredLookup: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Tells whether the key may be newer than the key set. If it may, the refusal is 503 and not 401: after a rotation the
 * token is valid, and a client that got 401 would throw it away. If it cannot be newer, a key that signed the token
 * would be in the set.
 *
 * A token from the future is refused with any key, so its key never counts as newer. Without `iat` the key counts as
 * newer until a lookup got an answer from the issuer.
 */
export function mayBeNewer(unknown: UnknownKey): boolean {
  const issuedAtSeconds = unknown.unverifiedIssuedAtSeconds;
  if (issuedAtSeconds === undefined || !Number.isFinite(issuedAtSeconds)) return !unknown.issuerAnsweredLookup;
  const issuedAt = issuedAtSeconds * 1000;
  const tolerance = unknown.clockToleranceSeconds * 1000;
  if (issuedAt > unknown.now + tolerance) return false;
  return unknown.fetchedAt <= issuedAt + tolerance;
}
