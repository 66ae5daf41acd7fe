import { describe, expect, it } from "vitest";
import { keysNow, recordNow } from "../../../../src/cli/console/keys/issuer-report.ts";
import { issuerOf } from "../../../support/policy/example-policy.ts";

const NOW = Date.UTC(2026, 10, 28, 15);
const ISSUER = issuerOf({
  name: "main",
  keys: {
    ...{ refreshAfterSeconds: 600, maxStaleSeconds: 3_600, cooldownSeconds: 30 },
    ...{ publicationLagSeconds: 60, timeoutMs: 3_000 },
  },
});

function stateOf(status: object | undefined) {
  const ready = status && { status: "ready", issuers: { main: status } };
  return keysNow(ISSUER, { ready, records: new Map() }, NOW);
}

describe("keysNow", () => {
  it.each([
    { name: "just fresh", ageSeconds: 599, expected: "fresh" },
    { name: "just stale", ageSeconds: 600, expected: "stale" },
    { name: "stale for the last second", ageSeconds: 3_600, expected: "stale" },
    { name: "expired", ageSeconds: 3_601, expected: "expired" },
    { name: "absent", ageSeconds: undefined, expected: "none" },
  ])("tells keys that are $name", ({ ageSeconds, expected }) => {
    expect(stateOf({ usable: true, ageSeconds, keyCount: 2 })?.freshness).toBe(expected);
  });

  it("has the gateway's own numbers, and when they change", () => {
    expect(stateOf({ usable: true, ageSeconds: 60, keyCount: 2, lastError: "It answered 500." })).toEqual({
      ...{ freshness: "fresh", keyCount: 2, ageSeconds: 60, lastError: "It answered 500." },
      ...{ refreshAtMs: NOW + 540_000, usableUntilMs: NOW + 3_540_000 },
    });
  });

  it("knows nothing if the gateway does not answer, or does not know the issuer", () => {
    expect(stateOf(undefined)).toBeUndefined();
    expect(keysNow(ISSUER, { ready: { policy: "invalid" }, records: new Map() }, NOW)).toBeUndefined();
  });
});

describe("recordNow", () => {
  const record = (text: string | undefined) =>
    recordNow(ISSUER, { ready: undefined, records: new Map(text === undefined ? [] : [["main", text]]) }, NOW);
  const keys = [
    { kid: "a", kty: "RSA", n: "modulus-of-a", e: "AQAB" },
    { kid: "b", kty: "EC", crv: "P-256", x: "x-of-b", y: "y-of-b", alg: "ES256" },
  ];

  it("names the keys, and never has the keys themselves", () => {
    expect(record(JSON.stringify({ version: 1, jwks: { keys }, fetchedAt: NOW - 1 }))).toEqual({
      fetchedAtMs: NOW - 1,
      keys: [
        { kid: "a", kty: "RSA", crv: undefined, alg: undefined },
        { kid: "b", kty: "EC", crv: "P-256", alg: "ES256" },
      ],
    });
  });

  it.each([
    { name: "there is none", text: undefined },
    { name: "it is no JSON", text: "{" },
    { name: "it is of another version", text: JSON.stringify({ version: 2, jwks: { keys }, fetchedAt: NOW }) },
    { name: "it is from the future", text: JSON.stringify({ version: 1, jwks: { keys }, fetchedAt: NOW + 1 }) },
  ])("has no record that a gateway would not read: $name", ({ text }) => {
    expect(record(text)).toBeUndefined();
  });
});
