import { describe, expect, it } from "vitest";
import { combineRequirements } from "../../src/mcp/combine-requirements.ts";
import type { Requirement } from "../../src/policy/policy.ts";

const scopes = (name: string, more: object = {}): Requirement => ({
  kind: "scopes",
  expression: { kind: "scope", name },
  mentioned: [name],
  ...more,
});
const AUTHENTICATED: Requirement = { kind: "authenticated" };
const CONDITION = { kind: "claim", claim: ["tier"], in: ["gold"], atoms: ["claim /tier gold"] } as const;

describe("combineRequirements", () => {
  it.each([
    { name: "one", parts: [scopes("a")], expected: scopes("a") },
    { name: "a token, twice", parts: [AUTHENTICATED, AUTHENTICATED], expected: AUTHENTICATED },
    {
      name: "scopes",
      parts: [scopes("a"), AUTHENTICATED, scopes("b")],
      expected: {
        kind: "scopes",
        expression: {
          kind: "allOf",
          of: [
            { kind: "scope", name: "a" },
            { kind: "scope", name: "b" },
          ],
        },
        mentioned: ["a", "b"],
        conditions: [],
      },
    },
    {
      name: "conditions, each once",
      parts: [scopes("a", { conditions: [CONDITION] }), scopes("a", { conditions: [CONDITION] })],
      expected: {
        kind: "scopes",
        expression: {
          kind: "allOf",
          of: [
            { kind: "scope", name: "a" },
            { kind: "scope", name: "a" },
          ],
        },
        mentioned: ["a"],
        conditions: [CONDITION],
      },
    },
    {
      name: "issuers: those that all accept",
      parts: [{ ...AUTHENTICATED, issuers: ["a", "b"] }, AUTHENTICATED, { ...AUTHENTICATED, issuers: ["b", "c"] }],
      expected: { ...AUTHENTICATED, issuers: ["b"] },
    },
    {
      name: "issuers: none, if no issuer is accepted by all",
      parts: [
        { ...AUTHENTICATED, issuers: ["a"] },
        { ...AUTHENTICATED, issuers: ["b"] },
      ],
      expected: { ...AUTHENTICATED, issuers: [] },
    },
    {
      name: "binding: if one asks for it",
      parts: [AUTHENTICATED, { ...AUTHENTICATED, senderConstrained: true as const }],
      expected: { ...AUTHENTICATED, senderConstrained: true },
    },
    {
      name: "authentication: the shortest age, and the classes that are enough for all",
      parts: [
        { ...AUTHENTICATED, authentication: { maxAgeSeconds: 300 } },
        { ...AUTHENTICATED, authentication: { maxAgeSeconds: 60, acr: ["mfa", "hwk"] } },
        { ...AUTHENTICATED, authentication: { acr: ["hwk"] } },
      ],
      expected: { ...AUTHENTICATED, authentication: { maxAgeSeconds: 60, acr: ["hwk"] } },
    },
  ])("combines $name", ({ parts, expected }) => {
    expect(combineRequirements(parts)).toEqual(expected);
  });

  it.each([[{ kind: "public" } as const], [{ kind: "optional" } as const]])("throws for %j", (open) => {
    expect(() => combineRequirements([AUTHENTICATED, open])).toThrow("a message that needs no token");
  });
});
