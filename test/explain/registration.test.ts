import { describe, expect, it } from "vitest";
import { registrationHints, registrationRemarks, unregisteredClientHints } from "../../src/explain/registration.ts";
import type { Policy, Route } from "../../src/policy/policy.ts";
import { type Admission, admit } from "../../src/token/admit.ts";
import { API, clientOf, EXAMPLE_SCOPES, issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { accepted } from "../support/token/outcome.ts";

const clients = new Map([["shop", clientOf("shop", [`${API}/write:orders`])]]);

function world(changes: { readonly registeredClientsOnly: boolean }): Policy {
  return policyOf([issuerOf(changes)], EXAMPLE_SCOPES, { clients });
}

function tokenOf(policy: Policy, scope: string, clientId = "shop"): Admission {
  const [issuer = issuerOf()] = policy.issuers.values();
  const claims = { iss: issuer.issuer, exp: 10, token_use: "access", client_id: clientId, scope };
  return accepted(admit(claims, issuer, policy, 0));
}

function routeOf(short: string): Pick<Route, "requirement"> {
  const name = `${API}/${short}`;
  return { requirement: { kind: "scopes", expression: { kind: "scope", name }, mentioned: [name] } };
}

describe.each([true, false])("with registeredClientsOnly %s", (registeredClientsOnly) => {
  const policy = world({ registeredClientsOnly });

  it.each([
    { name: "a registered scope", scope: `${API}/write:orders`, expected: [] },
    { name: "an undeclared scope", scope: `${API}/delete:orders`, expected: [] },
    {
      name: "another scope, although a registered one implies it",
      scope: `${API}/write:orders ${API}/read:orders`,
      expected: [expect.stringMatching(/^`shop` is not registered for \S+\/read:orders\. .* it/)],
    },
    {
      name: "two others",
      scope: `${API}/read:products ${API}/write:products`,
      expected: [
        expect.stringMatching(/^`shop` is not registered for \S+\/read:products, \S+\/write:products\. .* them/),
      ],
    },
  ])("remarks on $name: $expected", ({ scope, expected }) => {
    expect(registrationRemarks(policy, tokenOf(policy, scope))).toEqual(expected);
  });

  it("hints at what another token could do only if the registration is not enough", () => {
    const token = tokenOf(policy, "");
    expect(registrationHints(policy, routeOf("write:orders"), token)).toEqual([]);
    expect(registrationHints(policy, routeOf("read:orders"), token)).toEqual([]);
    const never = expect.stringContaining("No token of `shop` would be let in");
    const another = expect.stringContaining("A token of `shop` that has the scopes would be let in");
    expect(registrationHints(policy, routeOf("read:products"), token)).toEqual([
      registeredClientsOnly ? never : another,
    ]);
  });
});

it.each([
  { name: "how the user authenticated", more: { authentication: { acr: ["otp"], maxAgeSeconds: 60 } } },
  { name: "whether the token is bound", more: { senderConstrained: true } as const },
])("does not blame the registration for $name", ({ more }) => {
  const policy = world({ registeredClientsOnly: true });
  const { requirement } = routeOf("write:orders");
  if (requirement.kind !== "scopes") throw new Error("no scopes");
  expect(registrationHints(policy, { requirement: { ...requirement, ...more } }, tokenOf(policy, ""))).toEqual([]);
});

it("says nothing of a client that is not registered", () => {
  const policy = world({ registeredClientsOnly: false });
  const token = tokenOf(policy, `${API}/read:products`, "stranger");
  expect(registrationRemarks(policy, token)).toEqual([]);
  expect(registrationHints(policy, routeOf("write:products"), token)).toEqual([]);
});

describe("the client of a token that was refused as unregistered", () => {
  const registrations = new Map([["partner", new Map([["web", clientOf("web", [])]])]]);

  it.each([
    {
      name: "is named",
      clientId: "https://app.example",
      registeredClientsOnly: true,
      expected: [
        'The token\'s client is "https://app.example". `clients` has no client with this id for the issuer `main`.',
      ],
    },
    {
      name: "is named with the issuer that registers its id",
      clientId: "web",
      registeredClientsOnly: true,
      expected: [
        'The token\'s client is "web". `clients` has no client with this id for the issuer `main`, only for `partner`.',
      ],
    },
    { name: "is not named where any client is taken", clientId: "web", registeredClientsOnly: false, expected: [] },
  ])("$name", ({ clientId, registeredClientsOnly, expected }) => {
    expect(unregisteredClientHints(clientId, issuerOf({ registeredClientsOnly }), { registrations })).toEqual(expected);
  });

  it("is not named if it is registered", () => {
    const registered = new Map([["main", new Map([["web", clientOf("web", [])]])]]);
    const issuer = issuerOf({ registeredClientsOnly: true });
    expect(unregisteredClientHints("web", issuer, { registrations: registered })).toEqual([]);
  });
});
