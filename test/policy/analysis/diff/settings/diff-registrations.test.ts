import { describe, expect, it } from "vitest";
import { diffPolicies } from "../../../../../src/policy/analysis/diff/diff-policies.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

type Clients = Readonly<Record<string, { id?: string; issuer: string }>>;

const ours = { issuer: "https://ours.example", profile: "cognito", registeredClientsOnly: true };
const partner = { issuer: "https://partner.example", profile: "cognito" };

/** `kind path: message` of each change of a client. */
function changes(before: Clients, after: Clients, issuers: Record<string, unknown> = { ours, partner }): string[] {
  const file = (clients: Clients, its: Record<string, unknown>) =>
    compiled(
      policyFileWith({
        issuers: its,
        clients: Object.fromEntries(Object.entries(clients).map(([name, it]) => [name, { scopes: [], ...it }])),
      }),
    );
  return diffPolicies(file(before, { ours, partner }), file(after, issuers))
    .settings.filter(({ path: [member] }) => member === "clients")
    .map(({ kind, path: [, name], message }) => `${kind} ${name}: ${message}`);
}

describe("what diff says of a registration", () => {
  it.each([
    {
      name: "names issuers by their iss",
      after: { app: { issuer: "ours" } },
      expected: ["incomparable app: Its issuer changed from https://partner.example to https://ours.example."],
    },
    {
      name: "even if the old one is gone",
      after: { app: { issuer: "ours" } },
      issuers: { ours },
      expected: ["incomparable app: Its issuer changed from https://partner.example to https://ours.example."],
    },
    { name: "is nothing for another name", after: { web: { id: "app", issuer: "partner" } }, expected: [] },
    {
      name: "says where the gateway accepts a client that is gone",
      after: {},
      expected: [
        "other app: The client is no longer registered. The gateway still accepts its tokens: " +
          "`registeredClientsOnly` is off for the issuer `partner`.",
      ],
    },
    {
      name: "and where it does not",
      after: {},
      issuers: { ours },
      expected: ["removed app: The client is no longer registered."],
    },
  ])("$name", ({ after, issuers, expected }) => {
    expect(changes({ app: { issuer: "partner" } }, after, issuers)).toEqual(expected);
  });

  it("tells a client that is gone from another that has its name now", () => {
    const before = { app: { issuer: "ours" }, web: { issuer: "ours" } };
    expect(changes(before, { app: { id: "web", issuer: "ours" } })).toEqual([
      "removed app: The client with the id `app` is no longer registered; another client has its name now.",
    ]);
  });
});
