import type { ReasonEntry } from "./reason-entry.ts";

/**
 * An expected refusal: a value, never an exception. `reason` is stable and public; `detail` goes to the log only.
 * Neither contains a token or any part of an unverified token. `reasons.ts` says what follows from each reason.
 *
 * `token` has parts of the refused token, for the log only. It is private, so that nothing prints it by accident.
 */
export class Denial {
  readonly reason: Reason;
  /** For the log: what exactly was wrong. Never sent to the caller. */
  readonly detail: string | undefined;
  /**
   * Seconds after which trying again can succeed; only with `rate-limited` and the reasons that end in `-unavailable`.
   */
  readonly retryAfterSeconds: number | undefined;
  /** What follows from a reason of a feature. `undefined`: `REASONS` says it. */
  readonly entry: ReasonEntry | undefined;
  readonly #token: RefusedToken | undefined;

  constructor(reason: Reason, detail?: string, retryAfterSeconds?: number, token?: RefusedToken, entry?: ReasonEntry) {
    this.reason = reason;
    this.detail = detail;
    this.retryAfterSeconds = retryAfterSeconds;
    this.entry = entry;
    this.#token = token;
  }

  /** The refused token; `undefined`: there is none, or nothing of it can be read. */
  get token(): RefusedToken | undefined {
    return this.#token;
  }

  /** The same refusal of this token. */
  of(token: RefusedToken): Denial {
    return new Denial(this.reason, this.detail, this.retryAfterSeconds, token, this.entry);
  }
}

/** What the log may say of a refused token. Until the signature is found valid, anyone can have written it. */
export type RefusedToken =
  | {
      readonly isVerified: false;
      readonly unverifiedIss: string | undefined;
      readonly unverifiedKid: string | undefined;
    }
  | (TokenHolder & {
      readonly isVerified: true;
      /** For `token-expired`: for how long. */
      readonly expiredForSeconds?: number | undefined;
    });

/** Whom a verified token is for. */
export interface TokenHolder {
  /** Its `iss`. */
  readonly issuer: string;
  readonly clientId: string | undefined;
  readonly subject: string | undefined;
  /** Its `aud`. */
  readonly audience: readonly string[] | undefined;
}

/** Why a token is refused with a 401 `invalid_token` (RFC 6750 3.1). */
export type TokenReason =
  | "token-malformed"
  | "token-expired"
  | "token-not-yet-valid"
  | "signature-invalid"
  | "key-unknown"
  | "algorithm-refused"
  | "issuer-unknown"
  | "issuer-not-accepted"
  | "audience-mismatch"
  | "client-mismatch"
  | "tenant-mismatch"
  | "token-type-mismatch"
  | "claim-missing"
  | "token-binding-unsupported"
  | "token-binding-missing"
  | "token-binding-mismatch"
  | "token-revoked";

/** Why a message of the Model Context Protocol is refused. */
export type MessageReason =
  | "origin-refused"
  | "body-too-large"
  | "message-malformed"
  | "message-header-mismatch"
  | "message-unlisted";

/** Why a request is refused on a route that counts its requests. */
export type RateLimitReason = "rate-limited" | "rate-limit-unavailable";

/** Reasons that only some policies can give. */
export type FeatureReason = MessageReason | RateLimitReason;

/** Why a request is refused. */
export type Reason = CoreReason | FeatureReason;

/** Reasons that no feature brings. */
export type CoreReason =
  | "path-ambiguous"
  | "path-too-long"
  | "host-unknown"
  | "route-unknown"
  | "method-not-allowed"
  | "credentials-missing"
  | "credentials-malformed"
  | TokenReason
  | "dpop-proof-invalid"
  | "dpop-nonce-required"
  | "replay-check-unavailable"
  | "keys-unavailable"
  | "revocations-unavailable"
  | "authentication-insufficient"
  | "scope-insufficient"
  | "condition-not-met"
  | "upstream-unreachable"
  | "upstream-timeout"
  | "policy-invalid"
  | "internal-error";
