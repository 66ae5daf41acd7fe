// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of the file under test.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import routesFile from "../../../examples/shop/routes.json" with { type: "json" };
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import { routeFor } from "../../../src/policy/routing/route-table.ts";
import {
  compiled,
  faultsOf,
  policyFile,
  policyFileWith,
  policyFileWithRoute,
} from "../../support/policy/policy-file.ts";

describe("the shipped policy", () => {
  const vars = {
    ISSUER_URL: "http://127.0.0.1:8788/local_pool",
    PRODUCTS_URL: "http://127.0.0.1:8789",
    ORDERS_URL: "http://127.0.0.1:8790",
  };

  test("compiles without a fault", () => {
    expect(compilePolicy(routesFile, vars)).toMatchObject({ ok: true });
  });

  test.each([
    { name: "reading products", method: "GET", path: "/products", expected: "read:products" },
    { name: "adding a product", method: "POST", path: "/products", expected: "write:products" },
    { name: "reading a product", method: "HEAD", path: "/products/1", expected: "read:products" },
    { name: "replacing a product", method: "PUT", path: "/products/1", expected: "write:products" },
    { name: "changing a product", method: "PATCH", path: "/products/1", expected: "write:products" },
    { name: "deleting a product", method: "DELETE", path: "/products/1", expected: "write:products" },
    { name: "reading orders", method: "GET", path: "/orders", expected: "read:orders" },
    { name: "submitting an order", method: "POST", path: "/orders", expected: "write:orders" },
    { name: "reading an order", method: "GET", path: "/orders/1", expected: "read:orders" },
    { name: "replacing an order", method: "PUT", path: "/orders/1", expected: "write:orders" },
    { name: "changing an order", method: "PATCH", path: "/orders/1", expected: "write:orders" },
    { name: "deleting an order", method: "DELETE", path: "/orders/1", expected: "write:orders" },
  ])("$name needs $expected", ({ method, path, expected }) => {
    const leaf = compiled(routesFile, vars).table.match(path);
    expect(leaf && routeFor(leaf, method)?.requirement).toMatchObject({
      mentioned: [`https://api.myecommerce.com/${expected}`],
    });
  });

  test("leaves the health of products open to all", () => {
    const leaf = compiled(routesFile, vars).table.match("/products/healthz");
    expect(leaf && routeFor(leaf, "GET")?.requirement).toEqual({ kind: "public" });
  });
});

