import { describe, expect, it } from "vitest";
import { lintPolicy, type Suppressions } from "../../../../src/policy/analysis/lint/lint-policy.ts";
import { jsonPath } from "../../../../src/policy/fault.ts";
import { compiled, policyFile, policyFileWith } from "../../../support/policy/policy-file.ts";

type Members = Record<string, unknown>;

/** What is found in a file: code and place of each. Each says how bad it is, what is wrong, and what to do. */
function lintsOf(file: { readonly routes: unknown }): string[] {
  const { lints } = lintPolicy(compiled(file), file.routes as Suppressions);
  for (const { severity, message, hint } of lints) {
    expect(severity).toMatch(/^(?:warning|notice)$/);
    expect(message).toMatch(/\S \S.*\.$/);
    expect(hint).toMatch(/\S \S.*\.$/);
  }
  return lints.map(({ code, path }) => `${code} ${jsonPath(path)}`);
}

const COLLECTION = { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
const ITEM = { ...COLLECTION, path: "/orders/:id" };
const WRITE = { path: "/orders", methods: ["POST"], scopes: ["write:orders"], upstream: "orders" };
const ROUTES = [COLLECTION, ITEM, WRITE];

function withRoutes(...routes: Members[]) {
  return policyFileWith({ routes: [...ROUTES, ...routes] });
}

function withMembers(members: Members) {
  return policyFileWith({ routes: ROUTES, ...members });
}

function withIssuer(members: Members): Members {
  return { issuers: { main: { ...policyFile().issuers.main, ...members } } };
}

it("finds nothing in a plain policy", () => {
  expect(lintsOf(withRoutes())).toEqual([]);
});

describe("requirements", () => {
  const clients = { reader: { scopes: ["read:orders"] } };
  const both = { ...ITEM, path: "/both", scopes: { allOf: ["read:orders", "write:orders"] } };

  it.each([
    {
      name: "a requirement that no client can meet, once for its route",
      file: policyFileWith({ clients, routes: [COLLECTION, ITEM, both] }),
      expected: ["unmeetable-requirement $.routes[2].scopes"],
    },
    {
      name: "a scope that no client may hold, where others open the route",
      file: policyFileWith({ clients, routes: [COLLECTION, { ...ITEM, scopes: ["read:orders", "write:orders"] }] }),
      expected: ["unheld-scope $.routes[1].scopes"],
    },
    {
      name: "nothing where no client is listed",
      file: policyFileWith({ routes: [COLLECTION, ITEM, both] }),
      expected: [],
    },
    {
      name: "nothing where what a client holds implies the scope",
      file: policyFileWith({
        clients,
        routes: [COLLECTION, ITEM, both],
        resourceServers: {
          api: { scopes: { "write:orders": "", "read:orders": { description: "", implies: ["write:orders"] } } },
        },
      }),
      expected: [],
    },
  ])("$name", ({ file, expected }) => {
    expect(lintsOf(file).filter((line) => !line.startsWith("unregistered-clients"))).toEqual(expected);
  });

  it.each([
    { methods: ["GET"], expected: [] },
    { methods: ["GET", "HEAD", "OPTIONS"], expected: [] },
    { methods: ["GET", "POST"], expected: ["public-write $.routes[3].public"] },
    { methods: ["DELETE"], expected: ["public-write $.routes[3].public"] },
    { methods: ["*"], expected: ["public-write $.routes[3].public"] },
  ])("a public route with $methods", ({ methods, expected }) => {
    const lints = lintsOf(withRoutes({ path: "/hook", methods, public: true, upstream: "orders" }));
    expect(lints.filter((line) => line.startsWith("public-write"))).toEqual(expected);
  });
});

describe("a route that is looser than a more specific sibling", () => {
  const strict = { path: "/orders/export", methods: ["GET"], scopes: ["write:orders"], upstream: "orders" };
  const looser = ["looser-sibling $.routes[1].path"];

  it.each([
    { name: "asks for another scope", routes: [strict], expected: looser },
    {
      name: "asks for the same scope",
      routes: [{ ...strict, scopes: ["read:orders"] }],
      expected: [],
    },
    {
      name: "asks for more than the sibling",
      routes: [{ ...strict, scopes: ["read:orders", "write:orders"] }],
      expected: [],
    },
    { name: "has a public sibling", routes: [{ ...strict, scopes: undefined, public: true }], expected: [] },
    {
      name: "has a sibling that takes any token",
      routes: [{ ...strict, scopes: undefined, authenticated: true }],
      expected: [],
    },
    { name: "serves no method of the sibling", routes: [{ ...strict, methods: ["POST"] }], expected: [] },
    { name: "goes to another upstream", routes: [{ ...strict, upstream: "other" }], expected: [] },
    { name: "goes to another path of the same host", routes: [{ ...strict, upstream: "deeper" }], expected: [] },
    { name: "goes to a service, and the sibling to a URL", routes: [{ ...strict, upstream: "bound" }], expected: [] },
    {
      name: "goes to a service by another name",
      routes: [
        { ...strict, path: "/stock/export", upstream: "bound" },
        { ...ITEM, path: "/stock/:id", upstream: "boundTwin" },
      ],
      expected: ["looser-sibling $.routes[4].path"],
    },
    {
      name: "goes to another service",
      routes: [
        { ...strict, path: "/stock/export", upstream: "bound" },
        { ...ITEM, path: "/stock/:id", upstream: "boundOther" },
      ],
      expected: [],
    },
    { name: "goes to the same place by another name", routes: [{ ...strict, upstream: "twin" }], expected: looser },
    {
      name: "would serve a literal before a parameter in another case",
      routes: [
        { ...strict, path: "/admin/:id/x" },
        { ...ITEM, path: "/:any/:id/x" },
      ],
      expected: ["looser-sibling $.routes[4].path"],
    },
    {
      name: "is not reached by a variant that has a route of its own",
      routes: [
        strict,
        { ...strict, path: "/orders/Export" },
        { ...strict, path: "/orders/EXPORT" },
        { ...strict, path: "/orders/export.json" },
      ],
      // What has none is the variants of those.
      expected: looser.concat(looser, looser),
    },
    {
      name: "is a `*` that a trailing slash leads to",
      routes: [
        { ...strict, path: "/files/1" },
        { ...strict, path: "/files/:id" },
        { ...ITEM, path: "/files/*" },
      ],
      expected: ["looser-sibling $.routes[5].path"],
    },
  ])("$name", ({ routes, expected }) => {
    const upstreams = {
      orders: { url: "https://orders.example" },
      twin: { url: "https://orders.example" },
      other: { url: "https://other.example" },
      deeper: { url: "https://orders.example/v2" },
      bound: { service: "STOCK" },
      boundTwin: { service: "STOCK" },
      boundOther: { service: "OTHER" },
    };
    const defined = routes.map((route) => JSON.parse(JSON.stringify(route)) as Members);
    const file = policyFileWith({ upstreams, routes: [...ROUTES, ...defined] });
    expect(lintsOf(file).filter((line) => line.startsWith("looser-sibling"))).toEqual(expected);
  });

  it.each([
    {
      name: "in another case, whatever the case of the policy",
      strict: "/files/ReadMe",
      loose: "/files/:name",
      variant: "/files/README",
    },
    { name: "in lower case", strict: "/files/README", loose: "/files/:name", variant: "/files/readme" },
    { name: "with a suffix", strict: "/files/123", loose: "/files/:name", variant: "/files/123.json" },
    {
      name: "with a suffix behind a parameter",
      strict: "/files/:dir/123",
      loose: "/files/:dir/:name",
      variant: "/files/~any~/123.json",
    },
    { name: "whose end is a parameter", strict: "/admin/:id", loose: "/:any/:id", variant: "/Admin/~any~" },
    { name: "whose end is a wildcard", strict: "/admin/*", loose: "/:any/*", variant: "/Admin/~any~" },
    { name: "whose end is a wildcard, by another", strict: "/admin/*", loose: "/*", variant: "/Admin/~any~" },
    { name: "behind a parameter", strict: "/:shop/sales", loose: "/:shop/:page", variant: "/~any~/Sales" },
    { name: "with a character to escape", strict: "/files/a%20b", loose: "/files/:name", variant: "/files/A%20b" },
  ])("serves a variant of a path $name", ({ strict: path, loose, variant }) => {
    const routes = [
      { ...strict, path },
      { ...strict, path: loose, scopes: ["read:orders"] },
    ];
    const { lints } = lintPolicy(compiled(policyFileWith({ routes })), routes as Suppressions);
    const found = lints.filter(({ code }) => code === "looser-sibling");
    expect(found.map(({ message }) => message)).toEqual([
      `It serves \`${variant}\` to callers whom \`${path}\` (routes[0]) refuses.`,
    ]);
  });

  it.each([
    { name: "lists the method", methods: ["PURGE"], looseMethods: ["PURGE"], expected: 1 },
    { name: "takes it with `*`", methods: ["PURGE"], looseMethods: ["*"], expected: 1 },
    { name: "lists what the sibling takes with `*`", methods: ["*"], looseMethods: ["PURGE"], expected: 1 },
    { name: "takes all, as does the sibling", methods: ["*"], looseMethods: ["*"], expected: 1 },
    {
      name: "shares several methods, and is reported once",
      methods: ["GET", "PUT"],
      looseMethods: ["GET", "PUT"],
      expected: 1,
    },
    { name: "lists another one", methods: ["PURGE"], looseMethods: ["BAN"], expected: 0 },
  ])("counts by the methods both serve: one $name", ({ methods, looseMethods, expected }) => {
    const routes = [
      { ...strict, path: "/files/report", methods },
      { ...strict, path: "/files/:id", methods: looseMethods, scopes: ["read:orders"] },
    ];
    const lints = lintsOf(policyFileWith({ routes }));
    expect(lints.filter((line) => line.startsWith("looser-sibling"))).toHaveLength(expected);
  });

  it("is warned of where it is public, and where the two are too complex to compare", () => {
    const scopes = { z: "", ...Object.fromEntries(Array.from({ length: 48 }, (_, at) => [`s${at}`, ""])) };
    const pairs = Array.from({ length: 24 }, (_, at) => ({ anyOf: [`s${at * 2}`, `s${at * 2 + 1}`] }));
    const both = Array.from({ length: 24 }, (_, at) => ({ allOf: [`s${at * 2}`, `s${at * 2 + 1}`] }));
    const firsts = { allOf: Array.from({ length: 24 }, (_, at) => `s${at * 2}`) };
    const route = { ...strict, path: "/files/report" };
    const files = [
      { routes: [route, { ...ITEM, path: "/files/:id", scopes: undefined, public: true }] },
      {
        routes: [
          { ...route, scopes: undefined, authenticated: true },
          { ...ITEM, path: "/files/:id", scopes: undefined, public: true },
        ],
      },
      {
        resourceServers: { api: { scopes } },
        clients: {},
        routes: [
          {
            ...route,
            scopes: { anyOf: [...both, firsts, { allOf: pairs.map(({ anyOf }) => ({ anyOf: [...anyOf, "z"] })) }] },
          },
          { ...route, path: "/files/:id", scopes: { allOf: pairs } },
        ],
      },
    ].map((members) => policyFileWith(JSON.parse(JSON.stringify(members))));
    for (const file of files) {
      const lints = lintsOf(file as { routes: unknown });
      expect(lints.filter((line) => line.startsWith("looser-sibling"))).toEqual(["looser-sibling $.routes[1].path"]);
    }
  });

  it("names a path that it would serve, and the sibling", () => {
    const file = withRoutes(strict);
    const [lint] = lintPolicy(compiled(file), file.routes as Suppressions).lints;
    expect(lint).toMatchObject({ severity: "warning", hint: expect.stringContaining("sibling") });
    expect(lint?.message).toBe("It serves `/orders/Export` to callers whom `/orders/export` (routes[3]) refuses.");
  });
});

it.each([
  { methods: ["GET", "PUT", "POST"], expected: "Anybody may call PUT, POST." },
  { methods: ["*"], expected: "Anybody may call every method." },
])("says what anybody may call: $methods", ({ methods, expected }) => {
  const file = withRoutes({ path: "/hooks/in", methods, public: true, upstream: "orders" });
  const { lints } = lintPolicy(compiled(file), file.routes as Suppressions);
  expect(lints.find(({ code }) => code === "public-write")?.message).toBe(expected);
});

describe("collections and items", () => {
  const get = (path: string) => ({ ...COLLECTION, path });
  const post = (path: string) => ({ ...WRITE, path });

  it.each([
    {
      name: "a plural without items",
      routes: [get("/users")],
      expected: ["collection-without-items $.routes[3].path"],
    },
    {
      name: "one that is read and added to",
      routes: [get("/staff"), post("/staff")],
      expected: ["collection-without-items $.routes[3].path"],
    },
    { name: "one that is only read and no plural", routes: [get("/me")], expected: [] },
    {
      name: "words that only look like a plural",
      routes: [get("/status"), get("/access"), get("/analysis")],
      expected: [],
    },
    { name: "items under any pattern", routes: [get("/users"), get("/users/*")], expected: [] },
    {
      name: "items without a collection",
      routes: [get("/users/:id")],
      expected: ["items-without-collection $.routes[3].path"],
    },
    {
      name: "items of items without a collection",
      routes: [get("/orders/:id/lines/:line")],
      expected: ["items-without-collection $.routes[3].path"],
    },
    { name: "a collection under a looser pattern", routes: [get("/users/:id"), get("/*")], expected: [] },
    { name: "items of what has no name", routes: [get("/:tenant/:id")], expected: [] },
    {
      name: "items of what has a name beneath what has none",
      routes: [get("/:tenant/carts/:id")],
      expected: ["items-without-collection $.routes[3].path"],
    },
    {
      name: "a plural beneath an item without items",
      routes: [get("/orders/:id/lines")],
      expected: ["collection-without-items $.routes[3].path"],
    },
    {
      name: "a plural beneath items of items, and its items",
      routes: [get("/shops/:shop/floors/:floor/lamps"), get("/shops/:shop/floors/:floor/lamps/:lamp")],
      expected: [],
    },
    { name: "the root, read and added to", routes: [get("/"), post("/")], expected: [] },
    { name: "what has no name, read and added to", routes: [get("/:tenant"), post("/:tenant")], expected: [] },
    { name: "all beneath a path, read and added to", routes: [get("/files/*"), post("/files/*")], expected: [] },
    { name: "one that is only added to and no plural", routes: [post("/login")], expected: [] },
    { name: "a plural that is only added to", routes: [post("/events")], expected: [] },
    { name: "a word too short for a plural", routes: [get("/ads")], expected: [] },
    {
      name: "the shortest plural, in any case",
      routes: [get("/CATS")],
      expected: ["collection-without-items $.routes[3].path"],
    },
    { name: "a word with a plural inside", routes: [get("/catsup")], expected: [] },
  ])("$name", ({ routes, expected }) => {
    expect(lintsOf(withRoutes(...routes)).filter((line) => /collection|items/.test(line))).toEqual(expected);
  });
});

it("lists what is found by the order of the routes", () => {
  const file = withRoutes(
    { ...COLLECTION, path: "/users" },
    { path: "/hook", methods: ["POST"], public: true, upstream: "orders" },
  );
  expect(lintsOf(file)).toEqual(["collection-without-items $.routes[3].path", "public-write $.routes[4].public"]);
});

describe("settings", () => {
  it.each([
    {
      name: "a scope that no route requires",
      members: { resourceServers: { api: { scopes: { "read:orders": "", "write:orders": "", other: "" } } } },
      expected: ["unused-scope $.resourceServers.api.scopes.other"],
    },
    {
      name: "not a scope that implies one that is required",
      members: {
        resourceServers: {
          api: {
            scopes: { "read:orders": "", "write:orders": "", all: { description: "", implies: ["read:orders"] } },
          },
        },
      },
      expected: [],
    },
    {
      name: "an upstream that no route goes to",
      members: { upstreams: { orders: { url: "https://orders.example" }, old: { url: "https://old.example" } } },
      expected: ["unused-upstream $.upstreams.old"],
    },
    {
      name: "an upstream reached by http",
      members: { upstreams: { orders: { url: "http://127.0.0.1:8790" } } },
      expected: ["http-upstream $.upstreams.orders.url"],
    },
    {
      name: "registered clients that nobody insists on, and one whose scopes open nothing",
      members: { clients: { all: { scopes: ["read:orders", "write:orders"] }, none: { scopes: [] } } },
      expected: ["client-opens-nothing $.clients.none.scopes", "unregistered-clients $.issuers.main"],
    },
    {
      name: "not an issuer that insists on them",
      members: {
        clients: { all: { scopes: ["read:orders", "write:orders"] } },
        ...withIssuer({ registeredClientsOnly: true }),
      },
      expected: [],
    },
    {
      name: "an issuer that insists on them where there are none",
      members: withIssuer({ registeredClientsOnly: true }),
      expected: ["no-registered-client $.issuers.main.registeredClientsOnly"],
    },
    {
      name: "not a clock tolerance of five minutes, nor keys kept for a week",
      members: withIssuer({ clockToleranceSeconds: 300, keys: { maxStaleSeconds: 604_800 } }),
      expected: [],
    },
    {
      name: "a clock tolerance of more than five minutes",
      members: withIssuer({ clockToleranceSeconds: 301 }),
      expected: ["long-clock-tolerance $.issuers.main.clockToleranceSeconds"],
    },
    {
      name: "keys kept for more than a week without their issuer",
      members: withIssuer({ keys: { maxStaleSeconds: 604_801 } }),
      expected: ["long-stale-keys $.issuers.main.keys.maxStaleSeconds"],
    },
    {
      name: "an issuer that no route needs",
      members: { routes: [{ path: "/", methods: ["GET"], public: true, upstream: "orders" }], resourceServers: {} },
      expected: ["unused-issuer $.issuers.main"],
    },
  ])("$name", ({ members, expected }) => {
    expect(lintsOf(withMembers(members))).toEqual(expected);
  });

  it("a client without scopes is meant to be one where any token opens a route", () => {
    const routes = [...ROUTES, { path: "/me", methods: ["GET"], authenticated: true, upstream: "orders" }];
    const clients = { all: { scopes: ["read:orders", "write:orders"] }, none: { scopes: [] } };
    expect(lintsOf(policyFileWith({ routes, clients }))).toEqual(["unregistered-clients $.issuers.main"]);
  });
});

describe("silencing", () => {
  const hook = { path: "/hook", methods: ["POST"], public: true, upstream: "orders" };

  it("keeps the reason and takes the lint away", () => {
    const file = withRoutes({ ...hook, lint: { "public-write": "Signed by the sender." } });
    const { lints, silenced } = lintPolicy(compiled(file), file.routes as Suppressions);
    expect(lints).toEqual([]);
    expect(silenced).toMatchObject([
      { code: "public-write", reason: "Signed by the sender.", path: ["routes", 3, "public"] },
    ]);
  });

  it("counts for its own route and code only", () => {
    const file = withRoutes({ ...hook, lint: { "public-write": "Signed." } }, { ...hook, path: "/other" });
    expect(lintsOf(file)).toEqual(["public-write $.routes[4].public"]);
  });

  it("is reported where there is nothing to silence", () => {
    const file = withRoutes({ ...hook, methods: ["GET"], lint: { "public-write": "Signed." } });
    expect(lintsOf(file)).toEqual(['needless-silence $.routes[3].lint["public-write"]']);
  });

  it.each([
    { name: "an unknown code", lint: { "public-wrte": "x" } },
    { name: "an empty reason", lint: { "public-write": "" } },
  ])("takes no $name", ({ lint }) => {
    expect(() => compiled(withRoutes({ ...hook, lint }))).toThrow("lint");
  });
});
