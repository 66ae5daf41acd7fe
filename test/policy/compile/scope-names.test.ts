import { describe, expect, test } from "vitest";
import { isScopeToken, isWildcard, matchingScopes, resolveScope } from "../../../src/policy/compile/scope-names.ts";
import type { ScopeTable } from "../../../src/policy/policy.ts";
import { withImplied } from "../../../src/policy/scopes.ts";
import { compiled, faultsOf, policyFileWith } from "../../support/policy/policy-file.ts";

function declare(resourceServers: Record<string, unknown>) {
  return policyFileWith({
    resourceServers,
    routes: [{ path: "/", methods: ["GET"], authenticated: true, upstream: "orders" }],
  });
}

const table: ScopeTable = compiled(
  declare({
    shop: { scopes: { "read:orders": "", "write:orders": "", "read:products": "", admin: "" } },
    bank: { scopes: { "read:accounts": "", admin: "" } },
  }),
).scopes;

describe("a name means the scope it is declared for", () => {
  test.each([
    { name: "a full name", input: "shop/read:orders", home: undefined, expected: "shop/read:orders" },
    {
      name: "a short name that one resource server declares",
      input: "read:orders",
      home: undefined,
      expected: "shop/read:orders",
    },
    { name: "a full name whose short one is ambiguous", input: "bank/admin", home: undefined, expected: "bank/admin" },
    { name: "an ambiguous short name at home", input: "admin", home: "bank", expected: "bank/admin" },
    { name: "a short name of elsewhere", input: "read:orders", home: "bank", expected: "shop/read:orders" },
  ])("$name", ({ input, home, expected }) => {
    expect(resolveScope(input, table, home)).toMatchObject({ ok: true, value: { fullName: expected } });
  });

  test.each([
    {
      name: "an ambiguous one",
      input: "admin",
      expected: {
        undeclared: false,
        message: "2 resource servers declare the scope `admin`.",
        hint: "Write the full name, one of `shop/admin`, `bank/admin`.",
      },
    },
    {
      name: "a slip of the pen",
      input: "raed:order",
      expected: {
        undeclared: true,
        message: "The scope `raed:order` is not declared.",
        hint: "Did you mean `read:orders`?",
      },
    },
    {
      name: "a name that is like no other",
      input: "refund:all",
      expected: {
        undeclared: true,
        message: "The scope `refund:all` is not declared.",
        hint: "Declare it under a resource server.",
      },
    },
    {
      name: "one letter too few",
      input: "read:order",
      expected: { undeclared: true, hint: "Did you mean `read:orders`?" },
    },
    { name: "another case", input: "READ:orders", expected: { undeclared: true, hint: "Did you mean `read:orders`?" } },
    { name: "a slip in a full name", input: "shop/read:ordrs", expected: { hint: "Did you mean `shop/read:orders`?" } },
    { name: "a name that every object has", input: "constructor", expected: { undeclared: true } },
    { name: "a wildcard", input: "*:orders", expected: { undeclared: true } },
  ])("but $name is a fault", ({ input, expected }) => {
    expect(resolveScope(input, table)).toMatchObject({ ok: false, failure: expected });
  });
});

test("ten thousand undeclared names take no comparison with each of ten thousand others", () => {
  const declared = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`raed:thing${at}`, ""]));
  const routes = Array.from({ length: 10_000 }, (_, at) => ({
    path: `/r${at}`,
    methods: ["GET"],
    scopes: [`read:thing${at}`],
    upstream: "orders",
  }));
  const faults = faultsOf(policyFileWith({ resourceServers: { shop: { scopes: declared } }, clients: {}, routes }));
  const hinted = faults.filter((text) => text.includes("Did you mean `raed:thing"));
  expect(faults).toHaveLength(10_000);
  // Each costs 20,000 comparisons, and the last one begins at the limit.
  expect(hinted).toHaveLength(500_000 / 20_000 + 1);
});

describe("a wildcard matches declared names", () => {
  test.each([
    { name: "by their end", input: "*:orders", expected: ["shop/read:orders", "shop/write:orders"] },
    {
      name: "by their beginning, across resource servers",
      input: "read:*",
      expected: ["shop/read:orders", "shop/read:products", "bank/read:accounts"],
    },
    { name: "by their full name", input: "bank/*", expected: ["bank/read:accounts", "bank/admin"] },
    { name: "by their middle", input: "*e:o*", expected: ["shop/write:orders"] },
    { name: "with nothing for the asterisk", input: "read:orders*", expected: ["shop/read:orders"] },
    { name: "with several asterisks", input: "s*p/r*s", expected: ["shop/read:orders", "shop/read:products"] },
    { name: "but pieces do not overlap", input: "*read:orders*s", expected: [] },
    { name: "but the ends do not overlap", input: "read:orders*orders", expected: [] },
    { name: "but a dot is a dot", input: "read.*", expected: [] },
    { name: "all of them", input: "*", expected: [...table.byFullName.keys()] },
  ])("$name", ({ input, expected }) => {
    expect(isWildcard(input)).toBe(true);
    expect(matchingScopes(input, table).map(({ fullName }) => fullName)).toEqual(expected);
  });
});