test("all faults of a file are reported at once, each with its place and what to do", () => {
  const file = {
    ...policyFile(),
    relm: "shop",
    issuers: {
      main: { issuer: "${ISSUER_URL}", profile: "cognito" },
      other: { issuer: "https://o.example", profile: "generic" },
    },
    clients: { app: { issuer: "main", scopes: ["read:order"] } },
    upstreams: { orders: { url: "http://orders.example" } },
    claimHeaders: { cookie: "sub" },
    cors: { origins: "*", credentials: true },
    routes: [
      { path: "/orders//", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
      { path: "/orders", methods: ["get"], scopes: ["write:*s", "delete:*"], upstream: "order" },
      { path: "/orders/:id", methods: ["GET"], upstream: "orders" },
      { path: "/orders/:orderId", methods: ["DELETE", "GET"], public: true, upstream: "orders" },
    ],
  };
  expect(faultsOf(file)).toEqual([
    "$.issuers.main.issuer: The variable `ISSUER_URL` is not set. Set it under [vars] in wrangler.toml, for every environment.",
    "$.relm: This member is unknown. Did you mean `realm`?",
    "$.issuers.other: The profile `generic` needs `audiences`. List the `aud` values of tokens for this API. Otherwise tokens for other APIs would be accepted.",
    "$.clients.app.scopes[0]: The scope `read:order` is not declared. Did you mean `read:orders`?",
    "$.upstreams.orders.url: The URL is neither https nor http on loopback. Use https, so that nobody can read or alter the traffic.",
    "$.claimHeaders.cookie: The header `cookie` belongs to HTTP or to the gateway. Choose a name of your own, such as x-auth-email.",
    '$.cors.credentials: Credentials cannot be allowed together with the origin "*". List the origins: browsers refuse the combination.',
    "$.routes[0].path: The path contains an empty segment. The gateway refuses every request with such a path.",
    "$.routes[1].methods[0]: `get` is not a method. Write `GET`.",
    "$.routes[1].scopes[1]: No declared scope matches `delete:*`. A `*` matches any characters of a short or full name. No other character is special.",
    "$.routes[1].upstream: There is no upstream `order`. Did you mean `orders`?",
    '$.routes[2]: The route does not say who may call it. Add "scopes", "authenticated": true, "optional": true or "public": true.',
    "$.routes[3].methods[1]: `GET /orders/:orderId` is also served by routes[2] (`/orders/:id`). Remove one of them.",
  ]);
});

describe("a faulty part is not reported again by what depends on it", () => {
  test.each([
    {
      name: "scopes that cannot be read make no name undeclared",
      input: policyFileWith({ resourceServers: { "https://api.example": { scopes: 3 } } }),
      expected: ['$.resourceServers["https://api.example"].scopes: Found 3. Write an object.'],
    },
    {
      name: "a scope whose description cannot be read is declared",
      input: policyFileWith({ resourceServers: { "https://api.example": { scopes: { "read:orders": 3 } } } }),
      expected: [
        '$.resourceServers["https://api.example"].scopes["read:orders"]: Found 3. Write a string or an object.',
      ],
    },
    {
      name: "an upstream that cannot be read is there",
      input: policyFileWith({ upstreams: { orders: "https://orders.example" } }),
      expected: ['$.upstreams.orders: Found "https://orders.example". Write an object.'],
    },
    {
      name: "upstreams that cannot be read make no name unknown",
      input: policyFileWith({ upstreams: [] }),
      expected: ["$.upstreams: Found an array. Write an object."],
    },
    {
      name: "issuers that cannot be read are not missed",
      input: policyFileWith({ issuers: [] }),
      expected: ["$.issuers: Found an array. Write an object."],
    },
    {
      name: "a requirement that cannot be read is one",
      input: policyFileWithRoute({ scopes: 3 }),
      expected: ["$.routes[0].scopes: Found 3. Write an array or an object with `anyOf` or `allOf`."],
    },
    {
      name: "a string with a missing variable is not judged without it",
      input: policyFileWith({ upstreams: { orders: { url: "${NOT_SET}" } } }),
      expected: [
        "$.upstreams.orders.url: The variable `NOT_SET` is not set. Set it under [vars] in wrangler.toml, for every environment.",
      ],
    },
    {
      name: "a keys setting that cannot be read is not compared",
      input: policyFileWith({
        issuers: {
          main: {
            issuer: "https://issuer.example",
            profile: "cognito",
            keys: { refreshAfterSeconds: "1", maxStaleSeconds: 2 },
          },
        },
      }),
      expected: ['$.issuers.main.keys.refreshAfterSeconds: Found "1". Write a number.'],
    },
    {
      name: "a switch is neither a text nor a number",
      input: policyFileWith({
        upstreams: {
          orders: {
            url: "https://orders.example",
            forwardAuthorization: "yes",
            allowPathParameters: 1,
            allowEncodedSlash: 0,
          },
        },
      }),
      expected: [
        '$.upstreams.orders.forwardAuthorization: Found "yes". Write true or false.',
        "$.upstreams.orders.allowPathParameters: Found 1. Write true or false.",
        "$.upstreams.orders.allowEncodedSlash: Found 0. Write true or false.",
      ],
    },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(input)).toEqual(expected);
  });
});

describe("what a route needs must be there", () => {
  test.each([
    {
      name: "a route with scopes needs an issuer",
      input: policyFileWith({ issuers: {} }),
      expected: [
        "$.issuers: routes[0] needs a token, but there is no issuer. Add an issuer: without one, no token is valid.",
      ],
    },
    {
      name: "a route for any token needs an issuer",
      input: { ...policyFileWithRoute({ authenticated: true }), issuers: {} },
      expected: [
        "$.issuers: routes[0] needs a token, but there is no issuer. Add an issuer: without one, no token is valid.",
      ],
    },
    {
      name: "a route for an optional token needs an issuer",
      input: { ...policyFileWithRoute({ optional: true }), issuers: {} },
      expected: [
        "$.issuers: routes[0] takes a token, but there is no issuer. Add an issuer: without one, no token is valid.",
      ],
    },
    {
      name: "public routes need no issuer",
      input: { ...policyFileWithRoute({ public: true }), issuers: {} },
      expected: [],
    },
    {
      name: "there is a route",
      input: policyFileWith({ routes: [] }),
      expected: ["$.routes: This is empty. List at least one."],
    },
    {
      name: "its upstream is declared",
      input: policyFileWithRoute({ public: true, upstream: "payments" }),
      expected: ["$.routes[0].upstream: There is no upstream `payments`. Add it to `upstreams`."],
    },
    {
      name: "a name that every object has is no upstream",
      input: policyFileWithRoute({ public: true, upstream: "toString" }),
      expected: ["$.routes[0].upstream: There is no upstream `toString`. Add it to `upstreams`."],
    },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(input)).toEqual(expected);
  });
});

