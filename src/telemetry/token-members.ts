import type { RefusedToken, TokenHolder } from "../answer/denial.ts";
import { MAX_LOGGED_AUDIENCES, MAX_LOGGED_CLAIM_LENGTH, MAX_LOGGED_UNVERIFIED_LENGTH } from "../limits.ts";
import { loggable, loggableUnverified } from "./loggable.ts";

/** What a decision line says of the token. */
export interface TokenMembers {
  /** The verified token's own `iss`. */
  readonly issuer?: string | undefined;
  readonly client_id?: string | undefined;
  readonly subject?: string | undefined;
  /** The tenant, if the issuer has tenants. */
  readonly tenant?: string | undefined;
  /** The verified token's `aud`. */
  readonly audience?: readonly string[] | undefined;
  /** For `token-expired`: seconds since `exp`, rounded down. */
  readonly expired_seconds?: number | undefined;
  /** `iss` of a token that was refused before its signature was found valid. Anyone can write it. */
  readonly unverified_iss?: string | undefined;
  /** `kid` of such a token. Anyone can write it, too. */
  readonly kid?: string | undefined;
}

/** What a line says of an accepted token. */
export function acceptedMembers(holder: TokenHolder, tenant: string | undefined): TokenMembers {
  const { issuer, clientId, subject, audience } = holder;
  return {
    issuer: claim(issuer),
    client_id: claim(clientId),
    subject: claim(subject),
    tenant: claim(tenant),
    audience: audience?.slice(0, MAX_LOGGED_AUDIENCES).map((it) => loggable(it, MAX_LOGGED_CLAIM_LENGTH)),
  };
}

/**
 * What a line says of a refused token. If its signature was not found valid, that is little, and under other names:
 * otherwise anyone could write another one's client into the log.
 */
export function refusedMembers(token: RefusedToken): TokenMembers {
  return token.isVerified
    ? { ...acceptedMembers(token, undefined), expired_seconds: token.expiredForSeconds }
    : { unverified_iss: unverified(token.unverifiedIss), kid: unverified(token.unverifiedKid) };
}

function claim(text: string | undefined): string | undefined {
  return text === undefined ? undefined : loggable(text, MAX_LOGGED_CLAIM_LENGTH);
}

function unverified(text: string | undefined): string | undefined {
  return text === undefined ? undefined : loggableUnverified(text, MAX_LOGGED_UNVERIFIED_LENGTH);
}