describe("a scope implies", () => {
  const chain = declare({
    shop: {
      scopes: {
        all: { description: "", implies: ["write", "bank/read"] },
        write: { description: "", implies: ["read"] },
        read: "",
      },
    },
    bank: { scopes: { read: { description: "", implies: ["peek"] }, peek: "" } },
  });

  test("everything that what it implies does, names at home first", () => {
    const { byFullName } = compiled(chain).scopes;
    expect(byFullName.get("shop/write")?.implies).toEqual(["shop/read"]);
    expect(new Set(byFullName.get("shop/all")?.implies)).toEqual(
      new Set(["shop/write", "shop/read", "bank/read", "bank/peek"]),
    );
  });

  test("for every caller that is granted it, next to unknown names that imply nothing", () => {
    const { scopes } = compiled(chain);
    expect(withImplied(scopes, ["shop/write", "x"])).toEqual(new Set(["shop/write", "x", "shop/read"]));
  });

  test.each([
    {
      name: "itself",
      scopes: { a: { description: "", implies: ["a"] } },
      expected: [
        "$.resourceServers.shop.scopes.a.implies: The scope implies itself: `a` -> `a`. Remove one of these implications.",
      ],
    },
    {
      name: "itself by way of others, once for the cycle and not for what leads to it",
      scopes: {
        start: { description: "", implies: ["a"] },
        a: { description: "", implies: ["b"] },
        b: { description: "", implies: ["a"] },
      },
      expected: [
        "$.resourceServers.shop.scopes.a.implies: The scope implies itself: `a` -> `b` -> `a`. Remove one of these implications.",
      ],
    },
    {
      name: "what is not declared",
      scopes: { reader: { description: "", implies: ["readr"] } },
      expected: [
        "$.resourceServers.shop.scopes.reader.implies[0]: The scope `readr` is not declared. Did you mean `reader`?",
      ],
    },
    {
      name: "a wildcard",
      scopes: { all: { description: "", implies: ["read:*", "shop/*"] }, "read:x": "" },
      expected: [
        "$.resourceServers.shop.scopes.all.implies[0]: A scope cannot imply wildcards. List each scope.",
        "$.resourceServers.shop.scopes.all.implies[1]: A scope cannot imply wildcards. List each scope.",
      ],
    },
  ])("but never $name", ({ scopes, expected }) => {
    expect(faultsOf(declare({ shop: { scopes } }))).toEqual(expected);
  });

  describe("others along a chain", () => {
    const chainOf = (length: number) =>
      declare({
        shop: {
          scopes: Object.fromEntries(
            Array.from({ length }, (_, at) => [
              `s${at}`,
              { description: "", implies: at + 1 < length ? [`s${at + 1}`] : [] },
            ]),
          ),
        },
      });

    test("of a thousand", () => {
      expect(compiled(chainOf(1_000)).scopes.byFullName.get("shop/s0")?.implies).toHaveLength(999);
    });

    test.each([1_001, 10_000])("but not of %i, which would fill the memory", (length) => {
      expect(faultsOf(chainOf(length))).toEqual([
        `$.resourceServers.shop.scopes.s${length - 1_001}.implies: Scopes imply others more than 500000 times, directly ` +
          "or through others. This one implies 1000. Make the chains shorter, or let fewer scopes imply so many.",
      ]);
    });
  });

  test("along a chain of ten thousand without exhausting the stack", () => {
    const links = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`s${at}`, { description: "", implies: [`s${(at + 1) % 10_000}`] }]),
    );
    expect(faultsOf(declare({ shop: { scopes: links } }))).toEqual([
      "$.resourceServers.shop.scopes.s0.implies: The scope implies itself: " +
        "`s0` -> `s1` -> `s2` -> `s3` -> `s4` -> `s5` -> `s6` -> `s7` -> 9992 more -> `s0`. Remove one of these implications.",
    ]);
  });
});

