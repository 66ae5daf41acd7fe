import { describe, expect, test } from "vitest";
import { readDocument } from "../../../src/cli/openapi/document/read-document.ts";
import { importOperations } from "../../../src/cli/openapi/import-operations.ts";
import { loadPolicy } from "../../../src/cli/policy-file/policy-source.ts";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { policyFile, policyFileWith } from "../../support/policy/policy-file.ts";
import { needing, petDocument } from "./documents.ts";

const scratch = scratchDirectory();
const OPTIONS = { prefix: "", upstream: undefined, resourceServer: undefined, unsecured: "authenticated" } as const;

async function imported(paths: Readonly<Record<string, unknown>>, policy: object = policyFile()) {
  const loaded = await loadPolicy(scratch.write("policy.json", policy));
  const document = await readDocument(scratch.write("openapi.json", petDocument(paths)));
  const { plan, weakerRoutes } = await importOperations(document, loaded, OPTIONS);
  return {
    routes: plan.routes.map(({ methods, path }) => `${methods} ${path}`),
    skipped: plan.skipped.map(({ method, path, why }) => `${method} ${path}: ${why}`),
    weakerRoutes,
  };
}

const UNKNOWN = { security: [{ nobody: [] }] };

describe("an operation is refused if its route would also serve one", () => {
  test.each([
    {
      name: "that is not understood",
      input: { "/a/{b}": { get: needing("read:pets") }, "/a/c": { get: UNKNOWN } },
      expected: ["GET /a/{b}: Its route would also serve GET /a/c, which cannot be imported."],
    },
    {
      name: "that is not understood, for any method",
      input: { "/a": { "x-amazon-apigateway-any-method": needing("read:pets"), delete: UNKNOWN } },
      expected: ["* /a: Its route would also serve DELETE /a, which cannot be imported."],
    },
    {
      name: "that needs something else",
      input: { "/a/{b}": { post: needing("read:pets") }, "/a/{b}:delete": { post: needing("write:pets") } },
      expected: [
        "POST /a/{b}: Its route would also serve POST /a/{b}:delete, which needs something else.",
        "POST /a/{b}:delete: Its route would also serve POST /a/{b}, which needs something else.",
      ],
    },
    {
      name: "once the more specific one is refused as well",
      input: {
        "/{rest+}": { get: needing("read:pets") },
        "/a/{b}": { get: needing("write:pets") },
        "/a/c": { get: UNKNOWN },
      },
      expected: [
        "GET /a/{b}: Its route would also serve GET /a/c, which cannot be imported.",
        "GET /{rest+}: Its route would also serve GET /a/c, which cannot be imported.",
      ],
    },
  ])("$name", async ({ input, expected }) => {
    const found = await imported(input);
    expect(found.routes).toEqual([]);
    expect(found.skipped).toEqual(expect.arrayContaining(expected));
  });
});

test("the other operations are imported", async () => {
  const found = await imported({
    "/a/{b}": { get: needing("read:pets"), put: needing("write:pets") },
    "/a/c": { get: UNKNOWN },
    "/d": { get: needing("read:pets") },
  });
  expect(found.routes).toEqual(["PUT /a/:b", "GET /d"]);
});

describe("a sentence names an existing route that asks for less than the document", () => {
  const route = (path: string, requirement: object) => ({ path, methods: ["GET"], upstream: "orders", ...requirement });
  test.each([
    {
      name: "that serves an operation of its shape",
      routes: [route("/a", { public: true })],
      expected: ["The existing route GET /a does not ask for all that GET /a needs. Compare them with drift openapi."],
    },
    {
      name: "that serves one that was refused",
      routes: [route("/*", { authenticated: true })],
      expected: ["The existing route GET /* does not ask for all that GET /b needs. Compare them with drift openapi."],
    },
    { name: "and no other", routes: [route("/c", { public: true })], expected: [] },
  ])("$name", async ({ routes, expected }) => {
    const found = await imported(
      { "/a": { get: needing("read:pets") }, "/b": { get: UNKNOWN } },
      policyFileWith({ routes }),
    );
    expect(found.weakerRoutes).toEqual(expected);
  });
});
