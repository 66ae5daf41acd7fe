import { describe, expect, test } from "vitest";
import type { ApiDocument, Operation } from "../../../src/cli/openapi/document/api-document.ts";
import { findWeaker } from "../../../src/cli/openapi/find-weaker.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

type Needs = "silent" | "open" | "unknown" | "token" | "preflight" | readonly string[];

interface Options {
  readonly unsecured?: "public" | "authenticated";
  readonly prefix?: string;
}

const FAULT = { message: "It is not an object.", hint: "Correct it." };

function operation([call, needs]: readonly [string, Needs]): Operation {
  const [method = "", path = ""] = call.split(" ");
  if (needs === "unknown") return { method, path, security: undefined, fault: FAULT };
  if (needs === "preflight") return { method, path, security: undefined, isPreflight: true };
  if (needs === "silent") return { method, path, security: undefined };
  if (needs === "open") return { method, path, security: [] };
  return { method, path, security: [new Map([["oauth", needs === "token" ? [] : needs]])] };
}

function documentOf(calls: Readonly<Record<string, Needs>>): ApiDocument {
  return {
    title: "API",
    operations: Object.entries(calls).map(operation),
    schemes: new Map([["oauth", { kind: "token", scopes: new Map(), anyScope: false }]]),
    basePaths: [],
  };
}

function weaker(
  calls: Readonly<Record<string, Needs>>,
  routes: Readonly<Record<string, object>>,
  { unsecured = "authenticated", prefix = "" }: Options = {},
) {
  const policy = compiled(
    policyFileWith({
      resourceServers: {
        s: { scopes: { read: "", write: "", admin: { description: "", implies: ["write"] } } },
      },
      routes: Object.entries(routes).map(([call, requirement]) => {
        const [methods = "", path = ""] = call.split(" ");
        return { path, methods: methods.split(","), upstream: "orders", ...requirement };
      }),
    }),
  );
  const found = findWeaker(documentOf(calls), policy, { prefix, resourceServer: undefined, unsecured }, () => true);
  return found.map(({ route, method, operation: { method: of, path } }) => `${method} ${route.path} < ${of} ${path}`);
}

const scopes = (...names: unknown[]) => ({ scopes: names });
const ANYONE = { public: true };
const TOKEN = { authenticated: true };

