import { describe, expect, it } from "vitest";
import { createExplainWorld } from "../../../support/cli/explain-world.ts";
import { exampleFile, scopegate } from "../../../support/cli/run-scopegate.ts";

const API = "https://api.myecommerce.com";

const { explain, scratch, tokenFile } = await createExplainWorld();

describe("a token that is refused for its times or its audience", () => {
  const GRANTING = { client_id: "customer", scope: `${API}/read:orders` };

  const iso = (seconds: number) => `${seconds} (${new Date(seconds * 1000).toISOString()})`;
  const FAR = 4_000_000_000;
  const generic = { ...exampleFile().issuers.cognito, profile: "generic", audiences: ["https://a.example", "b"] };

  it.each([
    {
      name: "an `exp` that is over",
      claims: { exp: 1000, iat: 500 },
      says: `\`exp\` ${iso(1000)}, \`iat\` ${iso(500)}. `,
    },
    {
      name: "an `nbf` to come",
      claims: { nbf: FAR, exp: FAR, iat: 0 },
      says: `\`nbf\` ${iso(FAR)}, \`iat\` ${iso(0)}. `,
    },
    { name: "an `iat` to come", claims: { iat: FAR, exp: FAR }, says: `\`exp\` ${iso(FAR)}, \`iat\` ${iso(FAR)}. ` },
    { name: "a time that is no date", claims: { exp: -1e300, iat: 0 }, says: "The token has `exp` -1e+300, `iat`" },
  ])("shows $name, beside the time here", async ({ claims, says }) => {
    const file = await tokenFile("times", { ...GRANTING, ...claims });
    const { exitCode, text } = await explain("GET /orders", "--token-file", file);
    expect(text).toContain(says);
    expect(text).toMatch(/The time here is \d+ \(20.*Z\), and the issuer `cognito` tolerates a difference of 5 s\./);
    expect(exitCode).toBe(1);
  });

  it.each([
    {
      name: "an `exp` of another type",
      issuer: {},
      claims: { exp: "soon" },
      says: '`exp` is "soon". It must be a number',
    },
    { name: "an `nbf` of another type", issuer: {}, claims: { nbf: null }, says: "`nbf` is null. It must be a number" },
    {
      name: "an `aud` of another type",
      issuer: generic,
      claims: { aud: [] },
      says: "`aud` is []. It must be a string, or a list of strings.",
    },
    {
      name: "another audience",
      issuer: generic,
      claims: { aud: "c" },
      says: 'The token has the `aud` "c". The `audiences` of the issuer `cognito` are `https://a.example`, `b`.',
    },
    {
      name: "other audiences, in a bounded length",
      issuer: generic,
      claims: { aud: ["c", "d".repeat(300)] },
      says: `The token has the \`aud\` ["c","${"d".repeat(250)}... (cut off). The \`audiences\``,
    },
    {
      name: "no audience, and the client that is compared in its place",
      issuer: { audiences: ["b"] },
      claims: {},
      says: 'The token has no `aud`, and the `client_id` "customer". The `audiences` of the issuer `cognito` are `b`.',
    },
  ])("shows $name", async ({ issuer, claims, says }) => {
    const issuers = { cognito: { ...exampleFile().issuers.cognito, ...issuer } };
    const other = scratch.write("audiences.json", exampleFile({ issuers }));
    const file = await tokenFile("shown", { ...GRANTING, ...claims });
    const { exitCode, stdout } = await scopegate("explain", "GET", "/orders", "--policy", other, "--token-file", file);
    expect(stdout).toContain(says);
    expect(exitCode).toBe(1);
  });
});
