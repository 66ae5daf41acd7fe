import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/cli/args/exit-code.ts";
import type { ApiDocument, Operation } from "../../../src/cli/openapi/document/api-document.ts";
import { mergePlan } from "../../../src/cli/openapi/merge-plan.ts";
import { type ImportOptions, planImport } from "../../../src/cli/openapi/plan-import.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const OPTIONS: ImportOptions = {
  prefix: "",
  upstream: undefined,
  resourceServer: undefined,
  unsecured: "authenticated",
};

/** `GET /a` with the scopes of each alternative; none: the document says nothing. */
function operation(call: string, ...alternatives: readonly string[][]): Operation {
  const [method = "", path = ""] = call.split(" ");
  const security = alternatives.map((scopes) => new Map([["oauth", scopes]]));
  return { method, path, security: alternatives.length > 0 ? security : undefined };
}

function documentOf(...operations: Operation[]): ApiDocument {
  const scopes = new Map([
    ["read:orders", "In the document"],
    ["export", "Export all"],
    ["https://api.example/full", "By full name"],
  ]);
  return {
    title: "API",
    operations,
    schemes: new Map([["oauth", { kind: "token", scopes, anyScope: false }]]),
    basePaths: [],
  };
}

const plan = (operations: Operation[], options: Partial<ImportOptions> = {}, members: Record<string, unknown> = {}) =>
  planImport(documentOf(...operations), compiled(policyFileWith(members)), { ...OPTIONS, ...options });

describe("a route is added", () => {
  const upstream = "orders";
  test.each([
    { name: "with one scope", input: [operation("GET /a", ["read:orders"])], expected: { scopes: ["read:orders"] } },
    {
      name: "with all scopes of one alternative",
      input: [operation("GET /a", ["read:orders", "write:orders"])],
      expected: { scopes: { allOf: ["read:orders", "write:orders"] } },
    },
    {
      name: "with any alternative",
      input: [operation("GET /a", ["read:orders"], ["read:orders", "write:orders"])],
      expected: { scopes: ["read:orders", { allOf: ["read:orders", "write:orders"] }] },
    },
    {
      name: "with its trailing slash, beside the path without one",
      input: [operation("GET /orders/", ["write:orders"])],
      expected: { path: "/orders/", scopes: ["write:orders"] },
    },
    { name: "with any token", input: [operation("GET /a", [])], expected: { authenticated: true } },
    {
      name: "with any token where the document is silent",
      input: [operation("GET /a")],
      expected: { authenticated: true },
    },
    {
      name: "without a token where that is asked for",
      input: [operation("GET /a")],
      options: { unsecured: "public" } as const,
      expected: { public: true },
    },
    {
      name: "without a token where the document says so",
      input: [{ method: "GET", path: "/a", security: [] }],
      expected: { public: true },
    },
    {
      name: "with an optional token where the document says so",
      input: [{ method: "GET", path: "/a", security: [new Map(), new Map([["oauth", []]])] }],
      expected: { optional: true },
    },
    {
      name: "by the shortest name of a full one",
      input: [operation("GET /a", ["https://api.example/read:orders"])],
      expected: { scopes: ["read:orders"] },
    },
  ])("$name", ({ input, options, expected }) => {
    const { routes, scopes, skipped } = plan(input, options);
    expect([routes, scopes, skipped]).toEqual([[{ path: "/a", methods: ["GET"], ...expected, upstream }], [], []]);
  });

  test("for all methods of a path that require the same, HEAD aside where there is GET", () => {
    const read = ["GET /a/{b}", "HEAD /a/{b}", "OPTIONS /a/{b}"].map((call) => operation(call, ["read:orders"]));
    const { routes } = plan([...read, operation("PUT /a/{b}", ["write:orders"])]);
    expect(routes.map(({ path, methods }) => `${methods} ${path}`)).toEqual(["GET,OPTIONS /a/:b", "PUT /a/:b"]);
  });

  test("for any method, beside the methods that are listed", () => {
    const { routes } = plan([operation("GET /a", ["read:orders"]), operation("* /a", ["read:orders"])]);
    expect(routes.map(({ path, methods }) => `${methods} ${path}`)).toEqual(["GET /a", "* /a"]);
  });

  test("beneath a prefix", () => {
    expect(plan([operation("GET /a")], { prefix: "/v1" }).routes[0]?.path).toBe("/v1/a");
  });
});

