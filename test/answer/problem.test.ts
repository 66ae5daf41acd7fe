import { describe, expect, it } from "vitest";
import { Denial, type Reason } from "../../src/answer/denial.ts";
import { answerText, problemResponse } from "../../src/answer/problem.ts";

/** What each reason is answered with. As a record, so that a new reason does not compile until it has a row. */
const ANSWERS: Readonly<Record<Reason, { readonly status: number; readonly challenge?: string }>> = {
  "path-ambiguous": { status: 400 },
  "path-too-long": { status: 414 },
  "route-unknown": { status: 404 },
  "method-not-allowed": { status: 405 },
  "credentials-missing": { status: 401, challenge: "none" },
  "credentials-malformed": { status: 400, challenge: "invalid_request" },
  "token-malformed": { status: 401, challenge: "invalid_token" },
  "token-expired": { status: 401, challenge: "invalid_token" },
  "token-not-yet-valid": { status: 401, challenge: "invalid_token" },
  "signature-invalid": { status: 401, challenge: "invalid_token" },
  "key-unknown": { status: 401, challenge: "invalid_token" },
  "algorithm-refused": { status: 401, challenge: "invalid_token" },
  "issuer-unknown": { status: 401, challenge: "invalid_token" },
  "audience-mismatch": { status: 401, challenge: "invalid_token" },
  "client-mismatch": { status: 401, challenge: "invalid_token" },
  "token-type-mismatch": { status: 401, challenge: "invalid_token" },
  "claim-missing": { status: 401, challenge: "invalid_token" },
  "scope-insufficient": { status: 403, challenge: "insufficient_scope" },
  "policy-invalid": { status: 500 },
  "keys-unavailable": { status: 503 },
  "upstream-unreachable": { status: 502 },
  "upstream-timeout": { status: 504 },
};
const REASONS = Object.keys(ANSWERS) as Reason[];

describe("answerText", () => {
  it.each(REASONS)("has an answer to %s", (reason) => {
    const { status, challenge, title, detail } = answerText(reason);
    expect({ status, challenge }).toEqual({ challenge: undefined, ...ANSWERS[reason] });
    expect(title).toMatch(/^[A-Z][a-z ]+$/);
    expect(detail).toMatch(/^[A-Z][^"\\]+\.$/);
  });
});

describe("problemResponse", () => {
  it.each(REASONS)("answers %s with a problem document and nothing else", async (reason) => {
    const response = problemResponse(new Denial(reason), { instance: "request-1" });
    const { status, title, detail } = answerText(reason);
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toEqual({
      "cache-control": "no-store",
      "content-type": "application/problem+json",
      "x-request-id": "request-1",
    });
    expect(await response.json()).toEqual({
      type: `https://scopegate.dev/problems/${reason}`,
      title,
      status,
      detail,
      instance: "request-1",
    });
  });

  it("names the scopes that were required and granted", async () => {
    const scopes = { required: ["api/write"], granted: [] };
    const response = problemResponse(new Denial("scope-insufficient"), { instance: "request-1", scopes });
    expect(await response.json()).toMatchObject({ required: ["api/write"], granted: [] });
  });

  it("sets the headers that belong to the reason", () => {
    const headers = { allow: "GET, HEAD" };
    const response = problemResponse(new Denial("method-not-allowed"), { instance: "request-1", headers });
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  it.each([0, 1, 30])("says when trying again can succeed: in %d seconds", (seconds) => {
    const denial = new Denial("keys-unavailable", undefined, seconds);
    expect(problemResponse(denial, { instance: "request-1" }).headers.get("retry-after")).toBe(String(seconds));
  });

  it.each(REASONS)("keeps what the log knows of %s to itself", async (reason) => {
    const denial = new Denial(reason, "orders.internal:8443 refused eyJhbGciOi for user-1");
    const response = problemResponse(denial, { instance: "request-1" });
    const everything = JSON.stringify([...response.headers]) + (await response.text());
    for (const secret of ["orders.internal", "eyJ", "user-1"]) expect(everything).not.toContain(secret);
  });
});
