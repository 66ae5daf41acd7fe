import { describe, expect, test } from "vitest";
import type { ApiDocument, Operation } from "../../../src/cli/openapi/document/api-document.ts";
import { findDrift } from "../../../src/cli/openapi/drift.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const ROUTES = [
  { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
  { path: "/orders/:id", methods: ["GET", "PUT"], scopes: ["write:orders", "read:orders"], upstream: "orders" },
  { path: "/orders/:id/notes/*", methods: ["*"], authenticated: true, upstream: "orders" },
  { path: "/healthz", methods: ["GET"], public: true, upstream: "ops" },
];
const policy = compiled(
  policyFileWith({
    upstreams: { orders: { url: "https://a.example" }, ops: { url: "https://b.example" } },
    routes: ROUTES,
  }),
);

const COMPLETE: Record<string, string[][] | undefined> = {
  "GET /orders": [["read:orders"]],
  "GET /orders/{orderId}": [["read:orders"], ["write:orders"]],
  "PUT /orders/{orderId}": [["https://api.example/read:orders"], ["write:orders"]],
  "POST /orders/{id}/notes/{note}": [[]],
  "GET /healthz": undefined,
};

function driftOf(
  operations: Record<string, string[][] | undefined>,
  options: { prefix?: string; upstream?: string; resourceServer?: string; host?: string } = {},
  against: Policy = policy,
) {
  const document: ApiDocument = {
    title: "Orders",
    operations: Object.entries(operations).map(([call, alternatives]): Operation => {
      const [method = "", path = ""] = call.split(" ");
      return { method, path, security: alternatives?.map((scopes) => new Map([["oauth", scopes]])) };
    }),
    schemes: new Map([["oauth", { kind: "token", scopes: new Map(), anyScope: false }]]),
    basePaths: [],
  };
  const { uncovered, undocumented, differing, unreadable } = findDrift(document, against, {
    prefix: "",
    upstream: undefined,
    resourceServer: undefined,
    ...options,
  });
  return {
    uncovered: uncovered.map(({ method, path, example }) => `${method} ${path}: ${example}`),
    undocumented: undocumented.map(({ route, methods }) => `${methods} ${route.path}`),
    differing: differing.map(
      ({ relation, method, path, documented, required }) =>
        `${relation} ${method} ${path}: ${documented} / ${required}`,
    ),
    unreadable: unreadable.map(({ method, path }) => `${method} ${path}`),
  };
}

const NONE = { uncovered: [], undocumented: [], differing: [], unreadable: [] };

