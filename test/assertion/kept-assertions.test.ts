import { describe, expect, it } from "vitest";
import { KeptAssertions } from "../../src/assertion/kept-assertions.ts";
import type { SigningKeys } from "../../src/assertion/signing-keys.ts";
import { MAX_KEPT_ASSERTION_BYTES } from "../../src/limits.ts";
import type { Admission } from "../../src/token/admit.ts";
import { issuerOf } from "../support/policy/example-policy.ts";
import { NOW_MS, NOW_SECONDS } from "../support/token/tokens.ts";

const LIFETIME_MS = 30_000;
const CALL = "0 GET";

function keysOf(): SigningKeys {
  return { published: [], header: "", algorithm: "ES256", key: Object.create(null) as CryptoKey };
}

function tokenOf(): Admission {
  return {
    issuer: issuerOf(),
    claims: {},
    subject: "user-1",
    clientId: "app",
    tenant: undefined,
    granted: { issuer: "main", names: [], effective: new Set() },
    expiresAtSeconds: NOW_SECONDS + 3600,
  };
}

const [KEYS, OTHER_KEYS] = [keysOf(), keysOf()];
const [TOKEN, OTHER_TOKEN] = [tokenOf(), tokenOf()];

describe("a kept assertion", () => {
  it.each([
    { name: "at once", expected: "text" },
    { name: "just before its lifetime ends", nowMs: NOW_MS + LIFETIME_MS - 1, expected: "text" },
    { name: "when its lifetime ends", nowMs: NOW_MS + LIFETIME_MS, expected: undefined },
    { name: "by a clock that went back", nowMs: NOW_MS - 1, expected: undefined },
    { name: "for another token, even an equal one", token: OTHER_TOKEN, expected: undefined },
    { name: "for another call", call: "1 GET", expected: undefined },
    { name: "after the keys changed", keys: OTHER_KEYS, expected: undefined },
  ])("is found or not, $name", ({ nowMs = NOW_MS, token = TOKEN, call = CALL, keys = KEYS, expected }) => {
    const kept = new KeptAssertions(LIFETIME_MS);
    kept.set(TOKEN, CALL, { text: "text", keys: KEYS, issuedAtMs: NOW_MS });
    expect(kept.get(token, call, keys, nowMs)).toBe(expected);
  });
});

describe("the kept assertions", () => {
  const half = "x".repeat(MAX_KEPT_ASSERTION_BYTES / 2 - CALL.length);
  const filled = (text: string): KeptAssertions => {
    const kept = new KeptAssertions(LIFETIME_MS);
    kept.set(TOKEN, CALL, { text: half, keys: KEYS, issuedAtMs: NOW_MS });
    kept.set(OTHER_TOKEN, CALL, { text, keys: KEYS, issuedAtMs: NOW_MS });
    return kept;
  };

  it("are all kept as long as they fit", () => {
    const kept = filled(half);
    expect(kept.get(TOKEN, CALL, KEYS, NOW_MS)).toBe(half);
    expect(kept.get(OTHER_TOKEN, CALL, KEYS, NOW_MS)).toBe(half);
  });

  it("are all forgotten, except the newest, when they no longer fit", () => {
    const kept = filled(`${half}x`);
    expect(kept.get(TOKEN, CALL, KEYS, NOW_MS)).toBeUndefined();
    expect(kept.get(OTHER_TOKEN, CALL, KEYS, NOW_MS)).toBe(`${half}x`);
  });
});