describe("settings at the top", () => {
  test("have defaults", () => {
    expect(compiled(policyFile())).toMatchObject({
      realm: "scopegate",
      hosts: undefined,
      publicUrl: undefined,
      cors: undefined,
    });
  });

  test.each([
    { name: "an origin", input: "https://api.example", expected: "https://api.example" },
    { name: "an origin with a slash", input: "https://api.example/", expected: "https://api.example" },
    { name: "http on loopback", input: "http://localhost:8787", expected: "http://localhost:8787" },
  ])("publicUrl may be $name", ({ input, expected }) => {
    expect(compiled(policyFileWith({ publicUrl: input })).publicUrl).toBe(expected);
  });

  test.each([
    { name: "a path", input: "https://api.example/v1", expected: "This URL has more than an origin." },
    { name: "a query", input: "https://api.example/?", expected: "This URL has more than an origin." },
    { name: "http", input: "http://api.example", expected: "The URL is neither https nor http on loopback." },
    { name: "a user", input: "https://me@api.example", expected: "The URL contains a user name or password." },
    { name: "no URL", input: "api.example", expected: "This is not an absolute URL." },
  ])("publicUrl may not be or have $name", ({ input, expected }) => {
    expect(faultsOf(policyFileWith({ publicUrl: input }))).toEqual([
      `$.publicUrl: ${expected} For example: https://api.example.`,
    ]);
  });

  test.each([
    { name: "empty", input: "" },
    { name: "with a line feed", input: "shop\n" },
    { name: "outside ASCII", input: "café" },
  ])("realm may not be $name", ({ input }) => {
    expect(faultsOf(policyFileWith({ realm: input }))).toEqual([
      "$.realm: This is empty or contains characters other than printable ASCII. It is sent in a header: use printable ASCII only.",
    ]);
  });
});

