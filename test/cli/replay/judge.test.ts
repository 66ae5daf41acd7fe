import { describe, expect, test } from "vitest";
import { Judge } from "../../../src/cli/replay/judge.ts";
import type { ObservedLine } from "../../../src/cli/replay/observed.ts";
import { compiled } from "../../support/policy/policy-file.ts";

const ISS = "https://issuer.example";
const API = "https://api.example";
const TENANTS = ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"] as const;

/** A policy with one route, and other members of its issuer, its scopes and its clients. */
function policy({
  route = {},
  routes,
  issuer = {},
  scopes = { read: "", write: "" },
  clients = { mobile: { scopes: ["read"] } },
  ...others
}: {
  readonly route?: object;
  readonly routes?: readonly object[];
  readonly issuer?: object;
  readonly scopes?: object;
  readonly clients?: object;
  readonly [member: string]: unknown;
}) {
  const orders = { path: "/orders/:id", methods: ["GET"], scopes: ["read"], upstream: "orders" };
  return compiled({
    issuers: { main: { issuer: ISS, profile: "cognito", ...issuer } },
    resourceServers: { [API]: { scopes } },
    clients,
    upstreams: { orders: { url: "https://orders.example" }, other: { url: "https://other.example" } },
    // `undefined` takes a member away.
    routes: routes ?? [JSON.parse(JSON.stringify({ ...orders, ...route }))],
    ...others,
  });
}

const LINE: ObservedLine = {
  time: "2026-11-28T15:00:00.000Z",
  request_id: "1",
  method: "GET",
  route: "/orders/:id",
  decision: "allow",
  issuer: ISS,
  client_id: "mobile",
  required: [`${API}/read`],
  granted: [`${API}/read`],
  upstream: "orders",
};
const { granted: _granted, client_id: _client, issuer: _issuer, required: _required, ...ANONYMOUS } = LINE;
const DENIED = { ...LINE, decision: "deny", reason: "scope-insufficient", granted: [] } as const;

/** `allowed`, the reason of a refusal, or why nobody can tell. */
function answered(
  line: ObservedLine,
  before: Parameters<typeof policy>[0] | undefined,
  after: Parameters<typeof policy>[0],
) {
  const { answer } = new Judge(policy(after), before && policy(before)).judge(line);
  return answer.kind === "untold" ? { untold: answer.cause } : answer.kind === "allowed" ? "allowed" : answer.reason;
}

const write = { scopes: ["write"] };
const condition = { scopes: { allOf: ["read", { claim: "plan", in: ["gold"] }] } };

describe("an answer is told", () => {
  test.each([
    { name: "for a route as before", line: LINE, before: {}, after: {}, expected: "allowed" },
    { name: "for another scope", line: LINE, before: {}, after: { route: write }, expected: "scope-insufficient" },
    {
      name: "for a scope that the granted one now implies",
      line: LINE,
      before: {},
      after: { route: write, scopes: { write: "", read: { description: "", implies: ["write"] } } },
      expected: "allowed",
    },
    {
      name: "for a refused client that needs less now",
      line: DENIED,
      before: {},
      after: { route: { authenticated: true, scopes: undefined } },
      expected: "allowed",
    },
    {
      name: "for a route that is gone",
      line: LINE,
      before: {},
      after: { route: { path: "/other" } },
      expected: "route-unknown",
    },
    {
      name: "for a method that is gone",
      line: LINE,
      before: {},
      after: { route: { methods: ["POST"] } },
      expected: "method-not-allowed",
    },
    {
      name: "for a route that is public now",
      line: DENIED,
      before: {},
      after: { route: { public: true, scopes: undefined } },
      expected: "allowed",
    },
    {
      name: "for a caller without a token",
      line: { ...ANONYMOUS, decision: "deny", reason: "credentials-missing", required: [`${API}/read`] } as const,
      before: {},
      after: { route: { optional: true, scopes: undefined } },
      expected: "allowed",
    },
    {
      name: "for a caller who sent none to an optional route",
      line: ANONYMOUS,
      before: { route: { optional: true, scopes: undefined } },
      after: {},
      expected: "credentials-missing",
    },
    {
      name: "for a client that is not registered any more",
      line: LINE,
      before: {},
      after: { issuer: { registeredClientsOnly: true }, clients: {} },
      expected: "client-mismatch",
    },
    {
      name: "for a client whose registration lost the scope",
      line: LINE,
      before: { issuer: { registeredClientsOnly: true } },
      after: { issuer: { registeredClientsOnly: true }, clients: { mobile: { scopes: ["write"] } } },
      expected: "scope-insufficient",
    },
    {
      name: "for an issuer that is gone",
      line: LINE,
      before: {},
      after: { issuer: { issuer: "https://new.example" } },
      expected: "issuer-unknown",
    },
    {
      name: "for an expired token",
      line: { ...LINE, decision: "deny", reason: "token-expired", granted: undefined } as unknown as ObservedLine,
      before: {},
      after: { route: write },
      expected: "token-expired",
    },
    {
      name: "for conditions that are the same as before",
      line: LINE,
      before: { route: condition },
      after: { route: condition },
      expected: "allowed",
    },
    {
      name: "for conditions that were not met and are the same",
      line: { ...DENIED, reason: "condition-not-met", granted: [`${API}/read`] } as const,
      before: { route: condition },
      after: { route: condition },
      expected: "condition-not-met",
    },
    {
      name: "for a request that would be refused",
      line: { ...DENIED, decision: "would-deny" } as const,
      before: {},
      after: {},
      expected: "scope-insufficient",
    },
  ])("$name", ({ line, before, after, expected }) => {
    expect(answered(line, before, after)).toEqual(expected);
  });
});

