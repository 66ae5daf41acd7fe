import fc from "fast-check";
import { expect, test } from "vitest";
import { Denial } from "../../../../src/answer/denial.ts";
import { accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { onRoute } from "../../../../src/policy/analysis/formulas/with-atoms.ts";
import { prove } from "../../../../src/policy/analysis/proof/prove.ts";
import { meets } from "../../../../src/policy/authorize.ts";
import type { Client, Guarantee, Issuer, Policy, Route } from "../../../../src/policy/policy.ts";
import { admit } from "../../../../src/token/admit.ts";
import { compiled } from "../../../support/policy/policy-file.ts";
import { ALL_SCOPE_SETS, permits, runs, scopesMember } from "../../../support/policy/random-policy.ts";

const registration = fc.uniqueArray(fc.constantFrom("p", "q", "r")).map((scopes) => ({ scopes }));
const claim = fc.oneof(fc.constant({ never: true }), fc.record({ requires: scopesMember }));

/** Two issuers that know the client id `admin`, of which the file may register none, one or both. */
const policyFile = fc
  .record({
    ours: fc.boolean(),
    partner: fc.boolean(),
    boss: registration,
    guest: fc.option(registration, { nil: undefined }),
    requirements: fc.array(scopesMember, { minLength: 1, maxLength: 3 }),
    selected: fc.constantFrom(undefined, ["boss"], ["*"]),
    claim,
  })
  .map(({ ours, partner, boss, guest, requirements, selected, claim: claimed }) => ({
    issuers: {
      ours: { issuer: "https://ours.example", profile: "cognito", registeredClientsOnly: ours },
      partner: { issuer: "https://partner.example", profile: "cognito", registeredClientsOnly: partner },
    },
    resourceServers: { s: { scopes: { p: "p", q: "q", r: "r" } } },
    clients: {
      boss: { ...boss, id: "admin", issuer: "ours" },
      ...(guest && { guest: { ...guest, id: "admin", issuer: "partner" } }),
    },
    upstreams: { u: { url: "https://u.example" } },
    routes: requirements.map((scopes, at) => ({ path: `/${at}`, methods: ["GET"], scopes, upstream: "u" })),
    guarantees: [{ ...(selected && { clients: selected }), ...claimed }],
  }));

/** A token that an issuer can mint, and what the gateway makes of it. */
interface Minted {
  /** `undefined`: no registered client. */
  readonly client: Client | undefined;
  readonly granted: readonly string[];
}

/**
 * Every token that the gateway admits. Left out are those that grant a registered client more than its registration:
 * proofs assume that its issuer mints none.
 */
function admittedTokens(policy: Policy): readonly Minted[] {
  const claims = (issuer: Issuer, clientId: string, scopes: readonly string[]) => ({
    iss: issuer.issuer,
    client_id: clientId,
    token_use: "access",
    scope: scopes.join(" "),
    exp: 2,
  });
  return [...policy.issuers.values()].flatMap((issuer) =>
    ["admin", "boss", "other"].flatMap((clientId) =>
      ALL_SCOPE_SETS.flatMap((scopes): readonly Minted[] => {
        const admission = admit(claims(issuer, clientId, scopes), issuer, policy, 1000);
        if (admission instanceof Denial) return [];
        const client = [...policy.clients.values()].find(
          ({ id, issuer: its }) => id === clientId && its === issuer.name,
        );
        if (client && !scopes.every((name) => client.scopes.has(name))) return [];
        return [{ client, granted: admission.granted.names }];
      }),
    ),
  );
}

function breaks({ claim: claimed }: Guarantee, granted: readonly string[]): boolean {
  return claimed.kind === "requires" ? !meets(onRoute(claimed.expression, "/"), new Set(granted)) : true;
}

test("a guarantee is proven exactly if no token that any of several issuers can mint breaks it", () => {
  fc.assert(
    fc.property(policyFile, (file) => {
      const policy = compiled(file);
      const tokens = admittedTokens(policy);
      for (const { guarantee, breaches } of prove(policy)) {
        const isSelected = ({ client }: Minted): boolean =>
          guarantee.clients === undefined || (client !== undefined && guarantee.clients.has(client.name));
        const isBroken = (route: Route): boolean =>
          tokens.some((it) => isSelected(it) && permits(policy, route, it.granted) && breaks(guarantee, it.granted));
        const expected = policy.routes.filter(isBroken).map(({ index }) => index);
        expect(breaches.map(({ route }) => route.index).sort()).toEqual(expected);
      }
    }),
    runs(200),
  );
});

test("the matrix shows what each client can do with tokens of its own issuer", () => {
  fc.assert(
    fc.property(policyFile, (file) => {
      const policy = compiled(file);
      const tokens = admittedTokens(policy);
      const { clients, rows } = accessMatrix(policy);
      for (const [column, name] of clients.entries()) {
        const its = tokens.filter(({ client }) => client?.name === name);
        for (const [index, route] of policy.routes.entries()) {
          const may = its.some(({ granted }) => permits(policy, route, granted));
          expect([name, index, rows[index]?.allowed[column]]).toEqual([name, index, may]);
        }
      }
    }),
    runs(100),
  );
});
