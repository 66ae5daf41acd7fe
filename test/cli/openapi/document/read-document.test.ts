import { describe, expect, test } from "vitest";
import { InputError } from "../../../../src/cli/args/exit-code.ts";
import type { Operation } from "../../../../src/cli/openapi/document/api-document.ts";
import { readDocument } from "../../../../src/cli/openapi/document/read-document.ts";
import { MAX_DOCUMENT_ENTRIES } from "../../../../src/limits.ts";
import { scratchDirectory } from "../../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const READ = { security: [{ oauth: ["read"] }] };
const WRITE = { security: [{ oauth: ["write"] }] };
scratch.write("read.yaml", "security: [{ oauth: [read] }]\n");
scratch.write("item.yaml", "get: { $ref: read.yaml }\nput: { security: [{ oauth: [write] }] }\n");
scratch.write("security.yaml", "list: [{ oauth: [write] }]\none: { oauth: [write] }\nscopes: [write]\nscope: write\n");
scratch.write("other.json", { openapi: "3.0.3", security: [{ oauth: ["admin"] }], paths: { "/a": { get: {} } } });
scratch.write("same.json", { openapi: "3.0.3", ...READ, paths: { "/a": { get: {} } } });
scratch.write("swagger.json", { swagger: "2.0", security: [{ oauth: ["admin"] }], get: {} });
scratch.write("fragment.json", { security: [{ oauth: ["admin"] }], get: {} });

async function operationsOf(paths: unknown, members: object = {}): Promise<readonly Operation[]> {
  const file = scratch.write("openapi.json", { openapi: "3.0.3", info: { title: "t" }, paths, ...members });
  return (await readDocument(file)).operations;
}

/** For each operation, its scopes (`-`: the document is silent), or the message of its fault. */
async function said(paths: unknown, members: object = {}): Promise<readonly string[]> {
  return (await operationsOf(paths, members)).map(({ method, path, security, fault }) => {
    const ways = security?.map((way) => [...way.values()].flat().join("+")).join("|");
    return `${method} ${path}: ${fault?.message ?? ways ?? "-"}`;
  });
}

describe("the security of an operation", () => {
  test.each([
    { name: "is its own", input: { get: WRITE }, expected: ["GET /a: write"] },
    { name: "is that of the document", input: { get: {} }, expected: ["GET /a: read"] },
    { name: "is none if its list is empty", input: { get: { security: [] } }, expected: ["GET /a: "] },
    {
      name: "is that of the operation it refers to",
      input: { get: { $ref: "item.yaml#/put" } },
      expected: ["GET /a: write"],
    },
    { name: "is found through two files", input: { $ref: "item.yaml" }, expected: ["GET /a: read", "PUT /a: write"] },
    {
      name: "is found in a path item with members of its own",
      input: { $ref: "item.yaml", post: WRITE },
      expected: ["GET /a: read", "PUT /a: write", "POST /a: write"],
    },
    {
      name: "can be a reference",
      input: { get: { security: { $ref: "security.yaml#/list" } } },
      expected: ["GET /a: write"],
    },
    {
      name: "can hold one",
      input: { get: { security: [{ $ref: "security.yaml#/one" }] } },
      expected: ["GET /a: write"],
    },
    {
      name: "can hold references to scopes",
      input: {
        get: {
          security: [{ oauth: { $ref: "security.yaml#/scopes" } }, { oauth: [{ $ref: "security.yaml#/scope" }] }],
        },
      },
      expected: ["GET /a: write|write"],
    },
    {
      name: "is that of any method, and HEAD is not that of GET",
      input: { get: READ, "x-amazon-apigateway-any-method": WRITE },
      expected: ["GET /a: read", "* /a: write", "HEAD /a: write"],
    },
    {
      name: "is in a document with the same security",
      input: { get: { $ref: "same.json#/paths/~1a/get" } },
      expected: ["GET /a: read"],
    },
  ])("$name", async ({ input, expected }) => {
    expect(await said({ "/a": input }, READ)).toEqual(expected);
  });
});

