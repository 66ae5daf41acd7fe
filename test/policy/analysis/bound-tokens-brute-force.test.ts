import { expect, it } from "vitest";
import { accessMatrix } from "../../../src/policy/analysis/access-matrix.ts";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import { authorize } from "../../../src/policy/authorize.ts";
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { SENDER_CONSTRAINED } from "../../../src/policy/requirements/conditions.ts";
import { NOTES, notesFile } from "../../support/policy/notes-policy.ts";

const MODES = ["refused", "accepted", "required"] as const;
const ISSUERS = ["main", "partner"] as const;
type Modes = readonly (typeof MODES)[number][];

const ALL_MODES: readonly Modes[] = MODES.flatMap((main) => MODES.map((partner) => [main, partner]));
const ROUTES = [true, undefined].flatMap((senderConstrained) =>
  [["main"], ["partner"], undefined].flatMap((issuers) =>
    [{ authenticated: true }, { scopes: ["read:notes"] }].map((asks) => ({ ...asks, senderConstrained, issuers })),
  ),
);
const TOKENS = ISSUERS.flatMap((issuer) =>
  [true, false].flatMap((isBound) => [[], [`${NOTES}/read:notes`]].map((scopes) => ({ issuer, isBound, scopes }))),
);

function policyOf(modes: Modes, route: (typeof ROUTES)[number]): Policy {
  const issuer = (name: string, at: number) => ({
    ...{ issuer: `https://${name}.example`, profile: "generic", audiences: [NOTES], registeredClientsOnly: true },
    binding: { mtls: modes[at] },
  });
  const file = notesFile({
    issuers: { main: issuer("main", 0), partner: issuer("partner", 1) },
    clients: {
      web: { issuer: "main", scopes: ["read:notes"] },
      mirror: { issuer: "partner", scopes: ["read:notes"] },
    },
    routes: [{ path: "/notes", methods: ["GET"], upstream: "notes", ...route }],
    guarantees: [{ senderConstrained: true, issuers: ["main"] }, { senderConstrained: true }],
  });
  const policy = compilePolicy(JSON.parse(JSON.stringify(file)), {});
  if (!policy.ok) throw new Error(JSON.stringify(policy.failure));
  return policy.value;
}

/** What the gateway does: first the issuer's binding, then the route. */
function permitted(policy: Policy, modes: Modes): readonly (typeof TOKENS)[number][] {
  const [route] = policy.routes;
  return TOKENS.filter(({ issuer, isBound, scopes }) => {
    const mode = modes[ISSUERS.indexOf(issuer)];
    if (route === undefined || mode === (isBound ? "refused" : "required")) return false;
    const effective = new Set([...scopes, ...(isBound ? [SENDER_CONSTRAINED] : [])]);
    return authorize(route.requirement, { issuer, effective }) === "permitted";
  });
}

it("a guarantee of bound tokens is proven exactly if no token without a binding is permitted", () => {
  const seen = new Set<boolean>();
  for (const modes of ALL_MODES) {
    for (const route of ROUTES) {
      const policy = policyOf(modes, route);
      const unbound = permitted(policy, modes).filter(({ isBound }) => !isBound);
      const expected = [unbound.filter(({ issuer }) => issuer === "main"), unbound].map(({ length }) => length === 0);
      const found = prove(policy).map(({ breaches }) => breaches.length === 0);
      expect(found, JSON.stringify([modes, route])).toEqual(expected);
      for (const it of found) seen.add(it);
    }
  }
  expect([...seen].sort()).toEqual([false, true]);
});

it("the matrix says which clients have a token that is permitted, and which need a bound one", () => {
  for (const modes of ALL_MODES) {
    for (const route of ROUTES) {
      const policy = policyOf(modes, route);
      const tokens = permitted(policy, modes);
      const [row] = accessMatrix(policy).rows;
      const name = JSON.stringify([modes, route]);
      expect(row?.allowed, name).toEqual(ISSUERS.map((issuer) => tokens.some((token) => token.issuer === issuer)));
      if (row?.conditional) expect(row.conditional, name).toEqual(row.allowed);
      expect(row?.conditional !== undefined, name).toBe(route.senderConstrained === true);
    }
  }
});

it("a change of the route is looser or tighter exactly if tokens are gained or lost", () => {
  for (const modes of ALL_MODES) {
    for (const [at, was] of ROUTES.entries()) {
      for (const is of ROUTES.filter((_, index) => index >= at)) {
        const [before, after] = [policyOf(modes, was), policyOf(modes, is)];
        const [old, now] = [permitted(before, modes), permitted(after, modes)];
        const [gained, lost] = [now.some((it) => !old.includes(it)), old.some((it) => !now.includes(it))];
        const [change] = diffPolicies(before, after).routes;
        const expected = gained ? (lost ? "incomparable" : "looser") : lost ? "tighter" : undefined;
        expect(change?.kind, JSON.stringify([modes, was, is])).toBe(expected);
      }
    }
  }
});
