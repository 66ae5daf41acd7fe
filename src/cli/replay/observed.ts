import { ALL_REASONS } from "../../answer/all-reasons.ts";
import type { CoreReason, Reason } from "../../answer/denial.ts";
import { failure, type Result, success } from "../../result.ts";
import type { DecisionLine } from "../decisions/decision-line.ts";
import type { Cause } from "./cause.ts";

/** The members of a line that a replay reads. */
export type ObservedLine = Pick<
  DecisionLine,
  | "time"
  | "request_id"
  | "method"
  | "route"
  | "decision"
  | "reason"
  | "issuer"
  | "client_id"
  | "tenant"
  | "required"
  | "granted"
  | "upstream"
  | "path"
  | "mcp_method"
  | "mcp_name"
>;

/**
 * What a line says of the caller's credentials. `unread`: the route did not look at them. `none`: there were none.
 * `malformed`: the header held no token. `refused`: a token that was not accepted. `accepted`: the line says what it
 * granted.
 */
export type Credentials = "unread" | "none" | "malformed" | "refused" | "accepted";

/** What happened to a request. */
export interface Observed {
  readonly wasAllowed: boolean;
  readonly credentials: Credentials;
}

/** What a refusal says of the caller. A new reason does not compile until its author decides. Features have others. */
const REFUSED: { readonly [R in CoreReason]: Credentials | "sent" | Cause } = {
  "path-ambiguous": "path",
  "path-too-long": "path",
  "host-unknown": "path",
  "route-unknown": "unread",
  "method-not-allowed": "unread",
  "credentials-missing": "none",
  "credentials-malformed": "malformed",
  "token-malformed": "refused",
  "token-expired": "refused",
  "token-not-yet-valid": "refused",
  "signature-invalid": "refused",
  "key-unknown": "refused",
  "algorithm-refused": "refused",
  "issuer-unknown": "refused",
  "issuer-not-accepted": "accepted",
  "audience-mismatch": "refused",
  "client-mismatch": "refused",
  "tenant-mismatch": "refused",
  "token-type-mismatch": "refused",
  "claim-missing": "refused",
  "token-binding-unsupported": "refused",
  // The issuer's rules refuse it, too: then the line has no `granted`.
  "token-binding-missing": "refused",
  "token-binding-mismatch": "refused",
  "dpop-proof-invalid": "refused",
  "dpop-nonce-required": "refused",
  "replay-check-unavailable": "error",
  "token-revoked": "refused",
  "keys-unavailable": "error",
  "revocations-unavailable": "error",
  "authentication-insufficient": "accepted",
  "scope-insufficient": "accepted",
  "condition-not-met": "accepted",
  // The caller was let through.
  "upstream-unreachable": "sent",
  "upstream-timeout": "sent",
  "policy-invalid": "error",
  "internal-error": "error",
};

/**
 * What a line says of a request and its caller, or why it says too little. A request of a route that only reports
 * counts as refused if it would be. A failure of the upstream counts as allowed.
 */
export function observedIn({ decision, reason, granted, upstream }: ObservedLine): Result<Observed, Cause> {
  if (decision === "allow") {
    if (upstream === undefined) return failure("gateway");
    return success({ wasAllowed: true, credentials: granted ? "accepted" : "unread" });
  }
  const what = whatRefused(reason);
  switch (what) {
    case "sent":
      return success({ wasAllowed: true, credentials: granted ? "accepted" : "unread" });
    case "unread":
    case "none":
    case "malformed":
      return success({ wasAllowed: false, credentials: what });
    case "refused":
    case "accepted":
      return success({ wasAllowed: false, credentials: granted ? "accepted" : "refused" });
    default:
      return failure(what);
  }
}

/** Whether this version knows a reason. */
export function isReason(text: string): text is Reason {
  return Object.hasOwn(ALL_REASONS, text);
}

function whatRefused(reason: string | undefined): Credentials | "sent" | Cause {
  if (reason === "message-unlisted") return "accepted";
  // A newer gateway may have other reasons, too.
  return reason !== undefined && isCore(reason) ? REFUSED[reason] : "other";
}

function isCore(text: string): text is CoreReason {
  return Object.hasOwn(REFUSED, text);
}