describe("an operation has a fault", () => {
  test.each([
    {
      name: "if its reference is not followed",
      input: { get: { $ref: "../a.yaml" } },
      expected: [/^GET \/a: .*folder/],
    },
    {
      name: "if that of its path item is not",
      input: { $ref: "https://a.example/b" },
      expected: [/^\* \/a: .*network/],
    },
    {
      name: "if security stands beside $ref",
      input: { get: { $ref: "read.yaml", ...WRITE } },
      expected: [/`security` stands/],
    },
    {
      name: "if a path item and the one it refers to have the same method",
      input: { $ref: "item.yaml", put: READ },
      expected: [/^\* \/a: `put` stands/],
    },
    { name: "if the path item is no object", input: "get", expected: [/^\* \/a: It is not an object/] },
    {
      name: "if the operation is no object",
      input: { get: null, put: WRITE },
      expected: [/^GET \/a: It is not/, /^PUT \/a: write/],
    },
    { name: "if a method is in upper case", input: { GET: WRITE }, expected: [/^GET \/a: `GET` is not a field/] },
    {
      name: "if a field is of a newer version",
      input: { query: WRITE },
      expected: [/^QUERY \/a: `query` is not a field/],
    },
    { name: "if a function computes it", input: { get: { "Fn::If": [] } }, expected: [/computed by `Fn::If`/] },
    {
      name: "if a function computes its path item",
      input: { "Fn::Transform": {} },
      expected: [/^\* \/a: .*`Fn::Transform`/],
    },
    {
      name: "if a function computes its security",
      input: { get: { security: { "Fn::If": [] } } },
      expected: [/computed by `Fn::If`/],
    },
    {
      name: "if a function computes a scope",
      input: { get: { security: [{ oauth: [{ "Fn::Sub": "a" }] }] } },
      expected: [/computed by `Fn::Sub`/],
    },
    { name: "if a merge key was not merged", input: { get: { "<<": WRITE } }, expected: [/computed by `<<`/] },
    {
      name: "if it is brought in by something other than $ref",
      input: { get: { $Ref: "read.yaml" }, put: { $include: "read.yaml" }, post: { allOf: [{ $ref: "read.yaml" }] } },
      expected: [/computed by `\$Ref`/, /computed by `\$include`/, /computed by `allOf`/],
    },
    {
      name: "if an extension restricts it",
      input: { get: { "x-required-role": "a", ...READ } },
      expected: [/`x-required-role` may restrict/],
    },
    {
      name: "if `security` is written in another way",
      input: { get: { Security: WRITE.security, ...READ } },
      expected: [/`Security` may restrict/],
    },
    {
      name: "if its path item has scopes",
      input: { scopes: ["a"], get: READ },
      expected: [/`scopes` is not a field/, /^GET \/a: The member `scopes` may restrict/],
    },
    {
      name: "if it stands in a document of Swagger 2.0",
      input: { get: { $ref: "swagger.json#/get" } },
      expected: [/security` of its own/],
    },
    {
      name: "if it stands in a file with security of its own",
      input: { get: { $ref: "fragment.json#/get" } },
      expected: [/security` of its own/],
    },
    {
      name: "if an extension restricts its path item",
      input: { "x-scopes": ["a"], get: READ },
      expected: [/`x-scopes` may restrict/],
    },
    {
      name: "if its path item has security",
      input: { ...WRITE, get: READ, put: {} },
      expected: [/^GET \/a: Its path item has `security`/, /^PUT \/a: Its path item/],
    },
    {
      name: "if it stands in a document with security of its own",
      input: { get: { $ref: "other.json#/paths/~1a/get" } },
      expected: [/security` of its own/],
    },
  ])("$name", async ({ input, expected }) => {
    expect(await said({ "/a": input }, READ)).toEqual(expected.map((text) => expect.stringMatching(text)));
  });

  test("if an extension restricts the document", async () => {
    expect(await said({ "/a": { get: READ } }, { "x-amazon-apigateway-policy": {} })).toEqual([
      expect.stringContaining("`x-amazon-apigateway-policy` may restrict"),
    ]);
  });

  test("if it inherits security that cannot be known, and not if it has its own", async () => {
    const security = [{ $ref: "none.yaml" }];
    expect(await said({ "/a": { get: {}, put: WRITE } }, { security })).toEqual([
      expect.stringContaining("names no file"),
      "PUT /a: write",
    ]);
  });

  test("if a YAML tag stands in its place", async () => {
    const file = scratch.write(
      "tags.yaml",
      "openapi: 3.0.3\npaths:\n  /a: { get: !include a.yaml, put: { security: !Sub x }, post: { security: [{ o: [!Ref S] }] } }\n",
    );
    const faults = (await readDocument(file)).operations.map(({ fault }) => fault?.message);
    expect(faults).toEqual(Array(3).fill("A part of it has a YAML tag, such as `!Ref`."));
  });
});

describe("what an operation is besides", () => {
  const mock = { "x-amazon-apigateway-integration": { type: "MOCK" } };
  test.each([
    { name: "a preflight", input: { options: mock }, expected: true },
    { name: "a preflight with empty security", input: { options: { ...mock, security: [] } }, expected: true },
    { name: "no preflight, with scopes", input: { options: { ...mock, ...READ } }, expected: undefined },
    { name: "no preflight, with another method", input: { get: mock }, expected: undefined },
    { name: "no preflight, at an upstream", input: { options: {} }, expected: undefined },
  ])("$name", async ({ input, expected }) => {
    expect((await operationsOf({ "/a": input }))[0]?.isPreflight).toBe(expected);
  });

  test("under the paths of its own servers, or those of its path item", async () => {
    const servers = (path: string) => ({ servers: [{ url: `https://a.example${path}` }] });
    const operations = await operationsOf({
      "/a": { ...servers("/v1"), get: {}, put: servers("/v2") },
      "/b": { get: {} },
    });
    expect(operations.map(({ basePaths }) => basePaths)).toEqual([["/v1"], ["/v2"], undefined]);
  });
});

describe("parts that are references", () => {
  test("the paths and the schemes are found in other files", async () => {
    scratch.write(
      "parts.yaml",
      "paths: { /a: { get: {} } }\nschemes: { oauth: { $ref: '#/oauth' } }\noauth: { type: oauth2 }\n",
    );
    const file = scratch.write("openapi.json", {
      openapi: "3.1.0",
      paths: { $ref: "parts.yaml#/paths" },
      components: { securitySchemes: { $ref: "parts.yaml#/schemes" } },
    });
    const { operations, schemes } = await readDocument(file);
    expect(operations).toHaveLength(1);
    expect(schemes.get("oauth")).toMatchObject({ kind: "token" });
  });

  test("a scheme whose reference is not followed is unknown", async () => {
    const file = scratch.write("openapi.json", {
      openapi: "3.1.0",
      paths: {},
      components: { securitySchemes: { oauth: { $ref: "none.yaml" } } },
    });
    expect((await readDocument(file)).schemes.get("oauth")).toMatchObject({ kind: "unknown" });
  });

  test("paths whose reference is not followed leave nothing to read", async () => {
    const file = scratch.write("openapi.json", { openapi: "3.1.0", paths: { $ref: "none.yaml" } });
    await expect(readDocument(file)).rejects.toThrow(InputError);
  });
});

test("Swagger 2.0 is refused, and the way out is named", async () => {
  const file = scratch.write("openapi.json", { swagger: "2.0", paths: {} });
  await expect(readDocument(file)).rejects.toThrow("it has version 2.0. Convert it to OpenAPI 3 first.");
});

describe("the number of operations, security entries and scopes, references written out", () => {
  // Each path item is one operation with 1 alternative, 1 scheme and 97 scopes.
  const scopes = Array.from({ length: 97 }, (_, index) => `s${index}`);
  test.each([
    { name: "just inside", paths: MAX_DOCUMENT_ENTRIES / 100, ok: true },
    { name: "just outside", paths: MAX_DOCUMENT_ENTRIES / 100 + 1, ok: false },
  ])("$name", async ({ paths, ok }) => {
    const items = Array.from({ length: paths }, (_, index) => [`/${index}`, { $ref: "#/x-item" }] as const);
    const read = operationsOf(Object.fromEntries(items), { "x-item": { get: { security: [{ oauth: scopes }] } } });
    if (ok) expect(await read).toHaveLength(paths);
    else await expect(read).rejects.toThrow("more than 200000 operations, security entries and scopes");
  });
});
