import { describe, expect, test } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../support/policy/policy-file.ts";

const withIssuer = (members: Record<string, unknown>) =>
  policyFileWith({ issuers: { main: { issuer: "https://issuer.example", profile: "cognito", ...members } } });
const issuerOf = (members: Record<string, unknown>) => [...compiled(withIssuer(members)).issuers.values()][0];

describe("an issuer's defaults", () => {
  test("are those of the profile cognito", () => {
    expect(issuerOf({})).toEqual({
      name: "main",
      issuer: "https://issuer.example",
      jwksUri: "https://issuer.example/.well-known/jwks.json",
      profile: "cognito",
      algorithms: new Set(["RS256"]),
      audiences: undefined,
      audienceClaims: [["aud"], ["client_id"]],
      scopeClaim: [["scope"]],
      grants: [],
      scopeNames: "full",
      clockToleranceSeconds: 5,
      registeredClientsOnly: false,
      keys: {
        refreshAfterSeconds: 600,
        maxStaleSeconds: 86_400,
        cooldownSeconds: 30,
        publicationLagSeconds: 60,
        timeoutMs: 3_000,
      },
    });
  });

  test.each([{ name: "rfc9068" }, { name: "generic" }])("are those of the profile $name", ({ name }) => {
    expect(issuerOf({ profile: name, audiences: ["a"] })).toMatchObject({
      algorithms: new Set(["RS256", "PS256", "ES256", "EdDSA"]),
      audiences: new Set(["a"]),
      scopeNames: "short",
    });
  });
});

describe("an issuer's settings are taken from the file", () => {
  test.each([
    {
      name: "algorithms",
      input: { algorithms: ["ES512", "Ed25519"] },
      expected: { algorithms: new Set(["ES512", "Ed25519"]) },
    },
    { name: "audiences of cognito", input: { audiences: ["a", "b"] }, expected: { audiences: new Set(["a", "b"]) } },
    { name: "a claim name", input: { scopeClaim: "https://x/scp" }, expected: { scopeClaim: [["https://x/scp"]] } },
    { name: "a JSON Pointer", input: { scopeClaim: "/a~1b/c~0d" }, expected: { scopeClaim: [["a/b", "c~d"]] } },
    { name: "short names", input: { scopeNames: "short" }, expected: { scopeNames: "short" } },
    {
      name: "other names in requests",
      input: { scopeNames: "short", requestedScopeNames: "full" },
      expected: { scopeNames: "short", requestedScopeNames: "full" },
    },
    { name: "no tolerance at all", input: { clockToleranceSeconds: 0 }, expected: { clockToleranceSeconds: 0 } },
    {
      name: "keys that go stale just when they are refreshed",
      input: { keys: { refreshAfterSeconds: 60, maxStaleSeconds: 60 } },
      expected: {
        keys: {
          refreshAfterSeconds: 60,
          maxStaleSeconds: 60,
          cooldownSeconds: 30,
          publicationLagSeconds: 60,
          timeoutMs: 3_000,
        },
      },
    },
    {
      name: "the key set's address, with a query",
      input: { jwksUri: "https://keys.example/jwks?app=1" },
      expected: { jwksUri: "https://keys.example/jwks?app=1" },
    },
    {
      name: "an issuer with a trailing slash, which its key set's address does not double",
      input: { issuer: "https://auth0.example/" },
      expected: { issuer: "https://auth0.example/", jwksUri: "https://auth0.example/.well-known/jwks.json" },
    },
    {
      name: "an issuer that is not a URL, given the address",
      input: { issuer: "accounts.example", jwksUri: "https://keys.example/" },
      expected: { issuer: "accounts.example", jwksUri: "https://keys.example/" },
    },
    { name: "http on 127.0.0.1", input: { issuer: "http://127.0.0.1:8788/pool" }, expected: { name: "main" } },
    { name: "http on another loopback address", input: { issuer: "http://127.1.2.3" }, expected: { name: "main" } },
    { name: "http on the IPv6 loopback", input: { issuer: "http://[::1]:8788" }, expected: { name: "main" } },
    { name: "http on localhost", input: { issuer: "http://localhost" }, expected: { name: "main" } },
  ])("$name", ({ input, expected }) => {
    expect(issuerOf(input)).toMatchObject(expected);
  });
});

