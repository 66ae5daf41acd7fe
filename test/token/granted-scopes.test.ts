import { describe, expect, it } from "vitest";
import { grantedScopes } from "../../src/token/granted-scopes.ts";
import { API, clientOf, declare, EXAMPLE_SCOPES, issuerOf } from "../support/policy/example-policy.ts";
import { claimsOf } from "../support/token/tokens.ts";

const ORDERS = "https://orders.example";
const STOCK = "https://stock.example";
const FULL = issuerOf({ scopeNames: "full" });
const SHORT = issuerOf({ scopeNames: "short" });

/** `read` is declared twice, `refund` and `count` once each. */
const TWO_SERVERS = declare({ [ORDERS]: { read: [], refund: [] }, [STOCK]: { read: [], count: [] } });

describe("grantedScopes with full names", () => {
  const policy = declare(EXAMPLE_SCOPES);

  it.each([
    { name: "grants a declared full name", scope: `${API}/read:orders`, expected: ["read:orders"] },
    {
      name: "keeps the token's order",
      scope: `${API}/write:products ${API}/read:orders`,
      expected: ["write:products", "read:orders"],
    },
    { name: "names each scope once", scope: `${API}/read:orders ${API}/read:orders`, expected: ["read:orders"] },
    { name: "passes over what is not declared", scope: `openid ${API}/read:orders x/y`, expected: ["read:orders"] },
    { name: "grants nothing by a short name", scope: "read:orders", expected: [] },
    { name: "compares exactly", scope: `${API}/READ:ORDERS ${API}//read:orders ${API}/read:orders/x`, expected: [] },
    { name: "grants nothing by a wildcard", scope: `${API}/* *`, expected: [] },
    { name: "does not take a tab for a space", scope: `${API}/read:orders\t${API}/read:products`, expected: [] },
    { name: "does not take a line break for a space", scope: `${API}/read:orders\n`, expected: [] },
    { name: "takes further spaces for empty names", scope: ` ${API}/read:orders  `, expected: ["read:orders"] },
    { name: "does not take a comma for a space", scope: `${API}/read:orders,${API}/read:products`, expected: [] },
    {
      name: "reads a list",
      scope: [`${API}/read:orders`, `${API}/read:products`],
      expected: ["read:orders", "read:products"],
    },
    { name: "does not split the items of a list", scope: [`${API}/read:orders ${API}/read:products`], expected: [] },
    {
      name: "passes over items that are no strings",
      scope: [1, null, [`${API}/read:orders`], `${API}/read:products`],
      expected: ["read:products"],
    },
    { name: "grants nothing by an empty string", scope: "", expected: [] },
    { name: "grants nothing without the claim", scope: undefined, expected: [] },
    {
      name: "reads the names of an object's members",
      scope: { [`${API}/read:orders`]: true, [`${API}/read:products`]: {}, [`${API}/write:orders read`]: 1 },
      expected: ["read:orders", "read:products"],
    },
    {
      name: "passes over members that say no",
      scope: { [`${API}/read:orders`]: false, [`${API}/write:orders`]: null, [`${API}/read:products`]: 0 },
      expected: ["read:products"],
    },
    { name: "grants nothing by a number", scope: 1, expected: [] },
    { name: "grants nothing by an inherited name", scope: "constructor __proto__ toString", expected: [] },
  ])("$name", ({ scope, expected }) => {
    const { names } = grantedScopes(claimsOf({ scope }), FULL, policy, undefined);
    expect(names).toEqual(expected.map((shortName) => `${API}/${shortName}`));
  });

  it("reads the claim that the issuer names", () => {
    const issuer = issuerOf({ scopeClaim: [["realm_access", "roles"]] });
    const claims = claimsOf({ scope: `${API}/write:orders`, realm_access: { roles: [`${API}/read:products`] } });
    expect(grantedScopes(claims, issuer, policy, undefined).names).toEqual([`${API}/read:products`]);
  });

  it("adds what a scope implies to the effective ones only", () => {
    const { names, effective } = grantedScopes(claimsOf({ scope: `${API}/write:orders` }), FULL, policy, undefined);
    expect(names).toEqual([`${API}/write:orders`]);
    expect([...effective]).toEqual([`${API}/write:orders`, `${API}/read:orders`]);
  });

  it("takes known scopes by the issuer, and by the names that the token grants, after the client's limits", () => {
    const client = clientOf("customer", [`${API}/write:orders`]);
    const known = { issuer: FULL.name, names: [`${API}/write:orders`], effective: new Set([`${API}/write:orders`]) };
    const claims = claimsOf({ scope: `${API}/write:orders openid ${API}/read:products` });
    const asked: unknown[] = [];
    const knownScopes = (issuer: string, names: readonly string[]) => {
      asked.push([issuer, names]);
      return known;
    };
    expect(grantedScopes(claims, FULL, policy, client, knownScopes)).toBe(known);
    expect(asked).toEqual([[FULL.name, [`${API}/write:orders`]]]);
  });

  it("limits the token to what the client may be granted", () => {
    const client = clientOf("customer", [`${API}/read:orders`]);
    const claims = claimsOf({ scope: `${API}/read:orders ${API}/write:products` });
    const { names, effective } = grantedScopes(claims, FULL, policy, client);
    expect(names).toEqual([`${API}/read:orders`]);
    expect([...effective]).toEqual([`${API}/read:orders`]);
  });

  describe("a scope that another one implies", () => {
    const client = clientOf("customer", [`${API}/write:orders`]);

    it("counts though the client is registered for the other one only", () => {
      const { effective } = grantedScopes(claimsOf({ scope: `${API}/write:orders` }), FULL, policy, client);
      expect([...effective]).toEqual([`${API}/write:orders`, `${API}/read:orders`]);
    });

    it("grants nothing in a token of a client that is not registered for it itself", () => {
      const { effective } = grantedScopes(claimsOf({ scope: `${API}/read:orders` }), FULL, policy, client);
      expect([...effective]).toEqual([]);
    });
  });
});