const both = [
  { path: "/orders/:id", methods: ["GET"], scopes: ["read"], upstream: "orders" },
  { path: "/orders/new", methods: ["GET"], scopes: ["write"], upstream: "orders" },
];

describe("nobody can tell", () => {
  test.each([
    { name: "which part of a split pattern", line: LINE, before: {}, after: { routes: both }, cause: "pattern" },
    {
      name: "which part of a pattern, if nobody knows the policy before",
      line: LINE,
      before: undefined,
      after: { routes: both },
      cause: "pattern",
    },
    { name: "conditions that are new", line: LINE, before: {}, after: { route: condition }, cause: "conditions" },
    {
      name: "conditions that are others",
      line: LINE,
      before: { route: condition },
      after: { route: { scopes: { allOf: ["read", { claim: "plan", in: ["gold", "silver"] }] } } },
      cause: "conditions",
    },
    {
      name: "whether the user authenticated so",
      line: LINE,
      before: {},
      after: { route: { authentication: { maxAgeSeconds: 60 } } },
      cause: "authentication",
    },
    {
      name: "a scope that is new",
      line: LINE,
      before: { scopes: { read: "" } },
      after: { route: write },
      cause: "scope",
    },
    {
      name: "a scope that the registration did not allow",
      line: LINE,
      before: { issuer: { registeredClientsOnly: true } },
      after: {
        issuer: { registeredClientsOnly: true },
        route: write,
        clients: { mobile: { scopes: ["read", "write"] } },
      },
      cause: "scope",
    },
    {
      name: "a token under other rules of its issuer",
      line: LINE,
      before: {},
      after: { issuer: { audiences: ["api"] } },
      cause: "issuer",
    },
    {
      name: "the token of a public route",
      line: ANONYMOUS,
      before: { route: { public: true, scopes: undefined } },
      after: {},
      cause: "credentials",
    },
    {
      name: "a refused token under other rules",
      line: { ...LINE, decision: "deny", reason: "audience-mismatch", granted: undefined } as unknown as ObservedLine,
      before: { issuer: { audiences: ["api"] } },
      after: { issuer: { audiences: ["api", "web"] } },
      cause: "token",
    },
    {
      name: "an OPTIONS request",
      line: { ...LINE, method: "OPTIONS" },
      before: { route: { methods: ["*"] } },
      after: { route: { methods: ["*"] }, cors: { origins: ["https://shop.example"] } },
      cause: "preflight",
    },
    {
      name: "the gateway's own answer",
      line: { ...ANONYMOUS, route: "/_gateway/health", upstream: undefined } as unknown as ObservedLine,
      before: {},
      after: {},
      cause: "gateway",
    },
    {
      name: "a failure",
      line: { ...LINE, decision: "error", reason: "keys-unavailable" } as const,
      before: {},
      after: {},
      cause: "error",
    },
    {
      name: "a reason that nobody knows yet",
      line: { ...LINE, decision: "deny", reason: "too-blue" } as const,
      before: {},
      after: {},
      cause: "other",
    },
    {
      name: "an ambiguous path",
      line: { ...ANONYMOUS, decision: "deny", reason: "path-ambiguous" } as const,
      before: {},
      after: {},
      cause: "path",
    },
  ])("$name", ({ line, before, after, cause }) => {
    expect(answered(line, before, after)).toEqual({ untold: cause });
  });
});

