// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of the file under test.

import { describe, expect, it } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../support/policy/policy-file.ts";

const API = "https://api.example";

/** A file whose issuer has these grants. */
function fileWith(grants: unknown, members: Record<string, unknown> = {}) {
  return policyFileWith({
    issuers: { main: { issuer: "https://issuer.example", profile: "cognito", grants, ...members } },
    resourceServers: {
      [API]: { scopes: { "read:orders": "Read orders", "write:orders": "Write orders" } },
      "https://stock.example": { scopes: { count: "Count", "read:orders": "Read orders" } },
    },
    routes: [{ path: "/orders", methods: ["GET"], scopes: ["write:orders"], upstream: "orders" }],
  });
}

/** What the issuer's grants are, as plain data. */
function grantsOf(grants: unknown) {
  const [issuer] = compiled(fileWith(grants)).issuers.values();
  return issuer?.grants.map(({ claim, byValue }) => ({ claim, ...Object.fromEntries(byValue) }));
}

describe("the grants of an issuer", () => {
  it.each([
    { name: "are none by default", input: undefined, expected: [] },
    {
      name: "map a value of a claim to full names",
      input: { "cognito:groups": { staff: ["write:orders", `${API}/read:orders`] } },
      expected: [{ claim: ["cognito:groups"], staff: [`${API}/read:orders`, `${API}/write:orders`] }],
    },
    {
      name: "take a URL for the name of a claim",
      input: { "https://x/roles": { staff: ["count"] } },
      expected: [{ claim: ["https://x/roles"], staff: ["https://stock.example/count"] }],
    },
    {
      name: "take a JSON Pointer",
      input: { "/realm_access/roles": { "a b": ["count"] } },
      expected: [{ claim: ["realm_access", "roles"], "a b": ["https://stock.example/count"] }],
    },
    {
      name: "expand wildcards, each scope once",
      input: { roles: { staff: ["*:orders", "write:*"] } },
      expected: [
        {
          claim: ["roles"],
          staff: [`${API}/read:orders`, `${API}/write:orders`, "https://stock.example/read:orders"],
        },
      ],
    },
    {
      name: "have one order, whatever the file's",
      input: { b: { x: ["count"] }, a: { x: ["count"] } },
      expected: [
        { claim: ["a"], x: ["https://stock.example/count"] },
        { claim: ["b"], x: ["https://stock.example/count"] },
      ],
    },
    {
      name: "may be of a claim that the issuer reads scopes from as well",
      input: { scope: { staff: ["count"] } },
      expected: [{ claim: ["scope"], staff: ["https://stock.example/count"] }],
    },
  ])("$name", ({ input, expected }) => {
    const file = input === undefined ? fileWith({ roles: { x: ["count"] } }) : fileWith(input);
    if (input === undefined) delete (file.issuers.main as { grants?: unknown }).grants;
    expect(input === undefined ? [...compiled(file).issuers.values()][0]?.grants : grantsOf(input)).toEqual(expected);
  });
});

describe("a fault is a grant", () => {
  it.each([
    {
      name: "of an undeclared scope",
      grants: { roles: { staff: ["reed:stock"] } },
      expected: [/staff\[0\]: The scope/],
    },
    { name: "of a misspelled scope", grants: { roles: { staff: ["cuont"] } }, expected: [/Did you mean `count`\?/] },
    {
      name: "of a name that two resource servers declare",
      grants: { roles: { staff: ["read:orders"] } },
      expected: [/2 resource servers declare the scope `read:orders`/],
    },
    {
      name: "by a wildcard that matches nothing",
      grants: { roles: { staff: ["*:users"] } },
      expected: [/staff\[0\]: No declared scope matches `\*:users`/],
    },
    {
      name: "with a variable",
      grants: { roles: { staff: ["${SCOPE}"] } },
      expected: [/Variables are not replaced in `grants`/],
    },
    { name: "of no scope", grants: { roles: { staff: [] } }, expected: [/roles\.staff: This is empty/] },
    { name: "of no value", grants: { roles: {} }, expected: [/grants\.roles: This is empty/] },
    { name: "of no claim", grants: {}, expected: [/main\.grants: This is empty/] },
    { name: "that is no list", grants: { roles: { staff: "count" } }, expected: [/staff: Found/] },
    { name: "by an empty value", grants: { roles: { "": ["count"] } }, expected: [/This is empty/] },
    { name: "by a broken pointer", grants: { "/a~2": { x: ["count"] } }, expected: [/This is not a JSON Pointer/] },
    {
      name: "by two spellings of one claim",
      grants: { roles: { x: ["count"] }, "/roles": { y: ["count"] } },
      expected: [/\["\/roles"\]: This is another spelling/],
    },
    ...["iss", "aud", "exp", "nbf", "iat", "cnf", "/aud/0", "/cnf/jkt"].map((claim) => ({
      name: `by the claim ${claim}`,
      grants: { [claim]: { x: ["count"] } },
      expected: [/cannot grant scopes/],
    })),
  ])("$name", ({ grants, expected }) => {
    expect(faultsOf(fileWith(grants))).toEqual(expected.map((text) => expect.stringMatching(text)));
  });

  it.each([
    {
      name: "by its name",
      scope: "count",
      expected: [/`https:\/\/stock\.example` does not let the issuer `main` grant/],
    },
    {
      name: "by a wildcard that matches no other",
      scope: "co*",
      expected: [/No scope that matches `co\*` may be granted/],
    },
    { name: "and none by a wildcard that matches others, too", scope: "*", expected: [] },
  ])("of a scope that the issuer may not grant, $name", ({ scope, expected }) => {
    const { resourceServers, issuers, ...rest } = fileWith({ roles: { staff: [scope] } });
    const other = { issuer: "https://other.example", profile: "cognito" };
    const stock = { scopes: { count: "Count", "read:orders": "Read orders" }, issuers: ["other"] };
    const file = {
      ...rest,
      issuers: { ...issuers, other },
      resourceServers: { ...resourceServers, "https://stock.example": stock },
    };
    expect(faultsOf(file)).toEqual(expected.map((text) => expect.stringMatching(text)));
    if (expected.length > 0) return;
    const [main] = compiled(file).issuers.values();
    expect(main?.grants[0]?.byValue.get("staff")).toEqual([`${API}/read:orders`, `${API}/write:orders`]);
  });

  it("only once, if the declaration that it depends on is faulty", () => {
    const file = { ...fileWith({ roles: { staff: ["count", "*:x"] } }), resourceServers: { [API]: 1 } };
    expect(faultsOf(file)).toEqual([expect.stringMatching(/resourceServers/)]);
  });

  it("at every place, with its path", () => {
    const faults = faultsOf(fileWith({ roles: { staff: ["nope"], lead: ["nope"] } }));
    expect(faults).toEqual([
      expect.stringMatching(/^\$\.issuers\.main\.grants\.roles\.staff\[0\]: /),
      expect.stringMatching(/^\$\.issuers\.main\.grants\.roles\.lead\[0\]: /),
    ]);
  });
});