describe("grantedScopes with short names", () => {
  it.each([
    { name: "takes full names too", aud: "api", scope: `${ORDERS}/read`, expected: [`${ORDERS}/read`] },
    {
      name: "takes a full name for any audience",
      aud: STOCK,
      scope: `${ORDERS}/read`,
      expected: [`${ORDERS}/read`],
    },
    { name: "reads a short name under the audience", aud: ORDERS, scope: "read", expected: [`${ORDERS}/read`] },
    {
      name: "reads it under each audience",
      aud: [ORDERS, STOCK],
      scope: "read",
      expected: [`${ORDERS}/read`, `${STOCK}/read`],
    },
    { name: "passes over audiences it does not know", aud: ["x", STOCK], scope: "read", expected: [`${STOCK}/read`] },
    { name: "grants nothing that the audience does not declare", aud: ORDERS, scope: "count", expected: [] },
    { name: "reads a name declared once under its server", aud: "x", scope: "count", expected: [`${STOCK}/count`] },
    { name: "does so without an audience", aud: undefined, scope: "refund", expected: [`${ORDERS}/refund`] },
    { name: "grants nothing by a name declared twice", aud: "x", scope: "read", expected: [] },
    { name: "does not take an audience of the wrong type", aud: [ORDERS, 1], scope: "read", expected: [] },
    { name: "compares the audience exactly", aud: `${ORDERS}/`, scope: "read", expected: [] },
    { name: "grants nothing by a name that nobody declares", aud: undefined, scope: "drop", expected: [] },
    { name: "grants nothing by a part of a name", aud: ORDERS, scope: "rea refund/x", expected: [] },
    {
      name: "reads short names in a list",
      aud: ORDERS,
      scope: ["read", "refund"],
      expected: [`${ORDERS}/read`, `${ORDERS}/refund`],
    },
    {
      name: "names a scope once that is there in both ways",
      aud: ORDERS,
      scope: `read ${ORDERS}/read`,
      expected: [`${ORDERS}/read`],
    },
  ])("$name", ({ aud, scope, expected }) => {
    expect(grantedScopes(claimsOf({ aud, scope }), SHORT, TWO_SERVERS, undefined).names).toEqual(expected);
  });

  it("limits the token to what the client may be granted", () => {
    const client = clientOf("customer", [`${STOCK}/read`]);
    const claims = claimsOf({ aud: [ORDERS, STOCK], scope: "read refund" });
    expect(grantedScopes(claims, SHORT, TWO_SERVERS, client).names).toEqual([`${STOCK}/read`]);
  });
});

