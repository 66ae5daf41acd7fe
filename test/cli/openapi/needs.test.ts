import { describe, expect, test } from "vitest";
import { needOf } from "../../../src/cli/openapi/needs.ts";
import type { SecurityScheme } from "../../../src/cli/openapi/read-document.ts";

const scheme = (type: string, name?: string): SecurityScheme => ({ type, scheme: name, scopes: new Map() });
const schemes = new Map([
  ["oauth", scheme("oauth2")],
  ["oidc", scheme("openIdConnect")],
  ["jwt", scheme("http", "bearer")],
  ["basic", scheme("http", "basic")],
  ["key", scheme("apiKey")],
]);
const scopes = (...anyOf: string[][]) => ({ kind: "scopes", anyOf });

describe("what a document says a caller needs", () => {
  test.each([
    { name: "is unknown where it says nothing", input: undefined, expected: undefined },
    { name: "is nothing where the list is empty", input: [], expected: { kind: "public" } },
    { name: "is nothing where one alternative is empty", input: [{ oauth: ["a"] }, {}], expected: { kind: "public" } },
    { name: "is a scope", input: [{ oauth: ["a"] }], expected: scopes(["a"]) },
    {
      name: "is all scopes of an alternative",
      input: [{ oauth: ["a", "b"], oidc: ["c", "a"] }],
      expected: scopes(["a", "b", "c"]),
    },
    {
      name: "is any of the alternatives",
      input: [{ oauth: ["a", "b"] }, { jwt: ["c"] }],
      expected: scopes(["a", "b"], ["c"]),
    },
    {
      name: "is any token where one alternative has no scopes",
      input: [{ oauth: ["a"] }, { jwt: [] }],
      expected: { kind: "authenticated" },
    },
    {
      name: "leaves out a key that is needed as well",
      input: [{ oauth: ["a"], key: [] }],
      expected: scopes(["a"]),
      unchecked: ["key"],
    },
    {
      name: "takes no key for a way in",
      input: [{ oauth: ["a"] }, { key: [] }],
      expected: scopes(["a"]),
      unchecked: ["key"],
    },
    {
      name: "is a token even where only a key will do",
      input: [{ key: [] }, { basic: [] }],
      expected: { kind: "authenticated" },
      unchecked: ["key", "basic"],
    },
    {
      name: "takes no scheme on trust that is not declared",
      input: [{ nobody: ["a"] }],
      expected: { kind: "authenticated" },
      unchecked: ["nobody"],
    },
  ])("$name", ({ input, expected, unchecked = [] }) => {
    const security = input?.map(
      (alternative) =>
        new Map(Object.entries(alternative).filter((it): it is [string, string[]] => it[1] !== undefined)),
    );
    expect(needOf({ method: "GET", path: "/", security }, { schemes })).toEqual({ need: expected, unchecked });
  });
});
