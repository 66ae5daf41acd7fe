import { describe, expect, it } from "vitest";
import { audienceHints, authenticationHints, timeHints, typeHints } from "../../src/explain/claim-hints.ts";
import { issuerOf } from "../support/policy/example-policy.ts";

const NOW_MS = 1_700_000_000_999;

describe("timeHints", () => {
  it.each([
    { claims: { exp: 0 }, expected: "The token has `exp` 0 (1970-01-01T00:00:00.000Z). " },
    {
      claims: { iat: "x", exp: 8.64e12 },
      expected: "The token has `exp` 8640000000000 (+275760-09-13T00:00:00.000Z), ",
    },
    { claims: { exp: 8.64e12 + 1 }, expected: "The token has `exp` 8640000000001. " },
  ])("shows each time with its date, if it has one: $expected", ({ claims, expected }) => {
    const [hint, ...others] = timeHints(claims, issuerOf({ clockToleranceSeconds: 7 }), NOW_MS);
    expect(hint).toContain(expected);
    expect(hint).toContain("The time here is 1700000000 (2023-11-14T22:13:20.000Z), ");
    expect(hint).toContain("the issuer `main` tolerates a difference of 7 s.");
    expect(others).toEqual([]);
  });
});

describe("authenticationHints", () => {
  const takes = "the route takes an authentication of at most 300 s, with a tolerance of 5 s.";
  const time = "The time here is 1700000000 (2023-11-14T22:13:20.000Z)";

  it.each([
    { auth_time: -900, nowMs: 0, expected: `The user authenticated 900 s before the request, and ${takes}` },
    { auth_time: undefined, nowMs: 0, expected: `The token has no \`auth_time\`, and ${takes}` },
    { auth_time: undefined, nowMs: NOW_MS, expected: `The token has no \`auth_time\`. ${time}, and ${takes}` },
    {
      auth_time: 1_699_999_000,
      nowMs: NOW_MS,
      expected: `The token has the \`auth_time\` 1699999000 (2023-11-14T21:56:40.000Z). ${time}, and ${takes}`,
    },
  ])("tells the clock only where there is one: $auth_time at $nowMs", ({ auth_time, nowMs, expected }) => {
    const token = {
      claims: auth_time === undefined ? {} : { auth_time },
      issuer: issuerOf({ clockToleranceSeconds: 5 }),
    };
    const stepUp = { maxAgeSeconds: 300 };
    expect(authenticationHints(token, stepUp, nowMs, false)).toEqual([expected]);
  });
});

describe("audienceHints", () => {
  const issuer = issuerOf({ audiences: new Set(["a", "b"]) });

  it.each([
    { claims: { aud: ["c"], client_id: "x" }, found: 'the `aud` ["c"]' },
    { claims: { client_id: "x" }, found: 'no `aud`, and the `client_id` "x"' },
    { claims: {}, found: "no `aud` and no `client_id`" },
  ])("shows $found", ({ claims, found }) => {
    expect(audienceHints(claims, issuer)).toEqual([
      `The token has ${found}. The \`audiences\` of the issuer \`main\` are \`a\`, \`b\`.`,
    ]);
  });

  it.each([
    { length: 254, isCut: false },
    { length: 255, isCut: true },
  ])("cuts a value off if it is too long: $length characters and two quotes", ({ length, isCut }) => {
    expect(String(audienceHints({ aud: "x".repeat(length) }, issuer)).includes("(cut off)")).toBe(isCut);
  });
});

describe("audienceHints of an issuer with other audience claims", () => {
  const issuer = issuerOf({ audiences: new Set(["a"]), audienceClaims: [["aud"], ["azp"], ["ext", "api"]] });

  it.each([
    { claims: { aud: "c", azp: "a" }, found: 'the `aud` "c"' },
    { claims: { azp: "https://other.example" }, found: 'no `aud`, and the `azp` "https://other.example"' },
    { claims: { ext: { api: "x" } }, found: 'no `aud` and no `azp`, and the `/ext/api` "x"' },
    { claims: { client_id: "x" }, found: "no `aud` and no `azp` and no `/ext/api`" },
  ])("shows $found", ({ claims, found }) => {
    expect(audienceHints(claims, issuer)).toEqual([
      `The token has ${found}. The \`audiences\` of the issuer \`main\` are \`a\`.`,
    ]);
  });
});

describe("typeHints", () => {
  it.each([
    { claims: { exp: 1, nbf: 2, iat: 3, aud: "a" }, expected: [] },
    { claims: { exp: 1, aud: ["a", "b"] }, expected: [] },
    { claims: {}, expected: [] },
    { claims: { exp: "1" }, expected: ['The token\'s `exp` is "1". It must be a number of seconds.'] },
    {
      claims: { aud: 7, nbf: true, iat: {} },
      expected: [
        "The token's `aud` is 7. It must be a string, or a list of strings.",
        "The token's `nbf` is true. It must be a number of seconds.",
        "The token's `iat` is {}. It must be a number of seconds.",
      ],
    },
    {
      claims: { aud: JSON.parse("[".repeat(6_000) + "]".repeat(6_000)) },
      expected: ["The token's `aud` is nested too deeply to be shown. It must be a string, or a list of strings."],
    },
  ])("names what has the wrong type: $claims", ({ claims, expected }) => {
    expect(typeHints(claims)).toEqual(expected);
  });
});
