/**
 * An expected refusal: a value, never an exception. `reason` is stable and public; `detail` goes to the log only.
 * Neither contains a token or any part of an unverified token. `reasons.ts` says what follows from each reason.
 */
export class Denial {
  readonly reason: Reason;
  /** For the log: what exactly was wrong. Never sent to the caller. */
  readonly detail: string | undefined;
  /** Seconds after which trying again can succeed; only with `keys-unavailable`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: Reason, detail?: string, retryAfterSeconds?: number) {
    this.reason = reason;
    this.detail = detail;
    this.retryAfterSeconds = retryAfterSeconds;
  }
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
  | "token-binding-unsupported";

/** Why a request is refused. */
export type Reason =
  | "path-ambiguous"
  | "path-too-long"
  | "host-unknown"
  | "route-unknown"
  | "method-not-allowed"
  | "credentials-missing"
  | "credentials-malformed"
  | TokenReason
  | "keys-unavailable"
  | "scope-insufficient"
  | "condition-not-met"
  | "upstream-unreachable"
  | "upstream-timeout"
  | "policy-invalid"
  | "internal-error";