describe("no route is added", () => {
  test.each([
    {
      name: "where one of the same shape serves the method",
      input: [operation("GET /orders", ["write:orders"])],
      expected: { kept: 1, skipped: 0 },
    },
    {
      name: "where GET covers HEAD",
      input: [operation("HEAD /orders", ["read:orders"])],
      expected: { kept: 1, skipped: 0 },
    },
    {
      name: "twice for two operations that differ in names only",
      input: [operation("GET /a/{b}", ["read:orders"]), operation("GET /a/{c}", ["read:orders"])],
      expected: { kept: 1, skipped: 0, routes: 1 },
    },
    {
      name: "for either of two that require different things at one shape",
      input: [operation("GET /a/{b}", ["read:orders"]), operation("GET /a/{c}", ["write:orders"])],
      expected: { kept: 0, skipped: 2 },
    },
    {
      name: "for either of two whose pattern says neither path exactly, if they require different things",
      input: [operation("POST /a/{b}:run", ["read:orders"]), operation("POST /a/{b}:end", ["write:orders"])],
      expected: { kept: 0, skipped: 2 },
    },
    {
      name: "by a path that its pattern does not say exactly, where the one that it does cannot be required",
      input: [operation("POST /a/{b}:run", ["read:orders"]), operation("POST /a/{b}", ["read *"])],
      expected: { kept: 0, skipped: 2 },
    },
    { name: "for TRACE", input: [operation("TRACE /a", ["read:orders"])], expected: { kept: 0, skipped: 1 } },
    {
      name: "for a path that no pattern says",
      input: [operation("GET /a//", ["read:orders"])],
      expected: { kept: 0, skipped: 1 },
    },
    {
      name: "for a scope that cannot be one",
      input: [operation("GET /a", ["read *"])],
      expected: { kept: 0, skipped: 1 },
    },
  ])("$name", ({ input, expected: { routes = 0, ...expected } }) => {
    const found = plan(input);
    expect({ routes: found.routes.length, kept: found.kept.length, skipped: found.skipped.length }).toEqual({
      routes,
      ...expected,
    });
    expect(found.scopes).toEqual([]);
  });
});

describe("a preflight of Amazon API Gateway", () => {
  const preflight: Operation = { method: "OPTIONS", path: "/a", security: undefined, isPreflight: true };
  test("is not imported, and the way out is named", () => {
    const { routes, skipped } = plan([preflight], { unsecured: "public" });
    expect([routes, skipped]).toEqual([
      [],
      [
        {
          method: "OPTIONS",
          path: "/a",
          why: "This is Amazon API Gateway's own answer to CORS preflights. Set `cors` in the policy: the gateway then answers them.",
        },
      ],
    ]);
  });

  test("needs no route if the gateway answers preflights", () => {
    const { routes, skipped, kept } = plan([preflight], {}, { cors: { origins: ["https://app.example"] } });
    expect([routes, skipped, kept]).toEqual([[], [], [preflight]]);
  });
});

test("an operation that is refused is skipped with the reason", () => {
  const [refused, other] = [operation("GET /a", ["read:orders"]), operation("GET /b", ["read:orders"])];
  const policy = compiled(policyFileWith({}));
  const found = planImport(documentOf(refused, other), policy, OPTIONS, new Map([[refused, "Because."]]));
  expect(found.skipped).toEqual([{ method: "GET", path: "/a", why: "Because." }]);
  expect([found.routes.map(({ path }) => path), found.origins]).toEqual([["/b"], [[other]]]);
});