describe("a document and a policy", () => {
  test.each([
    { name: "agree", input: COMPLETE, expected: NONE },
    {
      name: "differ in an operation that no route serves",
      input: { ...COMPLETE, "POST /orders": [["write:orders"]] },
      expected: { ...NONE, uncovered: ["POST /orders: POST /orders"] },
    },
    {
      name: "differ in an operation that routes serve in part",
      input: { ...COMPLETE, "PUT /{any}/{id}": [["write:orders"]] },
      expected: { ...NONE, uncovered: ["PUT /{any}/{id}: PUT /x/x"] },
    },
    {
      name: "differ in routes and methods that no operation has",
      input: { "GET /orders": [["read:orders"]], "PUT /orders/{id}": [["read:orders"], ["write:orders"]] },
      expected: { ...NONE, undocumented: ["GET /orders/:id", "* /orders/:id/notes/*", "GET /healthz"] },
    },
    {
      name: "differ in requirements",
      input: {
        ...COMPLETE,
        "GET /orders": [["write:orders"]],
        "PUT /orders/{id}": [["write:orders"]],
        "GET /healthz": [["ops"]],
      },
      expected: {
        ...NONE,
        differing: [
          "incomparable GET /orders: write:orders / read:orders",
          "looser GET /healthz: ops / public",
          "looser PUT /orders/{id}: write:orders / write:orders or read:orders",
        ],
      },
    },
    {
      name: "differ in each operation whose path is one pattern with another's, in any order",
      input: {
        "PUT /orders/{id}:cancel": [["read:orders"]],
        ...COMPLETE,
        "GET /orders/{id}.{format}": [["write:orders"]],
      },
      expected: {
        ...NONE,
        differing: [
          "looser PUT /orders/{id}:cancel: read:orders / write:orders or read:orders",
          "looser GET /orders/{id}.{format}: write:orders / write:orders or read:orders",
        ],
      },
    },
    {
      name: "differ where the route asks for more",
      input: { ...COMPLETE, "GET /orders": [] },
      expected: { ...NONE, differing: ["tighter GET /orders: public / read:orders"] },
    },
    {
      name: "agree where the document does not say who may call",
      input: { ...COMPLETE, "GET /orders": undefined },
      expected: NONE,
    },
    {
      name: "differ in scopes that only the document knows",
      input: { ...COMPLETE, "GET /orders": [["carts"]] },
      expected: { ...NONE, differing: ["incomparable GET /orders: carts / read:orders"] },
    },
    {
      name: "cannot be compared in a path that no pattern says",
      input: { ...COMPLETE, "GET /orders//": [["read:orders"]] },
      expected: { ...NONE, unreadable: ["GET /orders//"] },
    },
    {
      name: "are not served where only the path without their trailing slash is",
      input: { ...COMPLETE, "GET /orders/": [["read:orders"]] },
      expected: { ...NONE, uncovered: ["GET /orders/: GET /orders/"] },
    },
  ])("$name", ({ input, expected }) => {
    expect(driftOf(input)).toEqual(expected);
  });

  test("differ in any method that no route serves", () => {
    const found = driftOf({ ...COMPLETE, "* /orders": [["read:orders"]] });
    expect(found).toEqual({ ...NONE, uncovered: ["* /orders: POST /orders"] });
    expect(driftOf({ ...COMPLETE, "* /orders/{id}/notes/{rest+}": [[]] })).toEqual(NONE);
  });

  test("cannot be compared where nobody can tell whom an operation admits, but its paths can", () => {
    const document: ApiDocument = {
      title: "Orders",
      operations: ["GET /orders", "GET /none"].map((call): Operation => {
        const [method = "", path = ""] = call.split(" ");
        return { method, path, security: [new Map([["nobody", ["read:orders"]]])] };
      }),
      schemes: new Map(),
      basePaths: [],
    };
    const found = findDrift(document, policy, { prefix: "", upstream: "ops", resourceServer: undefined });
    expect(found.unreadable.map(({ path, why }) => [path, why])).toEqual(
      ["/orders", "/none"].map((path) => [path, expect.stringContaining("`nobody` is not declared")]),
    );
    expect(found.uncovered.map(({ path }) => path)).toEqual(["/none"]);
    expect(found.differing).toEqual([]);
  });

  test.each([
    { name: "are missing where the gateway answers none", cors: undefined, uncovered: ["/orders"] },
    { name: "are ignored where the gateway answers them", cors: { origins: ["https://a.example"] }, uncovered: [] },
  ])("preflights of Amazon API Gateway $name", ({ cors, uncovered }) => {
    const document: ApiDocument = {
      title: "Orders",
      operations: [{ method: "OPTIONS", path: "/orders", security: undefined, isPreflight: true }],
      schemes: new Map(),
      basePaths: [],
    };
    const against = compiled(policyFileWith({ routes: ROUTES.slice(0, 1), ...(cors && { cors }) }));
    const found = findDrift(document, against, { prefix: "", upstream: undefined, resourceServer: undefined });
    expect(found.uncovered.map(({ path }) => path)).toEqual(uncovered);
  });

  test("are compared beneath a prefix, and at one upstream", () => {
    const found = driftOf({ "GET /{id}": [["write:orders"], ["read:orders"]] }, { prefix: "/orders", upstream: "ops" });
    expect(found).toEqual({ ...NONE, undocumented: ["GET /healthz"] });
  });
});

