import { describe, expect, it } from "vitest";
import { Holdings } from "../../../src/cli/replay/holding.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const API = "https://api.example";
const ISS = "https://issuer.example";
const main = { issuer: ISS, profile: "generic", audiences: ["api"] };
const restricted = { main: { ...main, registeredClientsOnly: true } };
const policyWith = (members: Readonly<Record<string, unknown>> = {}) =>
  compiled(policyFileWith({ issuers: { main }, ...members }));
const short = (names: ReadonlySet<string>) => [...names].map((name) => name.replace(`${API}/`, "")).sort();
const READ = [`${API}/read:orders`];
const BOTH = [`${API}/read:orders`, `${API}/write:orders`];

function held(
  before: ReturnType<typeof policyWith> | undefined,
  after: ReturnType<typeof policyWith>,
  token: { readonly issuer?: string; readonly client_id?: string; readonly granted?: readonly string[] },
) {
  const holding = new Holdings(before, after).of({ issuer: ISS, ...token }, before !== undefined);
  return holding.kind === "held" ? { least: short(holding.least), most: short(holding.most) } : holding;
}

describe("the token of a line", () => {
  const clients = { web: { scopes: ["read:orders"] } };
  it.each([
    {
      name: "has the scopes of the line, where nobody knows the policy before",
      before: undefined,
      after: {},
      token: { granted: READ },
      expected: { least: ["read:orders"], most: ["read:orders"] },
    },
    {
      name: "is refused if its issuer is gone",
      before: {},
      after: {},
      token: { issuer: "https://other.example", granted: READ },
      expected: { kind: "refused", reason: "issuer-unknown" },
    },
    {
      name: "is refused if its client is not registered and must be",
      before: {},
      after: { issuers: restricted, clients },
      token: { client_id: "app", granted: READ },
      expected: { kind: "refused", reason: "client-mismatch" },
    },
    {
      name: "is cut to the registration of its client",
      before: undefined,
      after: { issuers: restricted, clients },
      token: { client_id: "web", granted: BOTH },
      expected: { least: ["read:orders"], most: ["read:orders"] },
    },
    {
      name: "may have a scope that its registration withheld before",
      before: { issuers: restricted, clients },
      after: { issuers: restricted, clients: { web: { scopes: ["read:orders", "write:orders"] } } },
      token: { client_id: "web", granted: READ },
      expected: { least: ["read:orders"], most: ["read:orders", "write:orders"] },
    },
    {
      name: "has no scope that the policy before declared and did not grant",
      before: {},
      after: {},
      token: { granted: READ },
      expected: { least: ["read:orders"], most: ["read:orders"] },
    },
    {
      name: "may have a scope that the policy before did not declare",
      before: { resourceServers: { [API]: { scopes: { "read:orders": "" } } } },
      after: {},
      token: { granted: READ },
      expected: { least: ["read:orders"], most: ["read:orders", "write:orders"] },
    },
    {
      name: "is not told if the issuer has other rules for tokens",
      before: {},
      after: { issuers: { main: { ...main, scopeClaim: "scp" } } },
      token: { granted: READ },
      expected: { kind: "untold" },
    },
  ])("$name", ({ before, after, token, expected }) => {
    expect(held(before && policyWith(before), policyWith(after), token)).toEqual(expected);
  });

  it("is worked out once, and apart for lines of each policy", () => {
    const after = policyWith();
    const before = policyWith({ resourceServers: { [API]: { scopes: { "read:orders": "" } } } });
    const holdings = new Holdings(before, after);
    const token = { issuer: ISS, client_id: "web", granted: READ };
    expect(holdings.of(token, true)).toBe(holdings.of({ ...token }, true));
    expect(holdings.of(token, false)).not.toEqual(holdings.of(token, true));
  });
});
