import { describe, expect, it } from "vitest";
import {
  type FileWithRoutes,
  ITEM,
  lint,
  lintsWithCode,
  messagesOf,
  ROUTES,
  withRoutes,
} from "../../../../support/policy/lints.ts";
import { policyFileWith } from "../../../../support/policy/policy-file.ts";

describe("a route that is looser than a more specific sibling", () => {
  const strict = { path: "/orders/export", methods: ["GET"], scopes: ["write:orders"], upstream: "orders" };
  const looser = ["looser-sibling $.routes[1].path"];
  /** Stricter than `ITEM`, and not only different from it. */
  const stricter = { ...strict, scopes: { allOf: ["read:orders", "write:orders"] } };

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
      // Variants of those have none.
      expected: looser,
    },
    {
      name: "is a `*` that a trailing slash leads to",
      routes: [
        { ...strict, path: "/files/1" },
        { ...strict, path: "/files/:id" },
        { ...ITEM, path: "/files/*" },
      ],
      // It is reported once, though each of the two strict routes has such a spelling: `/files/1/` and `/files/~any~/`.
      expected: ["looser-sibling $.routes[5].path"],
    },
    {
      name: "is the path of the sibling with a slash",
      routes: [
        { ...stricter, path: "/stock" },
        { ...ITEM, path: "/stock/" },
      ],
      expected: ["looser-sibling $.routes[4].path"],
    },
    {
      name: "is the path of the sibling without its slash",
      routes: [
        { ...stricter, path: "/stock/" },
        { ...ITEM, path: "/stock" },
      ],
      expected: ["looser-sibling $.routes[4].path"],
    },
    {
      name: "is the path of an item with a slash",
      routes: [
        { ...stricter, path: "/stock/:id" },
        { ...ITEM, path: "/stock/:key/" },
      ],
      expected: ["looser-sibling $.routes[4].path"],
    },
    {
      name: "takes the slash of one path that a `*` covers",
      routes: [
        { ...stricter, path: "/stock/*" },
        { ...ITEM, path: "/stock/:id/" },
      ],
      expected: ["looser-sibling $.routes[4].path"],
    },
    {
      name: "asks for the same with and without a slash",
      routes: [
        { ...strict, path: "/stock" },
        { ...strict, path: "/stock/" },
      ],
      expected: [],
    },
    {
      name: "serves another method with a slash",
      routes: [
        { ...stricter, path: "/stock" },
        { ...ITEM, path: "/stock/", methods: ["POST"] },
      ],
      expected: [],
    },
    {
      name: "goes elsewhere with a slash",
      routes: [
        { ...stricter, path: "/stock" },
        { ...ITEM, path: "/stock/", upstream: "other" },
      ],
      expected: [],
    },
    { name: "is the root, which has no other spelling", routes: [{ ...strict, path: "/" }], expected: [] },
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
    const defined = routes.map((route) => JSON.parse(JSON.stringify(route)) as Record<string, unknown>);
    const file = policyFileWith({ upstreams, routes: [...ROUTES, ...defined] });
    expect(lintsWithCode(file, "looser-sibling")).toEqual(expected);
  });

  it.each([
    {
      name: "in another case, in a policy of either case",
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
    { name: "in another case, before a slash", strict: "/files/all/", loose: "/files/:id/", variant: "/files/All/" },
    { name: "with a suffix before a slash", strict: "/files/1/", loose: "/files/:id/", variant: "/files/1.json/" },
    { name: "behind a parameter", strict: "/:shop/sales", loose: "/:shop/:page", variant: "/~any~/Sales" },
    { name: "with a character to escape", strict: "/files/a%20b", loose: "/files/:name", variant: "/files/A%20b" },
  ])("serves a variant of a path $name", ({ strict: path, loose, variant }) => {
    const routes = [
      { ...strict, path },
      { ...strict, path: loose, scopes: ["read:orders"] },
    ];
    expect(messagesOf(policyFileWith({ routes }) as FileWithRoutes, "looser-sibling")).toEqual([
      `It serves \`GET ${variant}\` to callers whom \`${path}\` (routes[0]) refuses.`,
    ]);
  });

  it.each([
    { name: "the slash of a collection", strict: "/files", loose: "/files/", variant: "/files/" },
    { name: "the path without a slash", strict: "/files/", loose: "/files", variant: "/files" },
    { name: "the slash of an item", strict: "/files/:id", loose: "/files/:key/", variant: "/files/~any~/" },
    { name: "an item without a slash", strict: "/files/:id/", loose: "/files/*", variant: "/files/~any~" },
    { name: "a slash after an escape", strict: "/files/a%20b", loose: "/files/:id/", variant: "/files/a%20b/" },
  ])("serves $name", ({ strict: path, loose, variant }) => {
    const routes = [
      { ...stricter, path },
      { ...ITEM, path: loose },
    ];
    expect(messagesOf(policyFileWith({ routes }) as FileWithRoutes, "looser-sibling")).toEqual([
      `It serves \`GET ${variant}\` to callers whom \`${path}\` (routes[0]) refuses.`,
    ]);
  });

  it("differs from its sibling by a slash, and each serves callers whom the other refuses", () => {
    const routes = [
      { ...strict, path: "/files" },
      { ...ITEM, path: "/files/" },
    ];
    expect(lintsWithCode(policyFileWith({ routes }) as FileWithRoutes, "looser-sibling").toSorted()).toEqual([
      "looser-sibling $.routes[0].path",
      "looser-sibling $.routes[1].path",
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
    expect(lintsWithCode(policyFileWith({ routes }) as FileWithRoutes, "looser-sibling")).toHaveLength(expected);
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
      expect(lintsWithCode(file as FileWithRoutes, "looser-sibling")).toEqual(["looser-sibling $.routes[1].path"]);
    }
  });

  it.each([
    { name: "the path of an item with a slash, by a `*`", strict: "/s/:id", loose: "/s/*", variant: "/s/~any~/" },
    {
      name: "a path below a `*`, by a pattern of its own",
      strict: "/s/*",
      loose: "/:any/a/:id",
      variant: "/S/a/~any~",
    },
    { name: "a slash below a `*`", strict: "/s/*", loose: "/:any/a/", variant: "/S/a/" },
    { name: "a literal of the policy in another case", strict: "/s/:id", loose: "/S/*", variant: "/S/~any~" },
    { name: "two such literals", strict: "/s/t/:id", loose: "/S/T/:id", variant: "/S/T/~any~" },
    { name: "such a literal with a slash", strict: "/s", loose: "/S/", variant: "/S/" },
    { name: "a literal with a suffix", strict: "/s/t", loose: "/s/t.json", variant: "/s/t.json" },
    { name: "another Unicode normalization", strict: "/s/%C3%A9", loose: "/s/e%CC%81", variant: "/s/e%CC%81" },
    { name: "one that has no case", strict: "/s/%E3%81%8C", loose: "/s/:id", variant: "/s/%E3%81%8B%E3%82%99" },
  ])("serves $name", ({ strict: path, loose, variant }) => {
    const routes = [
      { ...stricter, path },
      { ...ITEM, path: loose },
    ];
    expect(messagesOf(policyFileWith({ routes }) as FileWithRoutes, "looser-sibling")).toEqual([
      `It serves \`GET ${variant}\` to callers whom \`${path}\` (routes[0]) refuses.`,
    ]);
  });

  it.each([
    { name: "names one item", strict: "/s/:id", loose: "/s/7" },
    { name: "names one item with a slash", strict: "/s/:id", loose: "/s/7/" },
    { name: "names one path below a `*`", strict: "/s/*", loose: "/s/t" },
    { name: "names one path below a `*`, with a slash", strict: "/s/*", loose: "/s/t/" },
    { name: "names one path below every path", strict: "/*", loose: "/health" },
    { name: "has a `:name` below a `*`", strict: "/s/*", loose: "/s/:id" },
    { name: "has more segments", strict: "/s/:id", loose: "/s/:id/t" },
    { name: "has a literal where the other has a `:name`", strict: "/s/:id", loose: "/:any/t" },
    { name: "differs in more than the spelling", strict: "/s/:id", loose: "/t/:id" },
  ])("is meant as an exception, or has nothing to do with the other: one that $name", ({ strict: path, loose }) => {
    const routes = [
      { ...stricter, path },
      { ...ITEM, path: loose },
    ];
    expect(lintsWithCode(policyFileWith({ routes }) as FileWithRoutes, "looser-sibling")).toEqual([]);
  });

  it("serves two spellings together, where a route to elsewhere has one of them", () => {
    const routes = [
      { ...stricter, path: "/s/t" },
      { ...stricter, path: "/:any/t", upstream: "other" },
      { ...ITEM, path: "/:any/:id" },
      { ...stricter, path: "/s/:id" },
    ];
    const upstreams = { orders: { url: "https://orders.example" }, other: { url: "https://other.example" } };
    const file = policyFileWith({ routes, upstreams }) as FileWithRoutes;
    expect(messagesOf(file, "looser-sibling")).toEqual([
      "It serves `GET /S/T` to callers whom `/s/t` (routes[0]) refuses. It is looser than 1 more route in the same way.",
    ]);
  });

  it.each([
    { name: "HEAD beside a stricter GET", methods: ["GET"], looseMethods: ["HEAD"], request: "HEAD /s" },
    { name: "GET beside a stricter HEAD", methods: ["HEAD"], looseMethods: ["GET"], request: "GET /s" },
    { name: "every other method beside a stricter HEAD", methods: ["HEAD"], looseMethods: ["*"], request: "GET /s" },
    { name: "POST beside a stricter GET", methods: ["GET"], looseMethods: ["POST"], request: undefined },
    { name: "OPTIONS beside a stricter GET", methods: ["GET"], looseMethods: ["OPTIONS"], request: undefined },
  ])("serves $name of one path", ({ methods, looseMethods, request }) => {
    const routes = [
      { ...stricter, path: "/s", methods },
      { ...ITEM, path: "/s", methods: looseMethods },
    ];
    const expected = request ? [`It serves \`${request}\` to callers whom \`/s\` (routes[0]) refuses.`] : [];
    expect(messagesOf(policyFileWith({ routes }) as FileWithRoutes, "looser-sibling")).toEqual(expected);
  });

  it("serves HEAD of another spelling, beside a stricter GET", () => {
    const routes = [
      { ...stricter, path: "/s" },
      { ...ITEM, path: "/s/", methods: ["HEAD"] },
    ];
    expect(messagesOf(policyFileWith({ routes }) as FileWithRoutes, "looser-sibling")).toEqual([
      "It serves `HEAD /s/` to callers whom `/s` (routes[0]) refuses.",
    ]);
  });

  describe("by an encoded slash", () => {
    const upstreams = {
      orders: { url: "https://orders.example", allowEncodedSlash: true },
      strictTwin: { url: "https://orders.example" },
      other: { url: "https://other.example", allowEncodedSlash: true },
    };
    const found = (...routes: object[]) =>
      messagesOf(policyFileWith({ upstreams, routes }) as FileWithRoutes, "looser-sibling");

    it.each([
      { name: "a parameter beside a literal below", strict: "/p/s", loose: "/:any", request: "GET /p%2Fs" },
      { name: "a parameter beside one segment more", strict: "/p/:a/s", loose: "/p/:a", request: "GET /p/~any~%2Fs" },
      { name: "a parameter in the middle", strict: "/p/a/s/e", loose: "/p/:x/e", request: "GET /p/a%2Fs/e" },
      { name: "two parameters", strict: "/a/b/m/c/d", loose: "/:x/m/:y", request: "GET /a%2Fb/m/c%2Fd" },
      { name: "a parameter beside a wildcard", strict: "/p/a/*", loose: "/p/:x", request: "GET /p/a%2F~any~" },
      { name: "a trailing slash", strict: "/p/s/", loose: "/:any/", request: "GET /p%2Fs/" },
    ])("serves $name: $request", ({ strict: path, loose, request }) => {
      const routes = [
        { ...stricter, path },
        { ...ITEM, path: loose },
      ];
      expect(found(...routes)).toEqual([expect.stringContaining(`\`${request}\` to callers whom`)]);
    });

    it.each([
      { name: "its own upstream takes none", loose: { path: "/:any", upstream: "strictTwin" } },
      { name: "it goes elsewhere", loose: { path: "/:any", upstream: "other" } },
      { name: "a literal stands in its place", loose: { path: "/p" } },
      { name: "it has one segment more", loose: { path: "/:a/:b/:c" } },
    ])("is not reported where $name", ({ loose }) => {
      expect(found({ ...stricter, path: "/p/s" }, { ...ITEM, ...loose })).toEqual([]);
    });

    it.each([
      {
        name: "not reported where a claim must equal the segment",
        scopes: [{ param: "any", equals: "sub" }],
        count: 0,
      },
      {
        name: "reported where only an alternative looks at the segment",
        scopes: ["read:orders", { param: "any", equals: "sub" }],
        count: 1,
      },
      {
        name: "reported where a claim must equal another segment",
        scopes: [{ param: "own", equals: "sub" }],
        count: 1,
      },
    ])("is $name", ({ scopes, count }) => {
      const loose = { ...ITEM, path: "/:own/:any", scopes };
      expect(found({ ...stricter, path: "/:own/p/s" }, loose)).toHaveLength(count);
    });

    it("is told with a hint of its own", () => {
      const routes = [
        { ...stricter, path: "/p/s" },
        { ...ITEM, path: "/:any" },
      ];
      const [finding] = lint(policyFileWith({ upstreams, routes }) as FileWithRoutes).lints.filter(
        ({ code }) => code === "looser-sibling",
      );
      expect(finding).toMatchObject({
        message: "It serves `GET /p%2Fs` to callers whom `/p/s` (routes[0]) refuses.",
        hint: expect.stringMatching(/^A server that decodes `%2F` before/),
      });
    });
  });

  describe("on a host whose routes go first", () => {
    const hosts = ["api.example", "admin.example"];
    const onAdmin = { hosts: ["admin.example"] };
    const found = (...routes: object[]) =>
      messagesOf(policyFileWith({ hosts, routes }) as FileWithRoutes, "looser-sibling");

    it.each([
      { name: "its wildcard takes a path", strict: "/s/t", loose: "/*", request: "GET https://admin.example/s/t" },
      { name: "its parameter takes a path", strict: "/s/t", loose: "/s/:id", request: "GET https://admin.example/s/t" },
      {
        name: "it takes the paths of a parameter",
        strict: "/s/:id",
        loose: "/*",
        request: "GET https://admin.example/s/~any~",
      },
    ])("is told where $name", ({ strict, loose, request }) => {
      const routes = [
        { ...stricter, path: strict },
        { ...ITEM, path: loose, ...onAdmin },
      ];
      expect(found(...routes)).toEqual([`It serves \`${request}\` to callers whom \`${strict}\` (routes[0]) refuses.`]);
    });

    it.each([
      { name: "it names the same path", strict: { path: "/s/:id" }, loose: { path: "/s/:x", ...onAdmin } },
      { name: "it is more specific", strict: { path: "/s/:id" }, loose: { path: "/s/open", ...onAdmin } },
      {
        name: "it requires more",
        strict: { path: "/s/t", scopes: ["read:orders"] },
        loose: { path: "/*", scopes: ["read:orders"], ...onAdmin },
      },
    ])("is not told where $name", ({ strict, loose }) => {
      expect(found({ ...stricter, ...strict }, { ...ITEM, ...loose })).toEqual([]);
    });

    it("and another spelling counts on the host where it is served", () => {
      const routes = [
        { ...stricter, path: "/s", ...onAdmin },
        { ...ITEM, path: "/s/", ...onAdmin },
        { ...ITEM, path: "/S", hosts: ["api.example"] },
      ];
      expect(found(...routes)).toEqual([
        "It serves `GET https://admin.example/s/` to callers whom `/s` (routes[0]) refuses.",
      ]);
    });
  });

  it("is reported together with others that take paths from the same stricter `*`", () => {
    const routes = [
      { ...stricter, path: "/admin/*" },
      ...["/:tenant/a", "/:tenant/b", "/:tenant/c/:id"].map((path) => ({ ...ITEM, path })),
    ];
    expect(messagesOf(policyFileWith({ routes }) as FileWithRoutes, "looser-sibling")).toEqual([
      expect.stringMatching(/^It serves `GET \/Admin\/.*` to .* refuses\. 2 more are like it: `\/:tenant\/.*\.$/),
    ]);
  });

  it("is reported by itself where it also takes another path", () => {
    const routes = [
      { ...stricter, path: "/admin/*" },
      { ...stricter, path: "/admin/a" },
      ...["/:tenant/a", "/:tenant/b"].map((path) => ({ ...ITEM, path })),
    ];
    expect(messagesOf(policyFileWith({ routes }) as FileWithRoutes, "looser-sibling").toSorted()).toEqual([
      "It serves `GET /Admin/a` to callers whom `/admin/a` (routes[1]) refuses.",
      "It serves `GET /Admin/b` to callers whom `/admin/*` (routes[0]) refuses.",
    ]);
  });

  it("is reported once, with the number of stricter routes", () => {
    const routes = [...["/a", "/b", "/c"].map((path) => ({ ...stricter, path })), { ...ITEM, path: "/:any" }];
    const [message, ...more] = messagesOf(policyFileWith({ routes }) as FileWithRoutes, "looser-sibling");
    expect(message).toMatch(/^It serves `GET \/[ABC]` to .* It is looser than 2 more routes in the same way\.$/);
    expect(more).toEqual([]);
  });

  it("names a path that it would serve, and the sibling", () => {
    const [found] = lint(withRoutes(strict)).lints;
    expect(found).toMatchObject({ severity: "warning", route: 1, hint: expect.stringContaining("sibling") });
    expect(found?.message).toBe("It serves `GET /orders/Export` to callers whom `/orders/export` (routes[3]) refuses.");
  });
});
