import { describe, expect, it } from "vitest";
import {
  grantedHolders,
  holdersOf,
  mappedValues,
  mappedValueText,
} from "../../../src/policy/analysis/mapped-values.ts";
import type { Issuer } from "../../../src/policy/policy.ts";
import { registrationsOf } from "../../../src/policy/registrations.ts";
import { API, clientOf, EXAMPLE_SCOPES, issuerOf, policyOf } from "../../support/policy/example-policy.ts";

const READ = `${API}/read:orders`;
const WRITE = `${API}/write:orders`;
const grants = [
  {
    claim: ["groups"],
    byValue: new Map([
      ["staff", [READ]],
      ["boss", [WRITE]],
    ]),
  },
  { claim: ["realm", "roles"], byValue: new Map([["x", [READ]]]) },
];
const clients = new Map([clientOf("web", [READ]), clientOf("none", [])].map((client) => [client.name, client]));
const policyWith = (issuer: Issuer) =>
  policyOf([issuer], EXAMPLE_SCOPES, { clients, registrations: registrationsOf(clients.values()) });

it("lists every value that grants scopes, as people write it", () => {
  const values = mappedValues(policyWith(issuerOf({ grants })));
  expect(values.map((it) => [mappedValueText(it), it.scopes])).toEqual([
    ["groups=staff", [READ]],
    ["groups=boss", [WRITE]],
    ["/realm/roles=x", [READ]],
  ]);
});

describe("holdersOf", () => {
  it.each([
    { name: "any client's token", issuer: {}, expected: [[undefined, [WRITE, READ]]] },
    {
      name: "each registered client's",
      issuer: { registeredClientsOnly: true },
      expected: [
        ["web", []],
        ["none", []],
      ],
    },
    {
      name: "a registered client's, if no other is accepted",
      issuer: { audiences: new Set(["none"]) },
      expected: [["none", [WRITE, READ]]],
    },
    {
      name: "nobody's, if none is accepted",
      issuer: { audiences: new Set(["x"]), audienceClaims: [["aud"]] },
      expected: [],
    },
  ])("tells of $name", ({ issuer: changes, expected }) => {
    const issuer = issuerOf({ grants, ...changes });
    const holders = holdersOf(policyWith(issuer), issuer, [WRITE]);
    expect(holders.map(({ client, holder }) => [client?.name, [...holder.effective]])).toEqual(expected);
  });
});

it("knows what all values of an issuer give together, unless it accepts registered clients only", () => {
  const effective = (changes: Partial<Issuer>) =>
    grantedHolders(policyWith(issuerOf({ grants, ...changes }))).map((holder) => [...holder.effective]);
  expect(effective({})).toEqual([[READ, WRITE]]);
  expect(effective({ registeredClientsOnly: true })).toEqual([]);
  expect(effective({ grants: [] })).toEqual([]);
});
