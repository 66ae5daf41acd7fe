/** The guide to step-up: each issuer compiles, and tokens as the page describes them are answered as it says. */
import { describe, expect, it } from "vitest";
import { lintPolicy } from "../../../src/policy/analysis/lint/lint-policy.ts";
import { decide } from "../../../src/testing/decide-request.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";
import { codeBlocks } from "../../support/project/code-blocks.ts";
import { projectFile } from "../../support/project/project-files.ts";

const PAGE = projectFile("docs/guides/step-up.md");

function issuerOf(section: string): Readonly<Record<string, unknown>> {
  const [, text = ""] = PAGE.split(`\n### ${section}\n`);
  const [block] = codeBlocks(text.split("\n### ")[0] ?? "").filter(({ language }) => language === "json");
  return JSON.parse(block?.text ?? "");
}

const policyOf = (section: string, authentication: unknown) =>
  compiled(
    policyFileWith({
      issuers: { main: issuerOf(section) },
      routes: [{ path: "/orders", methods: ["GET"], authenticated: true, authentication, upstream: "orders" }],
    }),
  );

const SECOND_FACTOR = "urn:okta:loa:2fa:any";
const MULTI_FACTOR = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";
const AGE = { maxAgeSeconds: 300 };

describe("tokens of the guide to step-up", () => {
  it.each([
    { section: "Cognito", asked: AGE, claims: { auth_time: -60 }, outcome: "forwarded" },
    { section: "Cognito", asked: { acr: ["mfa"] }, claims: { acr: "mfa" }, outcome: "refused" },
    { section: "Cognito", asked: { acr: ["mfa"] }, claims: { level: "mfa" }, outcome: "forwarded" },
    { section: "Entra ID", asked: { acr: ["c1"] }, claims: { acrs: ["p1", "c1"] }, outcome: "forwarded" },
    { section: "Entra ID", asked: { acr: ["c1"] }, claims: { acrs: ["c2"] }, outcome: "refused" },
    { section: "Entra ID", asked: { acr: ["c1"] }, claims: {}, outcome: "refused" },
    { section: "Okta", asked: { acr: [SECOND_FACTOR] }, claims: { acr: SECOND_FACTOR }, outcome: "forwarded" },
    { section: "Okta", asked: { acr: [SECOND_FACTOR] }, claims: { acr: "urn:okta:loa:1fa:any" }, outcome: "refused" },
    { section: "Okta", asked: { acr: ["urn:okta:loa:1fa:any"] }, claims: { acr: SECOND_FACTOR }, outcome: "forwarded" },
    {
      section: "Auth0",
      asked: { acr: [MULTI_FACTOR] },
      claims: { "https://example.com/acr": MULTI_FACTOR },
      outcome: "forwarded",
    },
    { section: "Auth0", asked: { acr: [MULTI_FACTOR] }, claims: { acr: MULTI_FACTOR }, outcome: "refused" },
    { section: "Auth0", asked: AGE, claims: {}, outcome: "refused" },
    {
      section: "Keycloak",
      asked: { acr: ["silver"], ...AGE },
      claims: { acr: "gold", auth_time: -60 },
      outcome: "forwarded",
    },
    {
      section: "Keycloak",
      asked: { acr: ["gold"], ...AGE },
      claims: { acr: "silver", auth_time: -60 },
      outcome: "refused",
    },
    {
      section: "Keycloak",
      asked: { acr: ["gold"], ...AGE },
      claims: { acr: "gold", auth_time: -900 },
      outcome: "refused",
    },
  ])("of $section with $claims: $outcome", async ({ section, asked, claims, outcome }) => {
    const given: Record<string, unknown> = { sub: "alice", ...claims };
    const decision = await decide(policyOf(section, asked), { method: "GET", path: "/orders", claims: given });
    expect(decision).toMatchObject(
      outcome === "refused" ? { outcome, status: 401, reason: "authentication-insufficient" } : { outcome },
    );
  });

  it("are never enough for a class where a pool writes none, and a lint says so", () => {
    const { acrClaim: _, ...stock } = issuerOf("Cognito");
    const routes = [
      { path: "/orders", methods: ["GET"], authenticated: true, authentication: { acr: ["mfa"] }, upstream: "orders" },
    ];
    const policy = compiled(policyFileWith({ issuers: { main: stock }, routes }));
    expect(lintPolicy(policy, { routes: [] }).lints.map(({ code }) => code)).toContain("unwritten-acr");
  });
});
