import type { Denial, Reason } from "./denial.ts";

/** What a caller is told about a refusal: generic and safe. */
export interface AnswerText {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** `error` of the challenge (RFC 6750 3.1); `none`: a challenge without one; absent: no challenge. */
  readonly challenge?: "none" | "invalid_request" | "invalid_token" | "insufficient_scope";
}

/**
 * The one place that turns a reason into an answer. A new `Reason` does not compile until it has one.
 */
export function answerText(reason: Reason): AnswerText {
  switch (reason) {
    case "path-ambiguous":
      return refusal(400, "Ambiguous path", "The request path can be read in more than one way.");
    case "path-too-long":
      return refusal(414, "Path too long", "The request path is longer than 8 KiB.");
    case "route-unknown":
      return refusal(404, "Unknown route", "No route of this gateway matches the request path.");
    case "method-not-allowed":
      return refusal(405, "Method not allowed", "The route does not serve this method; see the Allow header.");
    case "credentials-missing":
      return {
        ...refusal(401, "Credentials missing", "Send an access token as Authorization: Bearer."),
        challenge: "none",
      };
    case "credentials-malformed":
      return {
        ...refusal(400, "Credentials malformed", "The Authorization header is not one bearer token."),
        challenge: "invalid_request",
      };
    case "token-malformed":
      return invalidToken("Token malformed", "The access token is not a well-formed signed JWT.");
    case "token-expired":
      return invalidToken("Token expired", "The access token has expired.");
    case "token-not-yet-valid":
      return invalidToken("Token not yet valid", "The access token is not valid yet.");
    case "signature-invalid":
      return invalidToken("Signature invalid", "The signature of the access token does not hold.");
    case "key-unknown":
      return invalidToken("Key unknown", "The issuer has no key that the access token could be verified with.");
    case "algorithm-refused":
      return invalidToken("Algorithm refused", "The signature algorithm of the access token is not accepted.");
    case "issuer-unknown":
      return invalidToken("Issuer unknown", "The issuer of the access token is not accepted here.");
    case "audience-mismatch":
      return invalidToken("Audience mismatch", "The access token is meant for another audience.");
    case "client-mismatch":
      return invalidToken("Client mismatch", "The client of the access token is not accepted here.");
    case "token-type-mismatch":
      return invalidToken("Token type mismatch", "The token is not an access token of the expected type.");
    case "claim-missing":
      return invalidToken("Claim missing", "The access token lacks a required claim.");
    case "scope-insufficient":
      return {
        ...refusal(403, "Insufficient scope", "The access token does not grant the scopes that this route requires."),
        challenge: "insufficient_scope",
      };
    case "policy-invalid":
      return refusal(500, "Policy invalid", "The gateway's policy is invalid, so nothing is served.");
    case "keys-unavailable":
      return refusal(503, "Keys unavailable", "The issuer's keys cannot be read at the moment; try again.");
    case "upstream-unreachable":
      return refusal(502, "Upstream unreachable", "The upstream service could not be reached.");
    case "upstream-timeout":
      return refusal(504, "Upstream timeout", "The upstream service did not answer in time.");
  }
}

/** Everything an answer needs besides the reason. */
export interface AnswerContext {
  /** The request id. */
  readonly instance: string;
  /** Headers by reason: `allow`, `www-authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For `scope-insufficient`: full names. */
  readonly scopes?: { readonly required: readonly string[]; readonly granted: readonly string[] };
}

/** A refusal as `application/problem+json` (RFC 9457 3). Never cached: the next token may be a better one. */
export function problemResponse(denial: Denial, { instance, headers, scopes }: AnswerContext): Response {
  const { status, title, detail } = answerText(denial.reason);
  const body = {
    type: `https://scopegate.dev/problems/${denial.reason}`,
    title,
    status,
    detail,
    instance,
    ...scopes,
  };
  const fields = new Headers(COMMON_FIELDS);
  fields.set("x-request-id", instance);
  for (const [name, value] of Object.entries(headers ?? {})) fields.set(name, value);
  if (denial.retryAfterSeconds !== undefined) fields.set("retry-after", String(denial.retryAfterSeconds));
  return new Response(JSON.stringify(body), { status, headers: fields });
}

/** Copied for each answer: cheaper than an object of names and values, each of which the runtime would look at. */
const COMMON_FIELDS = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });

function refusal(status: number, title: string, detail: string): AnswerText {
  return { status, title, detail };
}

function invalidToken(title: string, detail: string): AnswerText {
  return { status: 401, title, detail, challenge: "invalid_token" };
}