describe("a route asks for less than an operation needs", () => {
  test.each([
    {
      name: "without a token",
      calls: { "GET /a": ["read"] },
      routes: { "GET /a": ANYONE },
      expected: ["GET /a < GET /a"],
    },
    {
      name: "with any token",
      calls: { "GET /a": ["read"] },
      routes: { "GET /a": TOKEN },
      expected: ["GET /a < GET /a"],
    },
    {
      name: "with another scope",
      calls: { "GET /a": ["read"] },
      routes: { "GET /a": scopes("write") },
      expected: ["GET /a < GET /a"],
    },
    {
      name: "with one of two scopes",
      calls: { "GET /a": ["read", "write"] },
      routes: { "GET /a": scopes("read") },
      expected: ["GET /a < GET /a"],
    },
    {
      name: "with an alternative",
      calls: { "GET /a": ["read"] },
      routes: { "GET /a": scopes("read", "write") },
      expected: ["GET /a < GET /a"],
    },
    {
      name: "if nobody can tell what it needs",
      calls: { "GET /a": "unknown" },
      routes: { "GET /a": scopes("admin") },
      expected: ["GET /a < GET /a"],
    },
    {
      name: "without a token where one is needed",
      calls: { "GET /a": "token" },
      routes: { "GET /a": ANYONE },
      expected: ["GET /a < GET /a"],
    },
    {
      name: "without a token where nothing is said",
      calls: { "GET /a": "silent" },
      routes: { "GET /a": ANYONE },
      expected: ["GET /a < GET /a"],
    },
    {
      name: "for all methods",
      calls: { "PUT /a": ["write"] },
      routes: { "* /a": scopes("read") },
      expected: ["* /a < PUT /a"],
    },
    {
      name: "for HEAD, which GET covers",
      calls: { "HEAD /a": ["write"], "GET /a": ["read"] },
      routes: { "GET /a": scopes("read") },
      expected: ["GET /a < HEAD /a"],
    },
    {
      name: "for a method that any method stands for",
      calls: { "* /a": ["write"] },
      routes: { "PUT /a": scopes("read") },
      expected: ["PUT /a < * /a"],
    },
    {
      name: "for a method that any method of another path stands for",
      calls: { "GET /a/{b}": ["read"], "* /a/{c}": ["write"] },
      routes: { "GET /a/:b": scopes("read"), "* /a/:b": scopes("write") },
      expected: ["GET /a/:b < * /a/{c}"],
    },
    {
      name: "in place of one with a more specific path",
      calls: { "GET /a/{b}": ["read"], "GET /a/c": ["write"] },
      routes: { "GET /a/:b": scopes("read") },
      expected: ["GET /a/:b < GET /a/c"],
    },
    {
      name: "in place of one that nobody understands",
      calls: { "GET /{rest+}": ["read"], "GET /a/b/c": "unknown" },
      routes: { "GET /*": scopes("read") },
      expected: ["GET /* < GET /a/b/c"],
    },
    {
      name: "in place of one with a trailing slash",
      calls: { "GET /a/{rest+}": ["read"], "GET /a/b/": ["write"] },
      routes: { "GET /a/*": scopes("read") },
      expected: ["GET /a/* < GET /a/b/"],
    },
    {
      name: "for a part of a segment",
      calls: { "POST /a/{b}": ["read"], "POST /a/{b}:delete": ["write"] },
      routes: { "POST /a/:b": scopes("read") },
      expected: ["POST /a/:b < POST /a/{b}:delete"],
    },
    {
      name: "because its pattern is wider than its template",
      calls: { "GET /a/{b}.json": ["read"], "GET /{rest+}": ["write"] },
      routes: { "GET /a/:b": scopes("read") },
      expected: ["GET /a/:b < GET /{rest+}"],
    },
    {
      name: "for one that differs in its query",
      calls: { "GET /a": ["read"], "GET /a?all": ["write"] },
      routes: { "GET /a": scopes("read") },
      expected: ["GET /a < GET /a?all"],
    },
    {
      name: "for one that differs in its fragment",
      calls: { "GET /a": ["read"], "GET /a#all": "unknown" },
      routes: { "GET /a": scopes("read") },
      expected: ["GET /a < GET /a#all"],
    },
    {
      name: "for one with path parameters in the middle",
      calls: { "GET /a/{b}": ["read"], "GET /a;v=1/c": ["write"] },
      routes: { "GET /a/:b": scopes("read") },
      expected: ["GET /a/:b < GET /a;v=1/c"],
    },
    {
      name: "for one that a request resolves to its path",
      calls: { "GET /a/{b}": ["read"], "GET /d/../a/%2e/c": ["write"] },
      routes: { "GET /a/:b": scopes("read") },
      expected: ["GET /a/:b < GET /d/../a/%2e/c"],
    },
    {
      name: "for one with a backslash",
      calls: { "GET /a/{b}": ["read"], "GET /a\\c": ["write"] },
      routes: { "GET /a/:b": scopes("read") },
      expected: ["GET /a/:b < GET /a\\c"],
    },
    {
      name: "for one without a slash in front",
      calls: { "GET /{a}": ["read"], "GET c": ["write"] },
      routes: { "GET /:a": scopes("read") },
      expected: ["GET /:a < GET c"],
    },
    {
      name: "for one that differs in an escape",
      calls: { "GET /@me": ["read"], "GET /%40me": ["write"] },
      routes: { "GET /@me": scopes("read") },
      expected: ["GET /@me < GET /%40me"],
    },
    {
      name: "for one with a greedy parameter in the middle",
      calls: { "GET /a/{b+}/c": "unknown" },
      routes: { "GET /a/:b/c": scopes("read") },
      expected: ["GET /a/:b/c < GET /a/{b+}/c"],
    },
    {
      name: "under the prefix",
      calls: { "GET /a": ["read"] },
      routes: { "GET /v1/a": TOKEN },
      options: { prefix: "/v1" },
      expected: ["GET /v1/a < GET /a"],
    },
  ] satisfies readonly {
    name: string;
    calls: Record<string, Needs>;
    routes: Record<string, object>;
    options?: Options;
    expected: string[];
  }[])("$name", ({ calls, routes, options, expected }) => {
    expect(weaker(calls, routes, options)).toEqual(expected);
  });
});