describe("grants", () => {
  const policy = declare(EXAMPLE_SCOPES);
  const read = `${API}/read:orders`;
  const write = `${API}/write:orders`;
  const grants = [
    {
      claim: ["cognito:groups"],
      byValue: new Map([
        ["staff", [read, write]],
        ["constructor", [read]],
      ]),
    },
    { claim: ["realm", "roles"], byValue: new Map([["a b", [read]]]) },
  ];
  const issuer = issuerOf({ grants });

  it.each([
    { name: "a string", claims: { "cognito:groups": "staff" }, expected: [read, write] },
    { name: "an item of a list", claims: { "cognito:groups": ["x", "staff"] }, expected: [read, write] },
    { name: "the name of an object's member", claims: { "cognito:groups": { staff: {} } }, expected: [read, write] },
    { name: "a value inside a claim", claims: { realm: { roles: ["a b"] } }, expected: [read] },
    {
      name: "several values, each scope once",
      claims: { "cognito:groups": ["staff"], realm: { roles: "a b" } },
      expected: [read, write],
    },
    {
      name: "a value that every object has as a name",
      claims: { "cognito:groups": ["constructor"] },
      expected: [read],
    },
  ])("come from $name", ({ claims, expected }) => {
    expect(grantedScopes(claimsOf({ scope: undefined, ...claims }), issuer, policy, undefined).names).toEqual(expected);
  });

  it.each([
    { name: "another case", claims: { "cognito:groups": ["Staff"] } },
    { name: "a space at an end", claims: { "cognito:groups": "staff " } },
    { name: "one of several words of a string", claims: { "cognito:groups": "staff other" } },
    { name: "a list inside a list", claims: { "cognito:groups": [["staff"]] } },
    { name: "an object inside a list", claims: { "cognito:groups": [{ staff: true }] } },
    { name: "a member that is false", claims: { "cognito:groups": { staff: false } } },
    { name: "a member that is null", claims: { "cognito:groups": { staff: null } } },
    { name: "a number, a boolean or nothing", claims: { "cognito:groups": 1, realm: { roles: true } } },
    { name: "the claim's name as a path", claims: { cognito: { groups: ["staff"] } } },
    { name: "an inherited name", claims: { "cognito:groups": {} } },
    { name: "words that a scope claim would split", claims: { realm: { roles: "a" } } },
    { name: "a scope's name in the claim", claims: { "cognito:groups": [write] } },
  ])("do not come from $name", ({ claims }) => {
    expect(grantedScopes(claimsOf({ scope: undefined, ...claims }), issuer, policy, undefined).names).toEqual([]);
  });

  it("join the scopes of the token, and are cut to the registration with them", () => {
    const claims = claimsOf({ scope: `${API}/read:products`, "cognito:groups": ["staff"] });
    expect(grantedScopes(claims, issuer, policy, undefined).names).toEqual([`${API}/read:products`, read, write]);
    expect(grantedScopes(claims, issuer, policy, clientOf("web", [read])).names).toEqual([read]);
  });

  it("count with what they imply", () => {
    const byValue = new Map([["staff", [write]]]);
    const implying = issuerOf({ grants: [{ claim: ["groups"], byValue }] });
    const { effective } = grantedScopes(claimsOf({ scope: undefined, groups: "staff" }), implying, policy, undefined);
    expect([...effective]).toEqual([write, read]);
  });

  it("are those of the token's own issuer, also if two issuers' tokens have one claim", () => {
    const other = issuerOf({ grants: [{ claim: ["cognito:groups"], byValue: new Map([["staff", [read]]]) }] });
    const claims = claimsOf({ scope: undefined, "cognito:groups": ["staff"] });
    expect(grantedScopes(claims, other, policy, undefined).names).toEqual([read]);
    expect(grantedScopes(claims, issuer, policy, undefined).names).toEqual([read, write]);
  });

  it("reads every claim of a list of scope claims", () => {
    const several = issuerOf({ scopeClaim: [["permissions"], ["scope"]] });
    const claims = claimsOf({ scope: read, permissions: [write] });
    expect(grantedScopes(claims, several, policy, undefined).names).toEqual([write, read]);
  });
});
