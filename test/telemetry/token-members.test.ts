import { describe, expect, it } from "vitest";
import { acceptedMembers, refusedMembers } from "../../src/telemetry/token-members.ts";

const HOLDER = { issuer: "https://issuer.example", clientId: "app", subject: "user-1", audience: ["api"] };
const MEMBERS = { issuer: "https://issuer.example", client_id: "app", subject: "user-1", audience: ["api"] };
const TRICK = "a\r\n\u001b[2J\u202e";
const SHOWN = "a\\u{d}\\u{a}\\u{1b}[2J\\u{202e}";

describe("a decision line says of a token", () => {
  it("that is accepted, whose it is", () => {
    expect(acceptedMembers(HOLDER, "tenant-1")).toEqual({ ...MEMBERS, tenant: "tenant-1" });
    expect(acceptedMembers({ ...HOLDER, audience: undefined }, undefined)).toEqual({ ...MEMBERS, audience: undefined });
  });

  it("that is expired, for how long, too", () => {
    const members = refusedMembers({ ...HOLDER, isVerified: true, expiredForSeconds: 42 });
    expect(members).toEqual({ ...MEMBERS, expired_seconds: 42 });
  });

  it("that is not verified, nothing under the names of what is verified", () => {
    const token = { isVerified: false, unverifiedIss: "https://evil.example", unverifiedKid: "k" } as const;
    expect(refusedMembers(token)).toEqual({ unverified_iss: "https://evil.example", kid: "k" });
  });

  it("nothing that breaks a line or changes a terminal", () => {
    const holder = { issuer: TRICK, clientId: TRICK, subject: TRICK, audience: [TRICK] };
    const shown = { issuer: SHOWN, client_id: SHOWN, subject: SHOWN, audience: [SHOWN] };
    expect(acceptedMembers(holder, TRICK)).toEqual({ ...shown, tenant: SHOWN });
    expect(refusedMembers({ ...holder, isVerified: true })).toEqual(shown);
    const unverified = { isVerified: false, unverifiedIss: TRICK, unverifiedKid: TRICK } as const;
    expect(refusedMembers(unverified)).toEqual({ unverified_iss: SHOWN, kid: SHOWN });
  });

  it.each([
    { name: "just short enough", unverified: 256, verified: 1_024, audiences: 16, isCut: false },
    { name: "one too long", unverified: 257, verified: 1_025, audiences: 17, isCut: true },
  ])("nothing that is long: $name", ({ unverified, verified, audiences, isCut }) => {
    const text = (length: number, limit: number) => (isCut ? `${"x".repeat(limit - 3)}...` : "x".repeat(length));
    const [short, long] = [text(unverified, 256), text(verified, 1_024)];
    const raw = "x".repeat(unverified);
    expect(refusedMembers({ isVerified: false, unverifiedIss: raw, unverifiedKid: raw })).toEqual({
      unverified_iss: short,
      kid: short,
    });
    const claim = "x".repeat(verified);
    const holder = { issuer: claim, clientId: claim, subject: claim, audience: Array(audiences).fill(claim) };
    expect(acceptedMembers(holder, claim)).toEqual({
      issuer: long,
      client_id: long,
      subject: long,
      tenant: long,
      audience: Array(16).fill(long),
    });
  });

  it("no token", () => {
    const jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln";
    const token = { isVerified: false, unverifiedIss: jwt, unverifiedKid: `Bearer ${jwt}` } as const;
    expect(refusedMembers(token)).toEqual({ unverified_iss: "[token]", kid: "[token]" });
  });
});
