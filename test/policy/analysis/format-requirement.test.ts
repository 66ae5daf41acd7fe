import { expect, it } from "vitest";
import { formatRequirement, shortestName } from "../../../src/policy/analysis/format-requirement.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const SERVERS = {
  "https://a.example": { scopes: { read: "", write: "", admin: "" } },
  "https://b.example": { scopes: { read: "" } },
};

function policyOf(requirement: Record<string, unknown>) {
  const routes = [{ path: "/", methods: ["GET"], upstream: "orders", ...requirement }];
  return compiled(policyFileWith({ resourceServers: SERVERS, clients: {}, routes }));
}

it.each([
  { requirement: { public: true }, expected: "public" },
  { requirement: { optional: true }, expected: "optional token" },
  { requirement: { authenticated: true }, expected: "any token" },
  { requirement: { authenticated: true, issuers: ["main"] }, expected: "any token, from main" },
  { requirement: { scopes: ["write", "admin"], issuers: ["main"] }, expected: "write or admin, from main" },
  { requirement: { authenticated: true, senderConstrained: true }, expected: "any token, bound to its sender" },
  {
    requirement: { scopes: ["write", "admin"], senderConstrained: true, issuers: ["main"] },
    expected: "write or admin, bound to its sender, from main",
  },
  {
    requirement: { authenticated: true, authentication: { acr: ["otp", "hwk"], maxAgeSeconds: 60 }, issuers: ["main"] },
    expected: "any token, authenticated by otp or hwk at most 60 s ago, from main",
  },
  {
    requirement: { scopes: ["write"], senderConstrained: true, authentication: { maxAgeSeconds: 60 } },
    expected: "write, bound to its sender, authenticated at most 60 s ago",
  },
  { requirement: { scopes: ["write"] }, expected: "write" },
  { requirement: { scopes: ["write", "admin"] }, expected: "write or admin" },
  { requirement: { scopes: { allOf: ["write", "admin"] } }, expected: "write and admin" },
  { requirement: { scopes: ["write", { allOf: ["admin", "write"] }] }, expected: "write or (admin and write)" },
  { requirement: { scopes: { allOf: [{ anyOf: ["admin"] }, "write"] } }, expected: "admin and write" },
  {
    requirement: { scopes: ["write", "https://b.example/read"] },
    expected: "write or https://b.example/read",
  },
])("$requirement is $expected in words", ({ requirement, expected }) => {
  const policy = policyOf(requirement);
  const [route] = policy.routes;
  expect(route && formatRequirement(route.requirement, policy)).toBe(expected);
});

it.each([
  { name: "short where one resource server declares it", fullName: "https://a.example/write", expected: "write" },
  { name: "full where several do", fullName: "https://a.example/read", expected: "https://a.example/read" },
  { name: "as it is where none does", fullName: "https://c.example/write", expected: "https://c.example/write" },
])("a scope's name is $name", ({ fullName, expected }) => {
  expect(shortestName(fullName, policyOf({ public: true }))).toBe(expected);
});

it.each([
  { name: "all of 20 parts", count: 20, expected: (names: string[]) => names.join(" or ") },
  { name: "20 of 21 parts", count: 21, expected: (names: string[]) => [...names.slice(0, 20), "1 more"].join(" or ") },
])("a group names $name", ({ count, expected }) => {
  const names = Array.from({ length: count }, (_, at) => `scope-${at}`);
  const resourceServers = { s: { scopes: Object.fromEntries(names.map((name) => [name, ""])) } };
  const routes = [{ path: "/", methods: ["GET"], scopes: ["scope-*"], upstream: "orders" }];
  const policy = compiled(policyFileWith({ resourceServers, clients: {}, routes }));
  const [route] = policy.routes;
  expect(route && formatRequirement(route.requirement, policy)).toBe(expected(names));
});
