import { describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";
import { policyFileWith } from "../../../support/policy/policy-file.ts";

const scratch = scratchDirectory();
const ISSUER = { issuer: "https://issuer.example", profile: "generic", audiences: ["api"], acrOrder: ["pwd", "otp"] };
const file = scratch.write(
  "step-up.json",
  policyFileWith({
    issuers: { main: ISSUER },
    clients: { web: { scopes: ["read:orders"] } },
    routes: [
      {
        path: "/pay",
        methods: ["GET"],
        scopes: ["read:orders"],
        authentication: { acr: ["otp"], maxAgeSeconds: 300 },
        upstream: "orders",
      },
      { path: "/me", methods: ["GET"], authenticated: true, authentication: { acr: ["pwd"] }, upstream: "orders" },
    ],
  }),
);
const explain = (path: string, ...args: readonly string[]) =>
  scopegate("explain", "GET", path, "--policy", file, ...args);

describe("explain says of the authentication", () => {
  it("what is met and what is missing", async () => {
    const { stdout, exitCode } = await explain("/pay", "--client", "web", "--claim", "acr=otp");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("met     https://api.example/read:orders");
    expect(stdout).toContain("met     authenticated by otp");
    expect(stdout).toContain("missing authenticated at most 300 s ago");
    expect(stdout).toContain('acr_values="otp", max_age="300"');
    expect(stdout).toContain("Hint: The token has no `auth_time`.");
    expect(stdout).not.toContain("One of these would be enough");
  });

  it("that a higher class and a recent time are enough", async () => {
    const paid = await explain("/pay", "--client", "web", "--claim", "acr=otp", "--claim", "auth_time=-60");
    expect(paid.exitCode).toBe(0);
    const { stdout, exitCode } = await explain("/me", "--client", "web", "--claim", "acr=otp");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Any valid token will do.");
    expect(stdout).toContain("met     authenticated by pwd");
  });

  it("the same in JSON", async () => {
    const { stdout } = await explain("/pay", "--client", "web", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      refusal: { status: 401, reason: "authentication-insufficient" },
      requirement: { authentication: { acr: ["otp"], isAcrMet: false, maxAgeSeconds: 300, isAgeMet: false } },
    });
  });
});

it("matrix says that a client may call if more than scopes is met", async () => {
  const { stdout } = await scopegate("matrix", "--policy", file, "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    rows: [
      {
        path: "/pay",
        allowed: [true],
        conditional: [true],
        requirement: "read:orders, authenticated by otp at most 300 s ago",
      },
      { path: "/me", allowed: [true], conditional: [true] },
    ],
  });
});

it("prove shows the claims of a token that breaks a guarantee", async () => {
  const policy = scratch.write(
    "prove.json",
    policyFileWith({
      issuers: { main: ISSUER },
      routes: [
        {
          path: "/pay",
          methods: ["GET"],
          authenticated: true,
          authentication: { acr: ["pwd"], maxAgeSeconds: 600 },
          upstream: "orders",
        },
      ],
      guarantees: [{ under: ["/pay"], authentication: { acr: ["otp"], maxAgeSeconds: 300 } }],
    }),
  );
  const { stdout, exitCode } = await scopegate("prove", "--policy", policy);
  expect(exitCode).toBe(1);
  expect(stdout).toContain("BROKEN  under /pay requires a user who authenticated by otp at most 300 s ago");
  expect(stdout).toContain("the claims acr=pwd and auth_time=-600");
});