const mcp = (tools: object, others: object = {}) => ({
  routes: [{ path: "/mcp", upstream: "orders", mcp: { tools, ...others } }],
});
const MESSAGE: ObservedLine = {
  ...{ ...LINE, method: "POST", route: "/mcp", required: undefined as unknown as string[] },
  mcp_method: "tools/call",
  mcp_name: "orders.list",
};
const TOOLS = { "orders.*": { scopes: ["read"] } };

describe("a message of the Model Context Protocol", () => {
  test.each([
    {
      name: "is told by its tool",
      line: MESSAGE,
      after: mcp({ "orders.list": { scopes: ["write"] } }),
      expected: "scope-insufficient",
    },
    {
      name: "is told by a prefix",
      line: MESSAGE,
      after: mcp({ "orders.l*": { scopes: ["read"] } }),
      expected: "allowed",
    },
    {
      name: "is told if nothing lists it",
      line: MESSAGE,
      after: mcp({ "products.*": { scopes: ["read"] } }),
      expected: "message-unlisted",
    },
    {
      name: "is told if it was not listed",
      line: { ...MESSAGE, decision: "deny", reason: "message-unlisted", mcp_name: "products.list" } as const,
      after: mcp({ "products.*": { scopes: ["read"] } }),
      expected: "allowed",
    },
    {
      name: "cannot be told without its name",
      line: { ...MESSAGE, mcp_name: undefined } as unknown as ObservedLine,
      after: mcp({ "orders.list": { scopes: ["write"] } }),
      expected: { untold: "message" },
    },
    {
      name: "cannot be told by a name that was cut",
      line: { ...MESSAGE, mcp_name: "orders.li..." },
      after: mcp({ "orders.*": { scopes: ["write"] } }),
      expected: { untold: "message" },
    },
    {
      name: "cannot be told if it listens",
      line: { ...MESSAGE, mcp_method: "subscriptions/listen" },
      after: mcp({ "orders.*": { scopes: ["write"] } }),
      expected: { untold: "message" },
    },
    {
      name: "is told without its name where the rules are the same",
      line: { ...MESSAGE, mcp_method: "subscriptions/listen" },
      after: mcp(TOOLS),
      expected: "allowed",
    },
  ])("$name", ({ line, after, expected }) => {
    expect(answered(line, mcp(TOOLS), after)).toEqual(expected);
  });
});

test.each([
  { path: "/orders/7", expected: "allowed" },
  { path: "/orders/new", expected: "scope-insufficient" },
  { path: "/orders/ne...", expected: { untold: "pattern" } },
  { path: "/orders/[token]", expected: { untold: "pattern" } },
  { path: "/orders/\\u{1b}", expected: { untold: "pattern" } },
])("the path $path tells which part of a split pattern", ({ path, expected }) => {
  expect(answered({ ...LINE, path }, {}, { routes: both })).toEqual(expected);
});

test("a pattern that was not split is told where both policies have the more specific one", () => {
  expect(answered(LINE, { routes: both }, { routes: both })).toBe("allowed");
});

test("tenants that are not accepted any more are told", () => {
  const of = (tenants: readonly string[]) => ({
    issuer: {
      issuer: "https://login.example/{tenant}/v2.0",
      profile: "generic",
      audiences: ["api"],
      jwksUri: "https://login.example/keys",
      tenants,
      tenantClaim: "tid",
    },
  });
  const line = { ...LINE, issuer: `https://login.example/${TENANTS[0]}/v2.0`, tenant: TENANTS[0] };
  expect(answered(line, of(TENANTS), of([TENANTS[0]]))).toBe("allowed");
  expect(answered(line, of(TENANTS), of([TENANTS[1]]))).toBe("tenant-mismatch");
});

test("lines of another policy than the one before are judged without it", () => {
  const line = { ...LINE, upstream: "elsewhere" };
  const judgement = new Judge(policy({ route: write }), policy({ scopes: { read: "" } })).judge(line);
  expect(judgement.isBefore).toBe(false);
  expect(judgement.answer).toMatchObject({ kind: "refused", reason: "scope-insufficient" });
});
