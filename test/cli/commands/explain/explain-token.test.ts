import { describe, expect, it } from "vitest";
import { createExplainWorld, ISSUER } from "../../../support/cli/explain-world.ts";
import { scopegate } from "../../../support/cli/run-scopegate.ts";
import { startIssuer } from "../../../support/e2e/test-issuer.ts";
import { accessClaims, createSigningKey, signClaims } from "../../../support/token/signing-key.ts";

const API = "https://api.myecommerce.com";

const { explain, jwks, key, policy, scratch, tokenFile } = await createExplainWorld();

describe("a token", () => {
  const GRANTING = { client_id: "customer", scope: `${API}/read:orders` };

  it("is not verified without a key set, and the output says so", async () => {
    const { exitCode, text } = await explain("GET /orders", "--token-file", await tokenFile("plain", GRANTING));
    expect(text).toContain("The signature was NOT verified");
    expect(text).toContain("Forwarded to orders, if the token's signature is valid.");
    expect(text).toContain("x-auth-subject: user-1");
    expect(exitCode).toBe(0);
  });

  it("is verified with the key set of a file", async () => {
    const { exitCode, text } = await explain(
      "GET /orders",
      "--token-file",
      await tokenFile("good", GRANTING),
      "--jwks",
      jwks,
    );
    expect(text).toContain("The signature was verified.");
    expect(text).not.toContain("NOT");
    expect(exitCode).toBe(0);
  });

  it("is verified with the key set of an address", async () => {
    const issuer = await startIssuer();
    try {
      const token = await signClaims(issuer.keys[0] ?? key, accessClaims(ISSUER, GRANTING));
      const { exitCode, text } = await explain("GET /orders", "--token", token, "--jwks", `${issuer.url}/jwks.json`);
      expect(text).toContain("The signature was verified.");
      expect([exitCode, issuer.requests]).toEqual([0, 1]);
    } finally {
      await issuer.stop();
    }
  });

  it("of another key is refused", async () => {
    const forged = await tokenFile("forged", GRANTING, {}, await createSigningKey("key-1"));
    const { exitCode, text } = await explain("GET /orders", "--token-file", forged, "--jwks", jwks);
    expect(text).toContain("Refused: 401 signature-invalid.");
    expect(exitCode).toBe(1);
  });

  it.each([
    { name: "that has expired", claims: { exp: 1 }, header: {}, says: "401 token-expired" },
    {
      name: "of another issuer",
      claims: { iss: `${ISSUER}/` },
      header: {},
      says: "They differ in a trailing slash only",
    },
    { name: "that is an ID token", claims: { token_use: "id" }, header: {}, says: "Hint: This is an ID token" },
    {
      name: "that is bound to its sender",
      claims: { cnf: null },
      header: {},
      says: "Hint: The claim `cnf` binds the token to a key or certificate (DPoP, mTLS).",
    },
    { name: "without a client", claims: { client_id: undefined }, header: {}, says: "401 claim-missing" },
    { name: "without a kid", claims: {}, header: { kid: undefined }, says: "401 key-unknown" },
    {
      name: "from a sign-in by Cognito's API",
      claims: { scope: "aws.cognito.signin.user.admin" },
      header: {},
      says: "it comes from a sign-in by Cognito's API",
    },
    {
      name: "with short names",
      claims: { scope: "read:orders" },
      header: {},
      says: "The token has short names (read:orders)",
    },
    { name: "without scopes", claims: { scope: undefined }, header: {}, says: "The token has no claim `scope`" },
  ])("$name is refused for the same reason with and without its signature", async ({ claims, header, says }) => {
    const file = await tokenFile("refused", { ...GRANTING, ...claims }, header);
    const unverified = await explain("GET /orders", "--token-file", file);
    const verified = await explain("GET /orders", "--token-file", file, "--jwks", jwks);
    expect(unverified.text).toContain(says);
    expect(verified.text).toContain(says);
    expect([unverified.exitCode, verified.exitCode]).toEqual([1, 1]);
  });

  it("is taken as a whole header value too, and is nowhere in the output", async () => {
    const token = await signClaims(key, accessClaims(ISSUER, GRANTING));
    const { text } = await explain("GET /orders", "--token", `Bearer ${token}`, "--json");
    expect(JSON.parse(text)).toMatchObject({ outcome: "forwarded" });
    expect(text).not.toContain(token.split(".")[2]);
  });

  it.each([
    { name: "is not there", content: undefined, says: "There is no such file." },
    { name: "is no JSON", content: "{", says: "This is not JSON." },
    { name: "has no keys", content: {}, says: "it has no array `keys`" },
    {
      name: "has no usable key",
      content: { keys: [{ kty: "oct", k: "AAAA", kid: "x" }] },
      says: "has no key that cognito may sign with",
    },
  ])("with a key set that $name: exit code 2", async ({ content, says }) => {
    const token = await tokenFile("any", GRANTING);
    const file = content === undefined ? "none.json" : scratch.write("odd-jwks.json", content);
    const run = await scopegate("explain", "GET", "/orders", "--policy", policy, "--token-file", token, "--jwks", file);
    expect(run.stderr).toContain(says);
    expect([run.exitCode, run.stdout]).toEqual([2, ""]);
  });
});

it("says what it would have taken to hold only where no token was sent", async () => {
  const stale = await tokenFile("stale", { client_id: "customer", scope: `${API}/read:orders`, exp: 1 });
  const { text } = await explain("GET /orders", "--token-file", stale);
  expect(text).toContain("Refused: 401 token-expired.");
  expect(text).not.toContain("would be enough");
});