describe("a route asks for enough", () => {
  test.each([
    { name: "with the scope", calls: { "GET /a": ["read"] }, routes: { "GET /a": scopes("read") } },
    { name: "with more", calls: { "GET /a": ["read"] }, routes: { "GET /a": scopes({ allOf: ["read", "write"] }) } },
    { name: "with a scope that implies it", calls: { "GET /a": ["write"] }, routes: { "GET /a": scopes("admin") } },
    { name: "with a token where none is needed", calls: { "GET /a": "open" }, routes: { "GET /a": TOKEN } },
    { name: "without a token where none is needed", calls: { "GET /a": "open" }, routes: { "GET /a": ANYONE } },
    { name: "with a token where nothing is said", calls: { "GET /a": "silent" }, routes: { "GET /a": TOKEN } },
    {
      name: "without one where the user said so",
      calls: { "GET /a": "silent" },
      routes: { "GET /a": ANYONE },
      options: { unsecured: "public" },
    },
    {
      name: "if it serves none of its requests",
      calls: { "GET /a": ["read"] },
      routes: { "PUT /a": TOKEN, "GET /b": ANYONE },
    },
    {
      name: "if another route serves the more specific path",
      calls: { "GET /a/{b}": ["read"], "GET /a/c": ["write"] },
      routes: { "GET /a/:b": scopes("read"), "GET /a/c": scopes("write") },
    },
    {
      name: "if a wide pattern asks for what the rest of it needs",
      calls: { "GET /a/{b}.json": ["read"], "GET /{rest+}": ["read"] },
      routes: { "GET /a/:b": scopes("read"), "GET /*": scopes("read") },
    },
    { name: "for a preflight of any method", calls: { "OPTIONS /a": "preflight" }, routes: { "* /a": ANYONE } },
    { name: "for a method that is never served", calls: { "TRACE /a": ["admin"] }, routes: { "* /a": scopes("read") } },
    {
      name: "for a path that is never served",
      calls: { "GET /a//b": ["admin"] },
      routes: { "GET /*": scopes("read") },
    },
  ] satisfies readonly {
    name: string;
    calls: Record<string, Needs>;
    routes: Record<string, object>;
    options?: Options;
  }[])("$name", ({ calls, routes, options }) => {
    expect(weaker(calls, routes, options)).toEqual([]);
  });
});

test("a route that decides messages is left alone", () => {
  const policy = compiled(
    policyFileWith({
      resourceServers: { s: { scopes: { read: "" } } },
      routes: [{ path: "/mcp", upstream: "orders", mcp: { tools: { get: TOKEN } } }],
    }),
  );
  const options = { prefix: "", resourceServer: undefined, unsecured: "authenticated" } as const;
  expect(findWeaker(documentOf({ "POST /mcp": ["read"] }), policy, options, () => true)).toEqual([]);
});

test("only the routes that are asked about are judged", () => {
  const policy = compiled(
    policyFileWith({
      routes: [
        { path: "/a", methods: ["GET"], public: true, upstream: "orders" },
        { path: "/b", methods: ["GET"], public: true, upstream: "orders" },
      ],
    }),
  );
  const document = documentOf({ "GET /a": ["read:orders"], "GET /b": ["read:orders"] });
  const options = { prefix: "", resourceServer: undefined, unsecured: "authenticated" } as const;
  const found = findWeaker(document, policy, options, ({ index }) => index > 0);
  expect(found.map(({ route }) => route.path)).toEqual(["/b"]);
});
