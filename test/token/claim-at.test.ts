import { describe, expect, it } from "vitest";
import { claimAt } from "../../src/token/claim-at.ts";

const CLAIMS = {
  sub: "user-1",
  empty: null,
  "https://example.com/roles": ["admin", "editor"],
  realm_access: { roles: ["reader"], "a/b": { "": 1 } },
  text: "abc",
};

describe("claimAt", () => {
  it.each([
    { name: "reads a claim by its name", path: ["sub"], expected: "user-1" },
    { name: "reads a name that looks like a URL", path: ["https://example.com/roles"], expected: ["admin", "editor"] },
    { name: "reads a member of an object", path: ["realm_access", "roles"], expected: ["reader"] },
    { name: "reads an item of a list", path: ["realm_access", "roles", "0"], expected: "reader" },
    { name: "reads members with odd names", path: ["realm_access", "a/b", ""], expected: 1 },
    { name: "reads null", path: ["empty"], expected: null },
    { name: "gives all claims for the empty path", path: [], expected: CLAIMS },
    { name: "finds nothing under an unknown name", path: ["nobody"], expected: undefined },
    { name: "finds nothing beneath null", path: ["empty", "x"], expected: undefined },
    { name: "finds nothing beneath a string", path: ["text", "0"], expected: undefined },
    { name: "finds no length of a string", path: ["text", "length"], expected: undefined },
    { name: "finds nothing beyond a list's end", path: ["realm_access", "roles", "1"], expected: undefined },
    { name: "takes no index with a leading zero", path: ["realm_access", "roles", "00"], expected: undefined },
    {
      name: "finds no length of a list, which no issuer wrote",
      path: ["realm_access", "roles", "length"],
      expected: undefined,
    },
    { name: "finds no inherited member", path: ["constructor"], expected: undefined },
    { name: "finds no prototype", path: ["__proto__"], expected: undefined },
    { name: "finds no inherited member of a list", path: ["realm_access", "roles", "join"], expected: undefined },
  ])("$name", ({ path, expected }) => {
    expect(claimAt(CLAIMS, path)).toEqual(expected);
  });

  it.each(["constructor", "__proto__"])("reads a member that an issuer called %s", (name) => {
    expect(claimAt(JSON.parse(`{"${name}":"x"}`), [name])).toBe("x");
  });
});
