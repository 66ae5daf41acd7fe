import { describe, expect, test } from "vitest";
import { readScheme } from "../../../src/cli/openapi/document/read-scheme.ts";
import { needOf } from "../../../src/cli/openapi/needs.ts";

const schemes = new Map(
  Object.entries({
    oauth: { type: "oauth2" },
    oidc: { type: "openIdConnect" },
    jwt: { type: "http", scheme: "bearer" },
    basic: { type: "http", scheme: "basic" },
    key: { type: "apiKey" },
    pool: { type: "apiKey", "x-amazon-apigateway-authtype": "cognito_user_pools" },
    lambda: { type: "apiKey", "x-amazon-apigateway-authtype": "custom" },
  }).map(([name, scheme]) => [name, readScheme(scheme)] as const),
);
const scopes = (...anyOf: string[][]) => ({ kind: "scopes", anyOf });

describe("what a document says a caller needs", () => {
  test.each([
    { name: "is unknown where it says nothing", input: undefined, expected: undefined },
    { name: "is nothing where the list is empty", input: [], expected: { kind: "public" } },
    { name: "is nothing where the only alternative is empty", input: [{}], expected: { kind: "public" } },
    {
      name: "is an optional token where one alternative is empty, and one is a token",
      input: [{ oauth: [] }, {}],
      expected: { kind: "optional" },
    },
    {
      name: "is nothing where one alternative is empty, and the others use no token",
      input: [{}, { key: [] }, { basic: [] }],
      expected: { kind: "public" },
    },
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
      input: [{ oauth: [] }, { jwt: [], key: [] }],
      expected: { kind: "authenticated" },
      unchecked: ["key"],
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
      name: "is all scopes where an authorizer of Amazon takes any",
      input: [{ pool: ["a", "b"] }],
      expected: scopes(["a", "b"]),
      isTighter: true,
    },
    { name: "is one scope where an authorizer of Amazon takes one", input: [{ pool: ["a"] }], expected: scopes(["a"]) },
  ])("$name", ({ input, expected, unchecked = [], isTighter = false }) => {
    const read = needOf({ method: "GET", path: "/", security: securityOf(input) }, { schemes });
    expect(read).toEqual({ ok: true, value: { need: expected, unchecked, isTighter } });
  });
});

describe("what a caller needs cannot be read", () => {
  test.each([
    {
      name: "if a scheme is not declared",
      input: [{ nobody: ["a"] }],
      message: "The security scheme `nobody` is not declared.",
      hint: "Declare it in `components.securitySchemes`.",
    },
    {
      name: "if the name of a scheme has other case",
      input: [{ OAuth: ["a"] }],
      message: "The security scheme `OAuth` is not declared.",
      hint: "Did you mean `oauth`?",
    },
    { name: "if a scheme without scopes is not declared", input: [{ nobody: [] }], message: /not declared/ },
    { name: "if one alternative is not declared", input: [{ oauth: ["a"] }, { nobody: [] }], message: /not declared/ },
    { name: "if one alternative is empty and one not declared", input: [{}, { nobody: [] }], message: /not declared/ },
    { name: "if a scheme is not declared beside another", input: [{ oauth: ["a"], nobody: [] }], message: /declared/ },
    {
      name: "if code decides who may call",
      input: [{ lambda: [] }],
      message: /`lambda`: It uses the authorizer `custom`/,
    },
    { name: "if code decides, too", input: [{ oauth: ["a"], lambda: [] }], message: /authorizer `custom`/ },
    { name: "if a key lists roles", input: [{ key: ["admin"] }], message: /`key` lists scopes/ },
    { name: "if Basic lists roles beside a token", input: [{ oauth: ["a"], basic: ["b"] }], message: /`basic` lists/ },
    {
      name: "if one alternative lists scopes and one is empty",
      input: [{ oauth: ["a"] }, {}],
      message: "One alternative of its `security` lists scopes, and another admits callers without any.",
    },
    {
      name: "if one lists scopes and a token alone will do",
      input: [{ oauth: ["a"] }, { jwt: [] }],
      message: /without/,
    },
  ])("$name", ({ input, message, hint }) => {
    const read = needOf({ method: "GET", path: "/", security: securityOf(input) }, { schemes });
    const text = typeof message === "string" ? message : expect.stringMatching(message);
    expect(read).toEqual({ ok: false, failure: { message: text, hint: hint ?? expect.stringMatching(/\.$|\?$/) } });
  });

  test("if the operation itself cannot", () => {
    const fault = { message: "It is not an object.", hint: "Correct it." };
    expect(needOf({ method: "GET", path: "/", security: [], fault }, { schemes })).toEqual({
      ok: false,
      failure: fault,
    });
  });
});

function securityOf(input: readonly Readonly<Record<string, string[] | undefined>>[] | undefined) {
  return input?.map(
    (alternative) => new Map(Object.entries(alternative).filter((it): it is [string, string[]] => it[1] !== undefined)),
  );
}