test("a remark says that a route is tighter than an authorizer of Amazon", () => {
  const document: ApiDocument = {
    ...documentOf(operation("GET /a", ["read:orders", "write:orders"])),
    schemes: new Map([["oauth", { kind: "token", scopes: new Map(), anyScope: true }]]),
  };
  expect(planImport(document, compiled(policyFileWith({})), OPTIONS).remarks).toEqual([
    "GET /a asks for all of its scopes, although Amazon API Gateway admits a token with any of them.",
  ]);
});

describe("of two paths that are one pattern, the one that it says exactly decides what is required", () => {
  const exact = operation("POST /a/{b}", ["write:orders"]);
  test.each([
    { name: "where it comes last", input: [operation("POST /a/{b}:run", ["read:orders"]), exact] },
    { name: "where it comes first", input: [exact, operation("POST /a/{b}:run", ["read:orders"])] },
    { name: "for HEAD where it is GET", method: "HEAD", cover: "GET", input: [] },
  ])("$name", ({ input, method = "POST", cover = "POST" }) => {
    const head = [operation(`${method} /a/{b}.{c}`, ["read:orders"]), operation(`${cover} /a/{b}`, ["write:orders"])];
    const { routes, skipped } = plan(input.length > 0 ? input : head);
    expect(routes).toEqual([{ path: "/a/:b", methods: [cover], scopes: ["write:orders"], upstream: "orders" }]);
    expect(skipped).toEqual([
      {
        method,
        path: expect.stringMatching(/^\/a\/\{b\}./),
        why: "It has the path pattern of /a/{b}, which has another requirement.",
      },
    ]);
  });

  test("and both are served if they require the same", () => {
    const { routes, kept, skipped, remarks } = plan([operation("POST /a/{b}:run", ["write:orders"]), exact]);
    expect(routes).toEqual([{ path: "/a/:b", methods: ["POST"], scopes: ["write:orders"], upstream: "orders" }]);
    expect([kept.map(({ path }) => path), skipped, remarks]).toEqual([["/a/{b}:run"], [], []]);
  });
});

