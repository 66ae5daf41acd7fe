/** Bound tokens beside conditions, implied scopes and issuers that may grant different scopes: every tool agrees. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { accessMatrix } from "../../../src/policy/analysis/access-matrix.ts";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import { authorize } from "../../../src/policy/authorize.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { BINDING_MODES } from "../../../src/policy/requirements/binding.ts";
import { claimAtom, SENDER_CONSTRAINED } from "../../../src/policy/requirements/conditions.ts";
import { effectiveScopes } from "../../../src/policy/scopes.ts";
import { NOTES, notesFile } from "../../support/policy/notes-policy.ts";
import { compiled } from "../../support/policy/policy-file.ts";
import { runs } from "../../support/policy/random-policy.ts";

const ISSUERS = ["main", "partner"] as const;
const CLIENTS = { web: "main", mirror: "partner" } as const;
const SCOPES = ["read", "write", "admin"].map((name) => `${NOTES}/${name}`);
const GOLD = claimAtom(["tier"], "gold");
const SUBSETS = Array.from({ length: 2 ** SCOPES.length }, (_, bits) =>
  SCOPES.filter((_name, at) => Math.floor(bits / 2 ** at) % 2 === 1),
);

const leafs = fc.constantFrom("read", "write", "admin", { claim: "tier", in: ["gold"] });
const group = fc.array(leafs, { minLength: 1, maxLength: 3 });
const asks = fc.oneof(
  fc.constant({ authenticated: true }),
  fc.record({ scopes: fc.oneof(group, fc.record({ allOf: group })) }),
);
const issuers = fc.constantFrom<readonly string[] | undefined>(undefined, undefined, ["main"], ["partner"]);
const flag = fc.constantFrom(undefined, true);
const route = fc.record({ asks, issuers, senderConstrained: flag, path: fc.constantFrom("/a", "/b") });
const settings = fc.record({
  routes: fc.uniqueArray(route, { minLength: 1, maxLength: 2, selector: ({ path }) => path }),
  modes: fc.tuple(fc.constantFrom(...BINDING_MODES), fc.constantFrom(...BINDING_MODES)),
  granting: issuers,
  implies: fc.constantFrom(undefined, ["read"]),
  isRestricted: fc.boolean(),
  registered: fc.subarray(["read", "write", "admin"], { minLength: 1 }),
});
type Settings = typeof settings extends fc.Arbitrary<infer Value> ? Value : never;

/** A file with guarantees about each client, all tokens and one issuer: every permitted token is bound. */
function policyOf({ routes, modes, granting, implies, isRestricted, registered }: Settings): Policy {
  const issuer = (name: string, at: number) => ({
    ...{ issuer: `https://${name}.example`, profile: "generic", audiences: [NOTES] },
    ...{ registeredClientsOnly: isRestricted, binding: { mtls: modes[at] } },
  });
  const file = notesFile({
    issuers: { main: issuer("main", 0), partner: issuer("partner", 1) },
    resourceServers: {
      [NOTES]: { issuers: granting, scopes: { read: "", write: { description: "", implies }, admin: "" } },
    },
    clients: Object.fromEntries(
      Object.entries(CLIENTS).map(([name, its]) => {
        const isGranted = granting === undefined || granting.includes(its);
        return [name, { issuer: its, scopes: isGranted ? registered : [] }];
      }),
    ),
    routes: routes.map(({ asks: requirement, ...more }) => ({
      ...{ methods: ["GET"], upstream: "notes" },
      ...requirement,
      ...more,
    })),
    guarantees: [{ senderConstrained: true }, { senderConstrained: true, issuers: ["main"] }],
  });
  return compiled(JSON.parse(JSON.stringify(file)));
}

interface Token {
  readonly issuer: (typeof ISSUERS)[number];
  readonly isBound: boolean;
  readonly isGold: boolean;
  readonly scopes: readonly string[];
}

const TOKENS: readonly Token[] = ISSUERS.flatMap((issuer) =>
  [true, false].flatMap((isBound) =>
    [true, false].flatMap((isGold) => SUBSETS.map((scopes) => ({ issuer, isBound, isGold, scopes }))),
  ),
);

