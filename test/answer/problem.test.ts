import { describe, expect, it } from "vitest";
import { ALL_REASONS } from "../../src/answer/all-reasons.ts";
import { Denial, type Reason } from "../../src/answer/denial.ts";
import { problemResponse } from "../../src/answer/problem.ts";

const NAMES = Object.keys(ALL_REASONS) as Reason[];

/** A denial as what refuses for the reason makes it. */
function denialOf(reason: Reason, detail?: string): Denial {
  return new Denial(reason, detail, undefined, undefined, ALL_REASONS[reason]);
}

describe("problemResponse", () => {
  it.each(NAMES)("answers %s with a problem document and nothing else", async (reason) => {
    const response = problemResponse(denialOf(reason), { instance: "request-1" });
    const { status, title, detail } = ALL_REASONS[reason];
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

  it("has the status of each denial, where one reason has several", async () => {
    const entry = ALL_REASONS["message-malformed"];
    for (const status of [400, 415, 400, 404, 415]) {
      const denial = new Denial("message-malformed", undefined, undefined, undefined, { ...entry, status });
      const response = problemResponse(denial, { instance: "request-1" });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({
        type: "https://scopegate.dev/problems/message-malformed",
        status,
      });
    }
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

  it.each(NAMES)("keeps what the log knows of %s to itself", async (reason) => {
    const denial = denialOf(reason, "orders.internal:8443 refused eyJhbGciOi for user-1");
    const response = problemResponse(denial, { instance: "request-1" });
    const everything = JSON.stringify([...response.headers]) + (await response.text());
    for (const secret of ["orders.internal", "eyJ", "user-1"]) expect(everything).not.toContain(secret);
  });
});