describe("a route that decides messages", () => {
  const mcp = { path: "/mcp", upstream: "orders", mcp: { tools: { get: { authenticated: true } } } };
  const messages = compiled(policyFileWith({ routes: [mcp] }));

  test.each([
    { name: "needs no operation", operations: {} },
    { name: "is not compared with one", operations: { "POST /mcp": [["read:orders"]] } },
  ])("$name", ({ operations }) => {
    expect(driftOf(operations, {}, messages)).toEqual(NONE);
  });

  test("serves no operation with another method", () => {
    expect(driftOf({ "GET /mcp": [["read:orders"]] }, {}, messages).uncovered).toEqual(["GET /mcp: GET /mcp"]);
  });
});

describe("a short name that several resource servers could have", () => {
  const [A, B] = ["https://a.example", "https://b.example"];
  const route = (scope: string) => ({ path: "/a", methods: ["GET"], scopes: [scope], upstream: "orders" });
  const onlyA = { [A]: { scopes: { read: "" } }, [B]: { scopes: { ping: "" } } };
  const both = { [A]: { scopes: { read: "" } }, [B]: { scopes: { read: "" } } };
  test.each([
    { name: "is that of the only one that declares it", servers: onlyA, of: A, differing: [] },
    {
      name: "is none of them where two declare it",
      servers: both,
      of: A,
      differing: [`incomparable GET /a: read / ${A}/read`],
    },
    { name: "is that of the one that is named", servers: both, of: B, options: { resourceServer: B }, differing: [] },
    {
      name: "is never another's where one is named",
      servers: onlyA,
      of: A,
      options: { resourceServer: B },
      differing: [`incomparable GET /a: ${B}/read / read`],
    },
  ])("$name", ({ servers, of, options, differing }) => {
    const against = compiled(policyFileWith({ resourceServers: servers, routes: [route(`${of}/read`)] }));
    expect(driftOf({ "GET /a": [["read"]] }, options, against)).toEqual({ ...NONE, differing });
  });
});

test("compares the operation for any method with the listed methods of another path of its pattern", () => {
  const open = compiled(
    policyFileWith({
      routes: [
        { path: "/a/:id", methods: ["GET"], public: true, upstream: "orders" },
        { path: "/a/:id", methods: ["*"], scopes: ["write:orders"], upstream: "orders" },
      ],
    }),
  );
  const { differing } = driftOf({ "GET /a/{x}": [], "* /a/{y}": [["write:orders"]] }, {}, open);
  expect(differing).toEqual(["looser * /a/{y}: write:orders / public"]);
});

describe("a policy whose routes name hosts", () => {
  const hosts = ["api.example", "admin.example"];
  const open = { path: "/users", methods: ["GET"], public: true, upstream: "orders" };
  const policy = compiled(
    policyFileWith({
      hosts,
      routes: [
        open,
        { ...open, path: "/open" },
        { path: "/users", methods: ["GET"], scopes: ["read:orders"], upstream: "orders", hosts: ["admin.example"] },
        { ...open, path: "/keys", hosts: ["admin.example"] },
      ],
    }),
  );
  const documented = { "GET /users": [["read:orders"]], "GET /keys": undefined };
  const general = {
    ...NONE,
    uncovered: ["GET /keys: GET /keys"],
    undocumented: ["GET /open"],
    differing: ["looser GET /users: read:orders / public"],
  };

  test.each([
    { host: undefined, expected: general },
    { host: "api.example", expected: general },
    { host: "admin.example", expected: { ...NONE, undocumented: ["GET /open"] } },
  ])("is compared on $host", ({ host, expected }) => {
    expect(driftOf(documented, { ...(host !== undefined && { host }) }, policy)).toEqual(expected);
  });
});
