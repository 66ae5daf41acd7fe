import { describe, expect, test } from "vitest";
import { isEnforced, prove } from "../../../../src/policy/analysis/proof/prove.ts";
import { issuerOf } from "../../../support/policy/example-policy.ts";
import { compiled } from "../../../support/policy/policy-file.ts";

const API = "https://api.example";

interface Changes {
  readonly guarantee: Record<string, unknown>;
  readonly routes?: readonly Record<string, unknown>[];
  readonly registeredClientsOnly?: boolean;
  readonly audiences?: readonly string[];
}

const ORDERS = [
  { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
  { path: "/orders", methods: ["POST"], scopes: ["write:orders"], upstream: "orders" },
  { path: "/orders/:id", methods: ["*"], scopes: { allOf: ["write:orders", "admin"] }, upstream: "orders" },
  { path: "/healthz", methods: ["GET"], public: true, upstream: "products" },
];

function proofOf({ guarantee, routes = ORDERS, registeredClientsOnly = false, audiences }: Changes) {
  const issuer = { issuer: "https://issuer.example", profile: "cognito", registeredClientsOnly };
  const policy = compiled({
    issuers: { main: { ...issuer, ...(audiences && { audiences }) } },
    resourceServers: {
      [API]: {
        scopes: {
          "read:orders": "",
          "write:orders": { description: "", implies: ["read:orders"] },
          admin: "",
          "read:products": "",
        },
      },
    },
    clients: { customer: { scopes: ["read:orders", "read:products"] }, shop: { scopes: ["write:orders"] } },
    upstreams: { orders: { url: "https://orders.example" }, products: { url: "https://products.example" } },
    routes,
    guarantees: [guarantee],
  });
  const [proof] = prove(policy);
  if (proof === undefined) throw new Error("no proof");
  return proof;
}

/** Each counterexample as `METHOD path by whom with which scopes`. */
function breachesOf(changes: Changes): string[] {
  return proofOf(changes).breaches.map(({ method, path, caller, scopes }) => {
    const who = caller.kind === "client" ? caller.client.id : caller.kind;
    return [`${method} ${path} by ${who}`, ...scopes.map((scope) => scope.replace(`${API}/`, ""))].join(" ");
  });
}

describe("an exception with clients", () => {
  const except = [{ clients: ["customer", "shop"] }];
  test.each([
    {
      name: "does not cover calls without a token",
      guarantee: { paths: ["/healthz"], except, never: true },
      expected: ["GET /healthz by anonymous"],
    },
    {
      name: "covers them if it is about the clients that the guarantee is about",
      guarantee: { clients: ["*"], paths: ["/healthz"], except, never: true },
      expected: [],
    },
    {
      name: "does not cover clients that are not registered",
      guarantee: { paths: ["/orders"], methods: ["POST"], except: [{ clients: ["*"] }], never: true },
      expected: ["POST /orders by unregistered write:orders"],
    },
  ])("$name", ({ guarantee, expected }) => {
    expect(breachesOf({ guarantee })).toEqual(expected);
  });
});

test("a guarantee compares upstreams by name, although two names can have one URL", () => {
  const upstreams = { orders: { url: "https://orders.example" }, alias: { url: "https://orders.example" } };
  const route = { path: "/a", methods: ["GET"], authenticated: true };
  const [proof] = prove(
    compiled({
      issuers: { main: { issuer: "https://issuer.example", profile: "cognito" } },
      upstreams,
      routes: [{ ...route, upstream: "alias" }],
      guarantees: [{ upstream: "orders" }],
    }),
  );
  expect(proof?.breaches).toHaveLength(1);
});

describe("never", () => {
  const only = { except: [{ methods: ["GET", "OPTIONS"] }] };
  test.each([
    {
      name: "holds where a client lacks the scopes",
      guarantee: { clients: ["customer"], ...only, never: true },
      expected: [],
    },
    {
      name: "is broken by a client that may be granted what is required",
      guarantee: { clients: ["*"], ...only, never: true },
      expected: ["POST /orders by shop write:orders"],
    },
    {
      name: "without clients is about anyone, with any scopes",
      guarantee: { ...only, never: true },
      expected: ["POST /orders by shop write:orders", "HEAD /orders/x by unregistered write:orders admin"],
    },
    {
      name: "is broken by a public route, even with no clients",
      guarantee: { clients: ["customer"], paths: ["/healthz"], never: true },
      expected: ["GET /healthz by anonymous"],
    },
    {
      name: "counts what is implied",
      guarantee: { clients: ["shop"], methods: ["GET"], paths: ["/orders"], never: true },
      expected: ["GET /orders by shop write:orders"],
    },
    {
      name: "with GET covers HEAD",
      guarantee: { clients: ["customer"], except: [{ methods: ["GET"] }], paths: ["/orders"], never: true },
      expected: [],
    },
    {
      name: "leaves out only what an exception says in all its members",
      guarantee: {
        clients: ["*"],
        paths: ["/orders"],
        except: [{ clients: ["shop"], methods: ["POST"] }],
        never: true,
      },
      expected: ["GET /orders by customer read:orders"],
    },
    {
      name: "is broken by the clients that no exception names",
      guarantee: {
        under: ["/orders"],
        clients: ["customer", "shop"],
        except: [{ clients: ["customer"] }],
        never: true,
      },
      expected: ["GET /orders by shop write:orders", "POST /orders by shop write:orders"],
    },
    {
      name: "is broken by one that is not registered where an exception names those that are",
      guarantee: { paths: ["/orders"], methods: ["GET"], except: [{ clients: ["customer", "shop"] }], never: true },
      expected: ["GET /orders by unregistered read:orders"],
    },
    {
      name: "is broken by nobody where exceptions name all",
      guarantee: { clients: ["customer"], except: [{ clients: ["customer"] }], never: true },
      expected: [],
    },
    {
      name: "is broken on the paths that no exception has",
      guarantee: { clients: ["shop"], except: [{ paths: ["/orders"] }], never: true },
      expected: ["GET /healthz by anonymous"],
    },
    {
      name: "is about methods that are listed nowhere, too",
      guarantee: { methods: ["REPORT"], never: true },
      expected: ["REPORT /orders/x by unregistered write:orders admin"],
    },
  ])("$name", ({ guarantee, expected }) => {
    const found = breachesOf({ guarantee });
    // Which of the methods of `*` is named does not matter.
    expect(found.map((line) => line.replace(/^(?:PUT|POST|HEAD) (?=\/orders\/x)/, "HEAD "))).toEqual(expected);
  });

  test("is not broken by clients that every issuer turns away", () => {
    const guarantee = { paths: ["/orders/:id"], never: true };
    expect(breachesOf({ guarantee, registeredClientsOnly: false })).toHaveLength(1);
    expect(breachesOf({ guarantee, registeredClientsOnly: true })).toEqual([]);
  });
});

describe("requires", () => {
  test.each([
    {
      name: "holds where the requirement says the same",
      guarantee: { under: ["/orders"], requires: ["*:orders"] },
      expected: [],
    },
    {
      name: "is broken by the way in that does not need it",
      guarantee: { under: ["/orders"], requires: ["read:orders"] },
      routes: [{ path: "/orders", methods: ["GET"], scopes: ["read:orders", "read:products"], upstream: "orders" }],
      expected: ["GET /orders by customer read:products"],
    },
    {
      name: "is broken by any token",
      guarantee: { requires: ["read:orders"] },
      routes: [{ path: "/a", methods: ["POST"], authenticated: true, upstream: "orders" }],
      expected: ["POST /a by customer"],
    },
    {
      name: "is broken by no token",
      guarantee: { requires: ["read:orders"] },
      routes: [{ path: "/a", methods: ["POST"], public: true, upstream: "orders" }],
      expected: ["POST /a by anonymous"],
    },
    {
      name: "sees the trailing slash that a wildcard further up takes",
      guarantee: { under: ["/orders"], requires: ["*:orders"] },
      routes: [
        { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
        { path: "/orders/*", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
        { path: "/*", methods: ["GET"], scopes: ["read:products"], upstream: "products" },
      ],
      expected: ["GET /orders/ by customer read:products"],
    },
    {
      name: "of a client is about the scopes that client may be granted",
      guarantee: { clients: ["shop"], requires: ["write:orders"], paths: ["/orders"] },
      expected: [],
    },
  ])("$name", ({ name: _, expected, ...changes }) => {
    expect(breachesOf(changes)).toEqual(expected);
  });
});

describe("publicOnly", () => {
  test.each([
    { name: "holds where only the listed paths are public", guarantee: { publicOnly: ["/healthz"] }, expected: [] },
    { name: "is broken by any other", guarantee: { publicOnly: ["/health"] }, expected: ["GET /healthz by anonymous"] },
    { name: "of nothing", guarantee: { publicOnly: [] }, expected: ["GET /healthz by anonymous"] },
    { name: "under another path", guarantee: { under: ["/orders"], publicOnly: [] }, expected: [] },
    {
      name: "is broken by the part of a wildcard that is not listed",
      guarantee: { publicOnly: ["/files/:name"] },
      routes: [{ path: "/files/*", methods: ["GET"], public: true, upstream: "products" }],
      expected: ["GET /files/x/ by anonymous"],
    },
  ])("$name", ({ name: _, expected, ...changes }) => {
    expect(breachesOf(changes)).toEqual(expected);
  });
});

describe("upstream", () => {
  const moved = [{ path: "/orders/export", methods: ["GET"], scopes: ["admin"], upstream: "products" }, ...ORDERS];
  test.each([
    { name: "holds where all goes there", guarantee: { under: ["/orders"], upstream: "orders" }, expected: [] },
    {
      name: "is broken by a more specific route",
      guarantee: { under: ["/orders"], upstream: "orders" },
      routes: moved,
      expected: ["GET /orders/export by unregistered admin"],
    },
    {
      name: "is not broken by what the clients in question cannot call",
      guarantee: { clients: ["*"], under: ["/orders"], upstream: "orders" },
      routes: moved,
      expected: [],
    },
  ])("$name", ({ name: _, expected, ...changes }) => {
    expect(breachesOf(changes)).toEqual(expected);
  });
});

describe("a guarantee about calls that no route serves", () => {
  test.each([
    { name: "is idle", guarantee: { under: ["/ordrs"], upstream: "orders" }, expected: true },
    {
      name: "is idle if all is excepted",
      guarantee: { except: [{ under: ["/"] }], upstream: "orders" },
      expected: true,
    },
    {
      name: "is not idle where one route serves a call",
      guarantee: { under: ["/orders"], upstream: "orders" },
      expected: false,
    },
  ])("$name", ({ guarantee, expected }) => {
    expect(proofOf({ guarantee })).toMatchObject({ isIdle: expected, breaches: [] });
  });
});

describe("why a guarantee is idle", () => {
  test.each([
    { name: "a path that no route serves", guarantee: { under: ["/ordrs"], never: true }, expected: "paths" },
    {
      name: "a method that no route serves there",
      guarantee: { methods: ["DELETE"], paths: ["/orders"], never: true },
      expected: "methods",
    },
    {
      name: "exceptions that leave nothing over",
      guarantee: {
        paths: ["/orders"],
        except: [{ methods: ["GET"] }, { under: ["/orders"], methods: ["POST"] }],
        never: true,
      },
      expected: "exceptions",
    },
    {
      name: "exceptions that name all its clients",
      guarantee: { clients: ["customer"], except: [{ clients: ["*"] }], never: true },
      expected: "exceptions",
    },
    {
      name: "public paths that are all it is about",
      guarantee: { paths: ["/healthz"], publicOnly: ["/healthz"] },
      expected: "exceptions",
    },
    {
      name: "nothing, where one path is left",
      guarantee: { under: ["/ordrs", "/orders"], never: true },
      expected: undefined,
    },
    {
      name: "nothing, where one client is left",
      guarantee: { clients: ["customer", "shop"], except: [{ clients: ["customer"] }], never: true },
      expected: undefined,
    },
    {
      name: "nothing, where a client lacks the scopes, which is what it is for",
      guarantee: { clients: ["customer"], methods: ["POST"], never: true },
      expected: undefined,
    },
  ])("is $name", ({ guarantee, expected }) => {
    const { isIdle, idleBecause } = proofOf({ guarantee });
    expect([isIdle, idleBecause]).toEqual([expected !== undefined, expected]);
  });

  test("is clients whose tokens the gateway refuses, except on public routes", () => {
    const of = (guarantee: Record<string, unknown>) => proofOf({ guarantee, audiences: ["shop"] });
    expect(of({ clients: ["customer"], under: ["/orders"], never: true })).toMatchObject({
      idleBecause: "clients",
      breaches: [],
    });
    expect(of({ clients: ["customer"], never: true }).breaches.map(({ caller }) => caller.kind)).toEqual(["anonymous"]);
    expect(of({ clients: ["customer", "shop"], under: ["/orders"], never: true }).isIdle).toBe(false);
  });
});

describe("clients that an issuer's audiences leave out", () => {
  const never = { under: ["/orders"], methods: ["GET"], never: true };
  test.each([
    { name: "are no callers", audiences: ["shop"], guarantee: { ...never, clients: ["*"] }, expected: ["shop"] },
    { name: "leave no unregistered caller", audiences: ["shop", "customer"], guarantee: never, expected: ["customer"] },
    {
      name: "leave one if an unregistered client is an audience",
      audiences: ["shop", "stranger"],
      guarantee: { ...never, except: [{ clients: ["*"] }] },
      expected: ["unregistered", "unregistered"],
    },
    {
      name: "are callers if they can ask for an audience",
      audiences: ["https://api.example"],
      guarantee: { ...never, clients: ["customer"] },
      expected: ["customer"],
    },
  ])("$name", ({ audiences, guarantee, expected }) => {
    const { breaches } = proofOf({ guarantee, audiences });
    expect(breaches.map(({ caller }) => (caller.kind === "client" ? caller.client.id : caller.kind))).toEqual(expected);
  });
});

describe("a guarantee that only the registration keeps", () => {
  const guarantee = { clients: ["customer"], methods: ["POST"], never: true };
  test.each([
    { name: "is assumed where nothing enforces it", changes: { guarantee }, expected: true },
    { name: "is not where the gateway does", changes: { guarantee, registeredClientsOnly: true }, expected: false },
    {
      name: "is not where no scope would break it",
      changes: { guarantee: { clients: ["customer"], methods: ["PUT"], paths: ["/orders"], never: true } },
      expected: false,
    },
    {
      name: "is not where the gateway refuses the client",
      changes: { guarantee, audiences: ["shop"] },
      expected: false,
    },
    {
      name: "is not where it is broken anyway",
      changes: { guarantee: { ...guarantee, methods: ["GET"] } },
      expected: false,
    },
  ])("$name", ({ changes, expected }) => {
    expect(proofOf(changes).isAssumed).toBe(expected);
  });
});

test("the registration binds only if every issuer insists on it", () => {
  const issuers = (...insisting: boolean[]) => ({
    issuers: new Map(insisting.map((registeredClientsOnly, at) => [String(at), issuerOf({ registeredClientsOnly })])),
  });
  const enforced = (...insisting: boolean[]) => isEnforced(issuers(...insisting));
  expect([enforced(true, true), enforced(true, false), enforced(false)]).toEqual([true, false, false]);
});
