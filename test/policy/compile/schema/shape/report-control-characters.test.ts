import { describe, expect, it } from "vitest";
import { faultsOf, policyFile, policyFileWith } from "../../../../support/policy/policy-file.ts";

const ESC = "\u001b";
const RLO = "\u202e";
const HINT = "Remove it: it can make terminals and reviews show something else.";
const fault = (path: string, what: "name" | "value", character: string) =>
  `${path}: The ${what} contains the control character \`${character}\`. ${HINT}`;
const named = (value: unknown) => ({ [`a${ESC}b`]: value });
const ISSUER = { issuer: "https://issuer.example", profile: "cognito" };
const API = policyFile().resourceServers["https://api.example"];
const ROUTE = { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };

describe("a control character is a fault in the name of", () => {
  it.each([
    { name: "an issuer", members: { issuers: named(ISSUER) }, path: "$.issuers" },
    {
      name: "a resource server",
      members: { resourceServers: { "https://api.example": API, ...named({ scopes: {} }) } },
      path: "$.resourceServers",
    },
    {
      name: "a scope",
      members: { resourceServers: { "https://api.example": { scopes: { ...API.scopes, ...named("") } } } },
      path: '$.resourceServers["https://api.example"].scopes',
    },
    { name: "a client", members: { clients: named({ scopes: [] }) }, path: "$.clients" },
    {
      name: "an upstream",
      members: { upstreams: { ...policyFile().upstreams, ...named({ url: "https://b.example" }) } },
      path: "$.upstreams",
    },
    { name: "a claim header", members: { claimHeaders: named("email") }, path: "$.claimHeaders" },
  ])("$name", ({ members, path }) => {
    expect(faultsOf(policyFileWith(members))).toEqual([fault(`${path}["a\\u001bb"]`, "name", "\\u{1b}")]);
  });
});

describe("a control character is a fault in", () => {
  it.each([
    {
      name: "a guarantee's name",
      members: { guarantees: [{ name: `none${RLO}`, never: true, paths: ["/x"] }] },
      path: "$.guarantees[0].name",
    },
    {
      name: "a reason for a suppressed lint",
      members: { routes: [{ ...ROUTE, lint: { "public-write": `fine${RLO}` } }] },
      path: '$.routes[0].lint["public-write"]',
    },
    {
      name: "a parameter's name",
      members: { routes: [{ ...ROUTE, path: `/orders/:i${RLO}d` }] },
      path: "$.routes[0].path",
    },
    { name: "a client's id", members: { clients: { app: { id: `a${RLO}`, scopes: [] } } }, path: "$.clients.app.id" },
    {
      name: "an audience",
      members: { issuers: { main: { ...ISSUER, audiences: [`a${RLO}`] } } },
      path: "$.issuers.main.audiences[0]",
    },
    {
      name: "a resource server's name",
      members: { resourceServers: { "https://api.example": { ...API, name: `A${RLO}` } } },
      path: '$.resourceServers["https://api.example"].name',
    },
    {
      name: "a description",
      members: { resourceServers: { "https://api.example": { scopes: { ...API.scopes, more: `A${RLO}` } } } },
      path: '$.resourceServers["https://api.example"].scopes.more',
    },
  ])("$name", ({ members, path }) => {
    expect(faultsOf(policyFileWith(members))).toEqual([fault(path, "value", "\\u{202e}")]);
  });

  it("a value that a variable brings in", () => {
    const issuers = { main: { ...ISSUER, audiences: ["$" + "{AUDIENCE}"] } };
    expect(faultsOf(policyFileWith({ issuers }), { AUDIENCE: `a${ESC}` })).toEqual([
      fault("$.issuers.main.audiences[0]", "value", "\\u{1b}"),
    ]);
  });
});

it("line breaks and tabs may stand in descriptions of scopes, and nowhere else", () => {
  const scopes = { ...API.scopes, more: "One.\r\n\tTwo.", most: { description: "One.\nTwo.", implies: [] } };
  expect(faultsOf(policyFileWith({ resourceServers: { "https://api.example": { scopes } } }))).toEqual([]);
  expect(faultsOf(policyFileWith({ clients: { app: { id: "a\tb", scopes: [] } } }))).toEqual([
    fault("$.clients.app.id", "value", "\\u{9}"),
  ]);
  expect(faultsOf(policyFileWith({ resourceServers: { "https://api.example": { ...API, name: "a\nb" } } }))).toEqual([
    fault('$.resourceServers["https://api.example"].name', "value", "\\u{a}"),
  ]);
});

it("letters of every script may stand in names", () => {
  const clients = { "\u05d0\u05d1 \u0627\u0644 \u00fc \u{1f600}": { scopes: [] } };
  expect(faultsOf(policyFileWith({ clients }))).toEqual([]);
});
