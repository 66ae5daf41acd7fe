import { describe, expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { assumeToken } from "../../src/explain/assumed-token.ts";
import { PROFILE_NAMES } from "../../src/policy/profiles.ts";
import { API, clientOf, EXAMPLE_SCOPES, issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { accepted } from "../support/token/outcome.ts";

const customer = clientOf("customer", [`${API}/read:orders`]);
const clients = new Map([[customer.id, customer]]);
/** Of every profile; a Cognito issuer's audiences are clients. */
const audiences = new Set(["https://shop.example", "customer"]);

describe.each(PROFILE_NAMES)("a token assumed of profile %s", (profile) => {
  const policy = policyOf([issuerOf({ profile, audiences })], EXAMPLE_SCOPES, { clients });

  it("is admitted, with what is known and nothing else", () => {
    const token = assumeToken(policy, customer, [...customer.scopes]);
    expect(token && accepted(token.admission)).toMatchObject({
      claims: { iss: "https://issuer.example/pool", client_id: "customer", scope: `${API}/read:orders` },
      subject: undefined,
      clientId: "customer",
      granted: { names: [`${API}/read:orders`] },
    });
    expect(Object.keys(token?.claims ?? {})).toEqual(["iss", "client_id", "scope"]);
  });
});

describe("assumeToken", () => {
  it("gives an ambiguous short name no meaning because of the assumed audience", () => {
    const declared = { "https://shop.example": { read: [] }, "https://other.example": { read: [] } };
    const issuer = issuerOf({ profile: "generic", audiences, scopeNames: "short" });
    const token = assumeToken(policyOf([issuer], declared), undefined, ["read"]);
    expect(token && accepted(token.admission).granted.names).toEqual([]);
    expect(token?.claims["scope"]).toBe("read");
  });

  it("writes scopes where the issuer's tokens have them", () => {
    const issuer = issuerOf({ scopeClaim: [["realm", "scopes"]] });
    const token = assumeToken(policyOf([issuer]), customer, [`${API}/read:orders`]);
    expect(token?.claims).toMatchObject({ realm: { scopes: `${API}/read:orders` } });
    expect(token && accepted(token.admission).granted.names).toEqual([`${API}/read:orders`]);
  });

  it("limits a registered client to its scopes where clients must be registered", () => {
    const policy = policyOf([issuerOf({ registeredClientsOnly: true })], EXAMPLE_SCOPES, { clients });
    const token = assumeToken(policy, customer, [`${API}/read:orders`, `${API}/write:orders`]);
    expect(token && accepted(token.admission).granted.names).toEqual([`${API}/read:orders`]);
  });

  it("comes from the issuer of a registered client, or else from the first issuer that accepts it", () => {
    const closed = issuerOf({ name: "closed", issuer: "https://closed.example", audiences: new Set(["admin"]) });
    const open = issuerOf({ name: "open", issuer: "https://open.example" });
    expect(assumeToken(policyOf([closed, open]), undefined, [])?.issuer.name).toBe("open");
    const its = (issuer: string) => assumeToken(policyOf([open, closed]), clientOf("customer", [], issuer), []);
    expect(its("open")?.issuer.name).toBe("open");
    expect(its("closed")?.issuer.name).toBe("closed");
    expect(its("closed")?.admission).toBeInstanceOf(Denial);
  });

  it("needs an issuer", () => {
    expect(assumeToken(policyOf([]), customer, [])).toBeUndefined();
  });
});

describe("a token of a client that nobody named", () => {
  const OPEN = issuerOf({ name: "open", issuer: "https://open.example" });
  it.each([
    {
      name: "is of the first client that the issuer's audiences name",
      named: { audiences: ["admin", "web"] },
      client: "admin",
    },
    { name: "is of no client where any is accepted", named: { audiences: undefined }, client: undefined },
    {
      name: "is of no client where an audience lets any in",
      named: { audiences: ["admin", "https://shop.example"] },
      client: undefined,
    },
    {
      name: "is of a client of the audiences where the client alone is compared",
      named: { profile: "generic" as const, audiences: ["admin"], audienceClaims: [["client_id"]] },
      client: "admin",
    },
  ])("and that comes from one issuer $name", ({ named: { audiences: listed, ...members }, client }) => {
    const issuer = issuerOf({ ...members, audiences: listed && new Set(listed) });
    const policy = policyOf([issuer, OPEN], EXAMPLE_SCOPES, { clients });
    const token = assumeToken(policy, undefined, [`${API}/write:orders`], issuer);
    expect(token && accepted(token.admission)).toMatchObject({ clientId: client, issuer: { name: issuer.name } });
    expect(token?.assumedClient).toBe(client);
    expect(token && accepted(token.admission).granted.names).toEqual([`${API}/write:orders`]);
  });

  it.each([
    { name: "if each registration decides", named: { registeredClientsOnly: true }, from: "named" },
    { name: "if nobody named the issuer", named: {}, from: "any" },
  ])("is of no client $name", ({ named, from }) => {
    const issuer = issuerOf({ ...named, audiences: new Set(["admin"]) });
    const token = assumeToken(policyOf([issuer]), undefined, [], from === "named" ? issuer : undefined);
    expect(token?.assumedClient).toBeUndefined();
    expect(token?.admission).toMatchObject({ reason: "client-mismatch" });
  });
});

describe("a token of a Cognito client that asks for an audience", () => {
  it.each([
    {
      name: "is assumed where only that gets it in",
      audiences: ["admin", "https://shop.example"],
      boundTo: "https://shop.example",
    },
    {
      name: "is not assumed where the client id is enough",
      audiences: ["https://shop.example", "customer"],
      boundTo: undefined,
    },
  ])("$name", ({ audiences: listed, boundTo }) => {
    const policy = policyOf([issuerOf({ audiences: new Set(listed) })], EXAMPLE_SCOPES, { clients });
    const token = assumeToken(policy, customer, [...customer.scopes]);
    expect(token?.boundTo).toBe(boundTo);
    expect(token && accepted(token.admission).granted.names).toEqual([`${API}/read:orders`]);
  });
});