describe("a declaration", () => {
  const { scopes, resourceServers } = compiled(
    declare({
      shop: { name: "Shop", scopes: { read: "Reads", write: { description: "Writes", implies: ["read"] } } },
      bank: { scopes: {} },
    }),
  );

  test("keeps its description, and what it implies, however it is written", () => {
    const of = { resourceServer: "shop" };
    expect([...scopes.byFullName.values()]).toMatchObject([
      { ...of, fullName: "shop/read", shortName: "read", description: "Reads", implies: [] },
      { ...of, fullName: "shop/write", shortName: "write", description: "Writes", implies: ["shop/read"] },
    ]);
  });

  test("is listed under its resource server, by full name and in order", () => {
    expect([...resourceServers.values()]).toEqual([
      { identifier: "shop", name: "Shop", scopes: ["shop/read", "shop/write"] },
      { identifier: "bank", name: undefined, scopes: [] },
    ]);
  });

  test("that cannot be read leaves open which names are declared", () => {
    const implying = { shop: { scopes: { a: { description: "", implies: ["b"] } } }, bank: 3 };
    expect(faultsOf(declare(implying))).toEqual([expect.stringContaining("$.resourceServers.bank: Found 3.")]);
    const clients = { app: { scopes: ["unknown", "*"] } };
    expect(faultsOf(policyFileWith({ resourceServers: 3, clients, routes: declare({}).routes }))).toEqual([
      expect.stringContaining("$.resourceServers: Found 3."),
      expect.stringContaining("$.clients.app.scopes[1]: A client's scopes cannot contain wildcards."),
    ]);
  });
});

describe("a declaration is refused when its name", () => {
  const hint = 'Use printable ASCII except spaces, `"`, `\\` and `*` (RFC 6749 3.3).';
  test.each([
    {
      name: "holds a space",
      input: { shop: { scopes: { "read orders": "" } } },
      expected: [`$.resourceServers.shop.scopes["read orders"]: The name cannot be a scope. ${hint}`],
    },
    {
      name: "holds an asterisk",
      input: { shop: { scopes: { "read:*": "" } } },
      expected: [`$.resourceServers.shop.scopes["read:*"]: The name cannot be a scope. ${hint}`],
    },
    {
      name: "is of a resource server that holds a space",
      input: { "my shop": { scopes: {} } },
      expected: [`$.resourceServers["my shop"]: The identifier cannot be part of a scope. ${hint}`],
    },
    {
      name: "makes a full name that is there already",
      input: { a: { scopes: { "b/c": "" } }, "a/b": { scopes: { c: "" } } },
      expected: ['$.resourceServers["a/b"].scopes.c: `a/b/c` is also declared under `a`. Rename one of them.'],
    },
    {
      name: "is the full name of another scope",
      input: { a: { scopes: { b: "" } }, c: { scopes: { "a/b": "" } } },
      expected: ['$.resourceServers.c.scopes["a/b"]: `a/b` is the full name of another scope. Rename one of them.'],
    },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(declare(input))).toEqual(expected);
  });
});

test("a client's scopes are declared names, without wildcards", () => {
  const clients = { app: { scopes: ["read:orders", "https://api.example/write:orders", "*:orders", "read"] } };
  expect(faultsOf(policyFileWith({ clients }))).toEqual([
    "$.clients.app.scopes[2]: A client's scopes cannot contain wildcards. List each scope.",
    "$.clients.app.scopes[3]: The scope `read` is not declared. Declare it under a resource server.",
  ]);
});

test("a client holds its scopes by their full names", () => {
  const clients = { app: { scopes: ["read:orders", "https://api.example/write:orders"] } };
  expect(compiled(policyFileWith({ clients })).clients.get("app")).toEqual({
    name: "app",
    id: "app",
    issuer: "main",
    scopes: new Set(["https://api.example/read:orders", "https://api.example/write:orders"]),
  });
});

describe("a scope token", () => {
  test.each([
    { name: "of every character that it may have", input: "!#$%&'()+,-./09:;<=>?@AZ[]^_`az{|}~", expected: true },
    { name: "of one character", input: "a", expected: true },
    { name: "with a wildcard", input: "read:*", expected: false },
    { name: "with a space", input: "read orders", expected: false },
    { name: "with a quotation mark", input: 'read"', expected: false },
    { name: "with a backslash", input: "read\\", expected: false },
    { name: "with a control", input: "read\n", expected: false },
    { name: "outside ASCII", input: "café", expected: false },
    { name: "of nothing", input: "", expected: false },
  ])("$name: $expected", ({ input, expected }) => {
    expect(isScopeToken(input)).toBe(expected);
  });
});
