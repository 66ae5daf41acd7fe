import { describe, expect, it } from "vitest";
import { admit } from "../../src/token/admit.ts";
import { API, clientOf, EXAMPLE_SCOPES, issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { accepted, outcomeOf } from "../support/token/outcome.ts";
import { claimsOf, NOW_MS, NOW_SECONDS } from "../support/token/tokens.ts";

const issuer = issuerOf();
const strict = issuerOf({ registeredClientsOnly: true });
const customer = clientOf("customer", [`${API}/read:orders`]);
const policy = policyOf([issuer], EXAMPLE_SCOPES, { clients: new Map([[customer.id, customer]]) });
const scope = `${API}/read:orders ${API}/write:products unknown`;

describe("admit", () => {
  it("tells what the claims say and grant", () => {
    const claims = claimsOf({ scope });
    const names = [`${API}/read:orders`, `${API}/write:products`];
    expect(admit(claims, issuer, policy, NOW_MS)).toEqual({
      issuer,
      claims,
      subject: "user-1",
      clientId: "admin",
      granted: { issuer: "main", names, effective: new Set(names) },
      expiresAtSeconds: NOW_SECONDS + 3600,
    });
  });

  it.each([
    { name: "an expired token", changes: { exp: NOW_SECONDS - 5 }, expected: "token-expired" },
    { name: "a token of the wrong use", changes: { token_use: "id" }, expected: "token-type-mismatch" },
    { name: "a token without a required claim", changes: { client_id: undefined }, expected: "claim-missing" },
    { name: "a token that is bound to its sender", changes: { cnf: null }, expected: "token-binding-unsupported" },
    { name: "an expired token that is bound to its sender", changes: { cnf: {}, exp: 1 }, expected: "token-expired" },
  ])("refuses $name", ({ changes, expected }) => {
    expect(outcomeOf(admit(claimsOf(changes), issuer, policy, NOW_MS))).toBe(expected);
  });

  it("checks the times at the time it is given", () => {
    expect(outcomeOf(admit(claimsOf(), issuer, policy, NOW_MS + 3_604_999))).toBe("accepted");
    expect(outcomeOf(admit(claimsOf(), issuer, policy, NOW_MS + 3_605_000))).toBe("token-expired");
  });

  it("refuses an unregistered client where clients must be registered", () => {
    expect(outcomeOf(admit(claimsOf(), strict, policy, NOW_MS))).toBe("client-mismatch");
    expect(outcomeOf(admit(claimsOf(), issuer, policy, NOW_MS))).toBe("accepted");
  });

  it("refuses a bound token before it looks at the client's registration", () => {
    expect(outcomeOf(admit(claimsOf({ cnf: {} }), strict, policy, NOW_MS))).toBe("token-binding-unsupported");
  });

  it("takes a client for registered only in tokens of the issuer that registers it", () => {
    const partner = issuerOf({ name: "partner", issuer: "https://partner.example", registeredClientsOnly: true });
    const [ours, theirs] = [clientOf("admin", [`${API}/write:products`]), clientOf("admin", [], "partner")];
    const both = policyOf([strict, partner], EXAMPLE_SCOPES, {
      clients: new Map([
        ["ours", ours],
        ["theirs", theirs],
      ]),
    });
    const alone = policyOf([strict, partner], EXAMPLE_SCOPES, { clients: new Map([["ours", ours]]) });
    const minted = claimsOf({ scope, client_id: "admin", iss: partner.issuer });
    expect(outcomeOf(admit(minted, partner, alone, NOW_MS))).toBe("client-mismatch");
    expect(accepted(admit(minted, partner, both, NOW_MS)).granted.names).toEqual([]);
    expect(accepted(admit(claimsOf({ scope }), strict, both, NOW_MS)).granted.names).toEqual([`${API}/write:products`]);
  });

  it("goes by the client id of a registration, not by its name", () => {
    const named = policyOf([strict], EXAMPLE_SCOPES, { clients: new Map([["admin", { ...customer, name: "admin" }]]) });
    expect(outcomeOf(admit(claimsOf({ client_id: "admin" }), strict, named, NOW_MS))).toBe("client-mismatch");
    expect(outcomeOf(admit(claimsOf({ client_id: "customer" }), strict, named, NOW_MS))).toBe("accepted");
  });

  it("limits a client to its registered scopes only where clients must be registered", () => {
    const claims = claimsOf({ scope, client_id: "customer" });
    expect(accepted(admit(claims, strict, policy, NOW_MS)).granted.names).toEqual([`${API}/read:orders`]);
    expect(accepted(admit(claims, issuer, policy, NOW_MS)).granted.names).toEqual([
      `${API}/read:orders`,
      `${API}/write:products`,
    ]);
  });

  it.each([7, null, ["user-1"], undefined])("takes the subject %j for none", (sub) => {
    expect(accepted(admit(claimsOf({ sub }), issuer, policy, NOW_MS)).subject).toBeUndefined();
  });
});