describe("a scope that the policy lacks is declared", () => {
  const SERVER = "https://api.example";
  const two = {
    resourceServers: {
      [SERVER]: { scopes: { "read:orders": "", admin: "" } },
      other: { scopes: { admin: "", export: "" } },
    },
  };
  const routes = [{ path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" }];
  test.each([
    {
      name: "with its description",
      input: "export",
      expected: {
        required: "export",
        declared: { resourceServer: SERVER, shortName: "export", description: "Export all" },
      },
    },
    {
      name: "without one where the document has none",
      input: "new",
      expected: { required: "new", declared: { resourceServer: SERVER, shortName: "new", description: "" } },
    },
    {
      name: "by its short name if the document has the full one",
      input: "https://api.example/full",
      expected: {
        required: "full",
        declared: { resourceServer: SERVER, shortName: "full", description: "By full name" },
      },
    },
  ])("$name", ({ input, expected }) => {
    const found = plan([operation("GET /a", [input])]);
    expect([found.routes[0]?.scopes, found.scopes]).toEqual([[expected.required], [expected.declared]]);
  });

  test("under the resource server that is named, and required by its full name where others have the short one", () => {
    const found = plan([operation("GET /a", ["export"], ["admin"])], { resourceServer: SERVER }, { ...two, routes });
    expect(found.routes[0]?.scopes).toEqual([`${SERVER}/export`, `${SERVER}/admin`]);
    expect(found.scopes).toEqual([{ resourceServer: SERVER, shortName: "export", description: "Export all" }]);
    expect(found.remarks).toEqual([]);
  });

  test.each([
    { name: "unless nobody can tell whose it is", input: ["new"], options: {}, members: { ...two, routes } },
    { name: "unless several have it", input: ["admin"], options: {}, members: { ...two, routes } },
    { name: "unless there is no such upstream", input: ["read:orders"], options: { upstream: "nope" }, members: {} },
    {
      name: "unless nobody can tell which upstream",
      input: ["read:orders"],
      options: {},
      members: { upstreams: { orders: { url: "https://a.example" }, b: { url: "https://b.example" } } },
    },
  ])("$name", ({ input, options, members }) => {
    expect(() => plan([operation("GET /a", input)], options, members)).toThrow(UsageError);
  });
});

describe("a scope of another resource server", () => {
  const [A, B] = ["https://a.example", "https://b.example"];
  const members = {
    resourceServers: { [A]: { scopes: { read: "" } }, [B]: { scopes: { ping: "" } } },
    routes: [{ path: "/orders", methods: ["GET"], scopes: [`${A}/read`], upstream: "orders" }],
  };
  test.each([
    { name: "is not meant by a short name where one is named", input: ["read"], server: B, required: `${B}/read` },
    {
      name: "is required by its full name, and said to be another's",
      input: [`${A}/read`],
      server: B,
      required: `${A}/read`,
      remarks: [`GET /a requires \`${A}/read\`, which is not a scope of ${B}.`],
    },
    {
      name: "keeps its full name though the short one is declared after it",
      input: [`${A}/read`, "read"],
      server: B,
      required: { allOf: [`${A}/read`, `${B}/read`] },
      remarks: [`GET /a requires \`${A}/read\`, which is not a scope of ${B}.`],
    },
    {
      name: "is taken, with a remark, if none is named and only one has it",
      input: ["read"],
      required: "read",
      remarks: [
        `GET /a requires \`read\` of ${A}, the only one that declares it; name another with --resource-server.`,
      ],
    },
    { name: "is plain where none is named and the name is full", input: [`${A}/read`], required: "read" },
  ])("$name", ({ input, server, required, remarks = [] }) => {
    const found = plan([operation("GET /a", input)], { resourceServer: server }, members);
    expect(found.routes[0]?.scopes).toEqual(typeof required === "string" ? [required] : required);
    expect(found.remarks).toEqual(remarks);
  });
});

describe("a remark on what the user should know is made", () => {
  const document: ApiDocument = {
    title: "API",
    operations: [
      operation("GET /a"),
      operation("PUT /a"),
      operation("GET /b.{format}", ["read:orders"]),
      {
        method: "GET",
        path: "/c",
        security: [
          new Map([
            ["key", []],
            ["oauth", ["read:orders"]],
          ]),
        ],
      },
    ],
    schemes: new Map([
      ["oauth", { kind: "token", scopes: new Map(), anyScope: false }],
      ["key", { kind: "unchecked" }],
    ]),
    basePaths: [],
  };
  test("once for all operations that it is true of", () => {
    expect(planImport(document, compiled(policyFileWith({})), OPTIONS).remarks).toEqual([
      "GET /a and 1 more: each is authenticated: the document does not say who may call it.",
      "GET /b.{format} matches more paths than the document says.",
      "GET /c is also secured by key, which the gateway does not check.",
    ]);
  });
});

describe("merging", () => {
  const text = '{ "routes": [ 1 ],\n  "resourceServers": { "s": { "scopes": { "a": "A" } } }\n}';
  const route = { path: "/a", methods: ["GET"], public: true as const, upstream: "u" };
  test("adds to what is there", () => {
    const scopes = [
      { resourceServer: "s", shortName: "b", description: "B" },
      { resourceServer: "t", shortName: "c", description: "C" },
    ];
    expect(mergePlan(text, { routes: [route], scopes })).toBe(
      '{ "routes": [ 1, { "path": "/a", "methods": ["GET"], "public": true, "upstream": "u" } ],\n' +
        '  "resourceServers": { "s": { "scopes": { "a": "A", "b": "B" } }, "t": { "scopes": { "c": "C" } } }\n}',
    );
  });
  test("makes the resource servers where there are none", () => {
    const scopes = [{ resourceServer: "s", shortName: "b", description: "B" }];
    expect(JSON.parse(mergePlan('{ "routes": [1] }', { routes: [], scopes }))).toEqual({
      routes: [1],
      resourceServers: { s: { scopes: { b: "B" } } },
    });
  });
  test("changes nothing where there is nothing to add", () => {
    expect(mergePlan(text, { routes: [], scopes: [] })).toBe(text);
  });
});