/** The tokens that the gateway permits on a path: it asks the issuer's binding, the registration and the route. */
function permitted(policy: Policy, { modes, isRestricted }: Settings, path: string): readonly Token[] {
  const requirement = policy.routes.find((it) => it.path === path)?.requirement;
  if (requirement === undefined) return [];
  return TOKENS.filter(({ issuer, isBound, isGold, scopes }) => {
    if (modes[ISSUERS.indexOf(issuer)] === (isBound ? "refused" : "required")) return false;
    const client = [...policy.clients.values()].find((it) => it.issuer === issuer);
    const granted = isRestricted ? scopes.filter((name) => client?.scopes.has(name)) : scopes;
    const atoms = [...(isBound ? [SENDER_CONSTRAINED] : []), ...(isGold ? [GOLD] : [])];
    const effective = new Set([...effectiveScopes(policy.scopes, issuer, granted), ...atoms]);
    return authorize(requirement, { issuer, effective }) === "permitted";
  });
}

const isSame = (one: Token, other: Token): boolean => JSON.stringify(one) === JSON.stringify(other);

it("a guarantee of bound tokens is proven exactly if no token without a binding is permitted", () => {
  const seen = { proven: 0, broken: 0 };
  fc.assert(
    fc.property(settings, (given) => {
      const policy = policyOf(given);
      const found = prove(policy).map(({ breaches }) => breaches.length === 0);
      const unbound = ["/a", "/b"].flatMap((path) => permitted(policy, given, path)).filter((it) => !it.isBound);
      expect(found).toEqual([unbound.length === 0, !unbound.some(({ issuer }) => issuer === "main")]);
      for (const isProven of found) seen[isProven ? "proven" : "broken"] += 1;
    }),
    runs(300),
  );
  expect(Math.min(seen.proven, seen.broken)).toBeGreaterThan(20);
});

it("the matrix says which clients have a token that is permitted", () => {
  fc.assert(
    fc.property(settings, (given) => {
      const policy = policyOf(given);
      for (const { path, allowed, unenforced } of accessMatrix(policy).rows) {
        const tokens = permitted(policy, given, path);
        for (const [at, [name, issuer]] of Object.entries(CLIENTS).entries()) {
          const scopes = policy.clients.get(name)?.scopes ?? new Set<string>();
          const its = tokens.filter((token) => token.issuer === issuer);
          const own = its.filter((token) => token.scopes.every((scope) => scopes.has(scope)));
          expect(allowed[at], `${name} ${path}`).toBe(own.length > 0);
          expect(unenforced[at], `${name} ${path}, beyond its registration`).toBe(own.length === 0 && its.length > 0);
        }
      }
    }),
    runs(300),
  );
});

it("a change is looser or tighter exactly if tokens are gained or lost", () => {
  const seen = new Set<string | undefined>();
  fc.assert(
    fc.property(settings, route, fc.boolean(), (given, other, isWhole) => {
      const [first] = given.routes;
      // A diff compares what tokens open, not what registrations cut from them.
      if (first === undefined || given.isRestricted) return;
      const changed = isWhole
        ? { ...other, path: first.path }
        : { ...first, senderConstrained: other.senderConstrained };
      const next = { ...given, routes: [changed, ...given.routes.slice(1)] };
      const [before, after] = [policyOf(given), policyOf(next)];
      const [old, now] = [permitted(before, given, first.path), permitted(after, next, first.path)];
      const isGained = now.some((it) => !old.some((was) => isSame(was, it)));
      const isLost = old.some((was) => !now.some((it) => isSame(was, it)));
      const expected = isGained ? (isLost ? "incomparable" : "looser") : isLost ? "tighter" : undefined;
      const changes = diffPolicies(before, after).routes;
      expect(changes.map(({ kind }) => kind)).toEqual(expected === undefined ? [] : [expected]);
      seen.add(expected);
    }),
    runs(300),
  );
  expect(seen.size).toBe(4);
});
