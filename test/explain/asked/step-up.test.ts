import { describe, expect, it } from "vitest";
import { assumedCaller, type Caller } from "../../../src/explain/caller.ts";
import { callerWithClaims } from "../../../src/explain/claims-caller.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const ISSUER = { issuer: "https://issuer.example", profile: "generic", audiences: ["api"], acrOrder: ["pwd", "otp"] };
const ROUTES = [
  { path: "/pay", methods: ["GET"], scopes: ["read:orders"], authentication: { acr: ["otp"], maxAgeSeconds: 300 } },
  { path: "/class", methods: ["GET"], authenticated: true, authentication: { acr: ["pwd"] } },
  { path: "/plain", methods: ["GET"], authenticated: true },
].map((route) => ({ ...route, upstream: "orders" }));
const policy = (members: Record<string, unknown> = {}): Policy =>
  compiled(policyFileWith({ issuers: { main: { ...ISSUER, ...members } }, routes: ROUTES }));

const explain = (path: string, caller: Caller, of: Policy) =>
  explainRequest(of, { method: "GET", url: `https://gateway.invalid${path}` }, caller);

function assuming(of: Policy, ...claims: readonly (readonly [claim: string, value: string])[]): Caller {
  const tested = claims.map(([claim, value]) => ({ claim: [claim], value }));
  return assumedCaller({ client: undefined, scopes: ["read:orders"], tested }, of);
}

describe("an assumed authentication", () => {
  it.each([
    { name: "of the class and age", path: "/pay", claims: { acr: "otp", auth_time: "-300" }, outcome: "forwarded" },
    { name: "that is too old", path: "/pay", claims: { acr: "otp", auth_time: "-306" }, outcome: "refused" },
    { name: "of a lower class", path: "/pay", claims: { acr: "pwd", auth_time: "-1" }, outcome: "refused" },
    { name: "of a higher class", path: "/class", claims: { acr: "otp" }, outcome: "forwarded" },
    { name: "at no time", path: "/pay", claims: { acr: "otp" }, outcome: "refused" },
    { name: "at a text", path: "/pay", claims: { acr: "otp", auth_time: "now" }, outcome: "refused" },
    { name: "at a time long ago", path: "/pay", claims: { acr: "otp", auth_time: "1" }, outcome: "refused" },
    { name: "where none is asked for", path: "/plain", claims: { acr: "pwd" }, outcome: "forwarded" },
  ])("$name: $outcome", async ({ path, claims, outcome }) => {
    const of = policy();
    const explanation = await explain(path, assuming(of, ...Object.entries(claims)), of);
    expect(explanation).toMatchObject({ outcome, caller: { remarks: [] } });
    if (outcome === "refused") {
      expect(explanation.refusal).toMatchObject({ status: 401, reason: "authentication-insufficient" });
    }
  });

  it("is a time since the epoch if it is not negative", async () => {
    const of = policy();
    const now = String(Math.floor(Date.now() / 1000));
    const { outcome } = await explain("/pay", assuming(of, ["acr", "otp"], ["auth_time", now]), of);
    expect(outcome).toBe("forwarded");
  });

  it("is read where the issuer writes it", async () => {
    const of = policy({ acrClaim: "acrs" });
    expect((await explain("/class", assuming(of, ["acrs", "otp"]), of)).outcome).toBe("forwarded");
    expect((await explain("/class", assuming(of, ["acr", "otp"]), of)).outcome).toBe("refused");
  });
});

describe("the explanation of a route that asks how the user authenticated", () => {
  it("says what is met and what is missing, and no scopes", async () => {
    const of = policy();
    const explanation = await explain("/pay", assuming(of, ["acr", "otp"], ["auth_time", "-900"]), of);
    expect(explanation).toMatchObject({
      refusedAt: "authorize",
      requirement: {
        kind: "scopes",
        authentication: { acr: ["otp"], isAcrMet: true, maxAgeSeconds: 300, isAgeMet: false },
        outcome: { met: true },
        sufficient: [],
      },
      hints: [
        'The token has the `acr` "otp". The classes of the route are `otp`.',
        "The user authenticated 900 s before the request, and the route takes an authentication of at most 300 s, " +
          "with a tolerance of 5 s.",
        "Assume another authentication with --claim acr=otp --claim auth_time=-60. A negative `auth_time` counts from now.",
      ],
    });
    expect(explanation.refusal?.headers["www-authenticate"]).toContain('acr_values="otp", max_age="300"');
  });

  it("says of a caller without a token that nothing is met", async () => {
    const of = policy();
    const caller: Caller = { ...assuming(of), authenticate: undefined, kind: "nobody" };
    const { requirement } = await explain("/class", caller, of);
    expect(requirement).toMatchObject({ kind: "authenticated", authentication: { acr: ["pwd"], isAcrMet: false } });
  });

  it("says nothing of it where the route does not ask", async () => {
    const of = policy();
    const { requirement } = await explain("/plain", assuming(of), of);
    expect(requirement).not.toHaveProperty("authentication");
  });

  it("takes the time that a row of a table gives", async () => {
    const of = policy();
    const claims = { scope: "read:orders", acr: "otp", auth_time: 1_000, iat: 1_000 };
    const at = async (seconds: number) =>
      (await explain("/pay", callerWithClaims(claims, of, [...of.issuers.values()], seconds * 1000), of)).outcome;
    expect(await at(1_305)).toBe("forwarded");
    expect(await at(1_306)).toBe("refused");
  });
});
