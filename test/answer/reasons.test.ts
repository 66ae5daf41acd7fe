import { describe, expect, it } from "vitest";
import { ALL_REASONS, stageOf } from "../../src/answer/all-reasons.ts";
import { Denial, type Reason } from "../../src/answer/denial.ts";
import { entryOf } from "../../src/answer/reasons.ts";
import type { Stage } from "../../src/answer/stages.ts";

interface Expected {
  readonly stage: Stage | undefined;
  readonly status: number;
  readonly challenge?: string;
}

const UNAUTHENTICATED = { stage: "authenticate", status: 401, challenge: "invalid_token" } as const;

/** What follows from each reason. As a record, so that a new reason does not compile until it has a row. */
const EXPECTED: Readonly<Record<Reason, Expected>> = {
  "path-ambiguous": { stage: "canonicalize", status: 400 },
  "path-too-long": { stage: "canonicalize", status: 414 },
  "host-unknown": { stage: "canonicalize", status: 421 },
  "route-unknown": { stage: "match", status: 404 },
  "method-not-allowed": { stage: "match", status: 405 },
  "credentials-missing": { stage: "authenticate", status: 401, challenge: "none" },
  "credentials-malformed": { stage: "authenticate", status: 400, challenge: "invalid_request" },
  "token-malformed": UNAUTHENTICATED,
  "token-expired": UNAUTHENTICATED,
  "token-not-yet-valid": UNAUTHENTICATED,
  "signature-invalid": UNAUTHENTICATED,
  "key-unknown": UNAUTHENTICATED,
  "algorithm-refused": UNAUTHENTICATED,
  "issuer-unknown": UNAUTHENTICATED,
  "issuer-not-accepted": UNAUTHENTICATED,
  "audience-mismatch": UNAUTHENTICATED,
  "client-mismatch": UNAUTHENTICATED,
  "tenant-mismatch": UNAUTHENTICATED,
  "token-type-mismatch": UNAUTHENTICATED,
  "claim-missing": UNAUTHENTICATED,
  "token-binding-unsupported": UNAUTHENTICATED,
  "token-binding-missing": UNAUTHENTICATED,
  "token-binding-mismatch": UNAUTHENTICATED,
  "dpop-proof-invalid": { ...UNAUTHENTICATED, challenge: "invalid_dpop_proof" },
  "dpop-nonce-required": { ...UNAUTHENTICATED, challenge: "use_dpop_nonce" },
  "token-revoked": UNAUTHENTICATED,
  "replay-check-unavailable": { stage: "authenticate", status: 503 },
  "keys-unavailable": { stage: "authenticate", status: 503 },
  "rate-limited": { stage: "authorize", status: 429 },
  "rate-limit-unavailable": { stage: "authorize", status: 503 },
  "revocations-unavailable": { stage: "authenticate", status: 503 },
  "scope-insufficient": { stage: "authorize", status: 403, challenge: "insufficient_scope" },
  "condition-not-met": { stage: "authorize", status: 403, challenge: "insufficient_scope" },
  "authentication-insufficient": {
    stage: "authorize",
    status: 401,
    challenge: "insufficient_user_authentication",
  },
  "origin-refused": { stage: "authorize", status: 403 },
  "body-too-large": { stage: "authorize", status: 413 },
  "message-malformed": { stage: "authorize", status: 400 },
  "message-header-mismatch": { stage: "authorize", status: 400 },
  "message-unlisted": { stage: "authorize", status: 403 },
  "upstream-unreachable": { stage: "forward", status: 502 },
  "upstream-timeout": { stage: "forward", status: 504 },
  "policy-invalid": { stage: undefined, status: 500 },
  "internal-error": { stage: undefined, status: 500 },
};
const NAMES = Object.keys(EXPECTED) as Reason[];

describe("ALL_REASONS", () => {
  it.each(NAMES)("has an answer to %s", (reason) => {
    const { stage, status, challenge, title, detail } = ALL_REASONS[reason];
    expect({ stage, status, challenge }).toEqual({ challenge: undefined, ...EXPECTED[reason] });
    expect(title).toMatch(/^[A-Z][a-z ]+$/);
    expect(detail).toMatch(/^[A-Z][^"\\]+\.$/);
  });
});

describe("entryOf", () => {
  it("is the row of the table, unless the denial brings its own", () => {
    expect(entryOf(new Denial("key-unknown"))).toBe(ALL_REASONS["key-unknown"]);
    const entry = { ...ALL_REASONS["message-malformed"], status: 415 };
    expect(entryOf(new Denial("message-malformed", undefined, undefined, undefined, entry))).toBe(entry);
  });

  it("is that of a bug where a denial of a feature brings none", () => {
    expect(entryOf(new Denial("message-unlisted"))).toBe(ALL_REASONS["internal-error"]);
  });
});

describe("stageOf", () => {
  it.each(NAMES)("is the stage of the table for %s", (reason) => {
    expect(stageOf(reason, false)).toBe(EXPECTED[reason].stage);
  });

  it.each([
    { name: "a canonical path is ambiguous to its upstream only", reason: "path-ambiguous", expected: "match" },
    { name: "a token is refused where it is read", reason: "token-expired", expected: "authenticate" },
    { name: "an invalid policy belongs to no stage", reason: "policy-invalid", expected: undefined },
  ] as const)("after stage 1: $name", ({ reason, expected }) => {
    expect(stageOf(reason, true)).toBe(expected);
  });
});