describe("an issuer is refused", () => {
  test.each([
    {
      name: "with HMAC",
      input: { algorithms: ["HS256"] },
      expected: [/^\$\.issuers\.main\.algorithms\[0\]: Found "HS256"\. Write "RS256" or/],
    },
    { name: "without signatures", input: { algorithms: ["none"] }, expected: [/algorithms\[0\]: Found "none"\./] },
    { name: "with no algorithm", input: { algorithms: [] }, expected: [/algorithms: This is empty\./] },
    { name: "with an empty list of audiences", input: { audiences: [] }, expected: [/audiences: This is empty\./] },
    {
      name: "as generic without audiences",
      input: { profile: "generic" },
      expected: [/main: The profile `generic` needs `audiences`\./],
    },
    {
      name: "as rfc9068 without audiences",
      input: { profile: "rfc9068" },
      expected: [/main: The profile `rfc9068` needs `audiences`\./],
    },
    {
      name: "with an unknown profile",
      input: { profile: "okta" },
      expected: [/profile: Found "okta"\. Write "cognito" or "rfc9068" or "generic"\./],
    },
    { name: "with an empty value", input: { issuer: "" }, expected: [/issuer: This is empty\./] },
    { name: "with no value", input: { issuer: undefined }, expected: [/issuer: Found undefined\./] },
    {
      name: "that is no URL without an address",
      input: { issuer: "accounts" },
      expected: [/issuer: This is not an absolute URL\. Correct it, or set `jwksUri`\./],
    },
    {
      name: "whose keys come over http",
      input: { jwksUri: "http://keys.example/" },
      expected: [/jwksUri: The URL is neither https nor http on loopback\./],
    },
    {
      name: "whose keys come from what only looks like loopback",
      input: { jwksUri: "http://127.0.0.1.example/" },
      expected: [/jwksUri: The URL is neither/],
    },
    {
      name: "whose keys' address has a password",
      input: { jwksUri: "https://a:b@keys.example/" },
      expected: [/jwksUri: The URL contains a user name or password\. [^@]*$/],
    },
    {
      name: "whose keys' address has a fragment",
      input: { jwksUri: "https://keys.example/#a" },
      expected: [/jwksUri: The URL has a fragment\./],
    },
    {
      name: "whose scope claim is a broken pointer",
      input: { scopeClaim: "/a~2" },
      expected: [/scopeClaim: This is not a JSON Pointer\./],
    },
    {
      name: "whose keys go stale before they are refreshed",
      input: { keys: { refreshAfterSeconds: 61, maxStaleSeconds: 60 } },
      expected: [/main\.keys: `maxStaleSeconds` \(60\) is less than `refreshAfterSeconds` \(61\)\./],
    },
    {
      name: "whose keys go stale before the default refresh",
      input: { keys: { maxStaleSeconds: 599 } },
      expected: [/main\.keys: `maxStaleSeconds` \(599\) is less/],
    },
    {
      name: "with a negative tolerance",
      input: { clockToleranceSeconds: -1 },
      expected: [/clockToleranceSeconds: -1 is too small\. The minimum is 0\./],
    },
    {
      name: "with no cooldown",
      input: { keys: { cooldownSeconds: 0 } },
      expected: [/cooldownSeconds: 0 is too small\. The minimum is 1\./],
    },
    {
      name: "with a negative publication lag",
      input: { keys: { publicationLagSeconds: -1 } },
      expected: [/publicationLagSeconds: -1 is too small\. The minimum is 0\./],
    },
    {
      name: "with a publication lag of more than an hour, as milliseconds would be",
      input: { keys: { publicationLagSeconds: 3_601 } },
      expected: [/publicationLagSeconds: 3601 is too large\. The maximum is 3600\./],
    },
    {
      name: "with half a second",
      input: { keys: { cooldownSeconds: 1.5 } },
      expected: [/cooldownSeconds: This is not a whole number\./],
    },
    {
      name: "with a time limit past the longest",
      input: { keys: { timeoutMs: 600_001 } },
      expected: [/timeoutMs: 600001 is too large\. The maximum is 600000\./],
    },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(withIssuer(input))).toEqual(expected.map((text) => expect.stringMatching(text)));
  });

  test("when another has the same value, even by way of a variable", () => {
    const variable = "$" + "{ISSUER_URL}";
    const issuers = {
      one: { issuer: "https://issuer.example", profile: "cognito" },
      two: { issuer: variable, profile: "cognito" },
    };
    expect(faultsOf(policyFileWith({ issuers }), { ISSUER_URL: "https://issuer.example" })).toEqual([
      "$.issuers.two.issuer: The issuer `one` has the same value. Remove one of them: one value of `iss` has one set of rules.",
    ]);
  });
});

test("that there is no issuer is a fault where a route needs a token, beside routes that cannot be read", () => {
  const route = { path: "/orders", methods: ["GET"], authenticated: true, upstream: "orders" };
  expect(faultsOf(policyFileWith({ issuers: {}, routes: [3, route] }))).toEqual([
    expect.stringContaining("$.routes[0]: Found 3."),
    expect.stringContaining("$.issuers: routes[1] needs a token, but there is no issuer."),
  ]);
});