describe("any JSON value is compiled without throwing", () => {
  test.each([
    { name: "null", input: null, expected: ["$: Found null. Write an object."] },
    { name: "an array", input: [], expected: ["$: Found an array. Write an object."] },
    { name: "a string", input: "routes", expected: ['$: Found "routes". Write an object.'] },
    { name: "an empty object", input: {}, expected: ["$.routes: `routes` is missing. Add it: it has no default."] },
    {
      name: "names that are JavaScript's own",
      input: JSON.parse(
        '{"__proto__": {}, "constructor": {}, "clients": {"prototype": {}, "toString": {}}, "routes": []}',
      ),
      expected: [
        "$.__proto__: This name cannot be used. Choose another name.",
        "$.constructor: This name cannot be used. Choose another name.",
        "$.clients.prototype: This name cannot be used. Choose another name.",
        "$.clients.toString.scopes: `scopes` is missing. Add it: it has no default.",
        "$.routes: This is empty. List at least one.",
      ],
    },
    {
      name: "an array a hundred thousand levels deep",
      input: JSON.parse("[".repeat(100_000) + "]".repeat(100_000)),
      expected: [
        `$${"[0]".repeat(65)}: This is nested more than 64 levels deep. Remove brackets: nothing in the file needs so many levels.`,
        "$: Found an array. Write an object.",
      ],
    },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(input)).toEqual(expected);
  });

  describe("a requirement of nested groups, up to 31", () => {
    type Group = { readonly anyOf?: readonly unknown[]; readonly allOf?: readonly unknown[] };
    const nested = (groups: number): Group =>
      groups === 1 ? { anyOf: ["read:orders"] } : { allOf: [nested(groups - 1)] };
    const tooMany =
      "This group is inside 31 others. At most 31 groups can be nested. " +
      "Flatten them: an `anyOf` directly inside an `anyOf` is one `anyOf`, and an `allOf` directly inside an `allOf` is one `allOf`.";

    test.each([
      {
        name: "a group in a route",
        fileWith: (groups: number) => policyFileWithRoute({ scopes: nested(groups) }),
        place: `$.routes[0].scopes${".allOf[0]".repeat(31)}`,
      },
      {
        name: "a list in a route, which is a group itself",
        fileWith: (groups: number) => policyFileWithRoute({ scopes: ["read:orders", nested(groups - 1)] }),
        place: `$.routes[0].scopes[1]${".allOf[0]".repeat(30)}`,
      },
      {
        name: "a group in a guarantee",
        fileWith: (groups: number) => policyFileWith({ guarantees: [{ requires: nested(groups) }] }),
        place: `$.guarantees[0].requires${".allOf[0]".repeat(31)}`,
      },
      {
        name: "a list in a guarantee",
        fileWith: (groups: number) => policyFileWith({ guarantees: [{ requires: [nested(groups - 1)] }] }),
        place: `$.guarantees[0].requires[0]${".allOf[0]".repeat(30)}`,
      },
    ])("$name", ({ fileWith, place }) => {
      expect(faultsOf(fileWith(31))).toEqual([]);
      expect(faultsOf(fileWith(32))).toEqual([`${place}: ${tooMany}`]);
      expect(faultsOf(fileWith(2_000))).toEqual([`${place}: ${tooMany}`]);
    });

    test("and every other fault of the file is reported with it", () => {
      const [one, other] = [nested(32), { anyOf: [nested(31), nested(30), "read:ordres"] }];
      const route = { methods: ["GET"], upstream: "orders" };
      const routes = [
        { ...route, path: "/a", scopes: one },
        { ...route, path: "b", scopes: other },
      ];
      expect(faultsOf(policyFileWith({ realm: "", routes })).map((text) => text.split(": ", 2).join(": "))).toEqual([
        `$.routes[0].scopes${".allOf[0]".repeat(31)}: This group is inside 31 others. At most 31 groups can be nested. Flatten them`,
        `$.routes[1].scopes.anyOf[0]${".allOf[0]".repeat(30)}: This group is inside 31 others. At most 31 groups can be nested. Flatten them`,
        "$.realm: This is empty or contains characters other than printable ASCII. It is sent in a header",
        "$.routes[1].path: The path does not start with a slash. Write `/b`.",
        "$.routes[1].scopes.anyOf[2]: The scope `read:ordres` is not declared. Did you mean `read:orders`?",
      ]);
    });
  });

  test.each([
    { name: "an unknown member", member: "x", place: "$.x" },
    { name: "a member of another shape", member: "realm", place: "$.realm" },
    { name: "a dictionary", member: "clients", place: "$.clients" },
  ])("a value nested too deeply in $name, with its place", ({ member, place }) => {
    const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));
    const tooDeep = expect.stringMatching(/^[^ ]+: This is nested more than 64 levels deep\. /);
    expect(faultsOf(policyFileWith({ [member]: nested(64) }))).not.toContainEqual(tooDeep);
    for (const levels of [65, 100_000]) {
      const faults = faultsOf(policyFileWith({ [member]: nested(levels) }));
      expect(faults.filter((text) => text.includes("nested"))).toEqual([
        expect.stringContaining(`${place}${"[0]".repeat(64)}: `),
      ]);
    }
  });

  test("any value anywhere in a valid file", () => {
    const anywhere = fc.constantFrom(
      ...[
        "issuers",
        "resourceServers",
        "clients",
        "upstreams",
        "claimHeaders",
        "routes",
        "cors",
        "realm",
        "publicUrl",
        "hosts",
      ],
    );
    fc.assert(
      fc.property(anywhere, fc.jsonValue(), fc.boolean(), (member, value, inside) => {
        const result = compilePolicy(policyFileWith({ [member]: inside ? { x: value } : value }), {});
        expect(result.ok ? 1 : result.failure.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

test("ten thousand routes compile, each found by its path", () => {
  const routes = Array.from({ length: 10_000 }, (_, index) => ({
    path: `/r${index}/:id`,
    methods: ["GET"],
    scopes: ["*:orders"],
    upstream: "orders",
  }));
  const { table } = compiled(policyFileWith({ routes }));
  expect(table.match("/r9999/1")?.byMethod.get("GET")?.index).toBe(9_999);
});
