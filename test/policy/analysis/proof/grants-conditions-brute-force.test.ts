import fc from "fast-check";
import { expect, test } from "vitest";
import { callerWithClaims } from "../../../../src/explain/claims-caller.ts";
import { dryRun } from "../../../../src/explain/dry-run.ts";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import { onRoute } from "../../../../src/policy/analysis/formulas/with-atoms.ts";
import { prove } from "../../../../src/policy/analysis/proof/prove.ts";
import { meets } from "../../../../src/policy/authorize.ts";
import { compilePolicy } from "../../../../src/policy/compile/compile-policy.ts";
import type { Policy } from "../../../../src/policy/policy.ts";
import { claimAtom } from "../../../../src/policy/requirements/conditions.ts";

type Claims = Readonly<Record<string, unknown>>;

/** Conditions on a claim whose values also grant scopes, so that neither is free of the other. */
const VALUES = ["staff", "lead", "guest"];
const SCOPES = ["a", "b", "c"];
const { part } = fc.letrec<{ part: unknown }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 2, depthIdentifier: "grants" },
    fc.constantFrom(...SCOPES),
    fc.record({
      claim: fc.constant("groups"),
      in: fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({ anyOf: fc.array(tie("part"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie("part"), { minLength: 1, maxLength: 3 }) }),
  ),
}));
const scopes = fc.array(part, { minLength: 1, maxLength: 2 });
const grants = fc.dictionary(fc.constantFrom(...VALUES), fc.uniqueArray(fc.constantFrom(...SCOPES), { minLength: 1 }));
const settings = fc.record({ grants, registeredClientsOnly: fc.boolean() });
const registered = fc.uniqueArray(fc.constantFrom(...SCOPES));

interface Settings {
  readonly grants: Readonly<Record<string, readonly string[]>>;
  readonly registeredClientsOnly: boolean;
}

function policyOf(requires: unknown, issuer: Settings, client: readonly string[], guarantee?: unknown): Policy {
  const compiled = compilePolicy(
    {
      issuers: {
        main: {
          ...{ issuer: "https://issuer.example", profile: "generic", audiences: ["api"] },
          ...{ registeredClientsOnly: issuer.registeredClientsOnly },
          ...(Object.keys(issuer.grants).length > 0 && { grants: { groups: { ...issuer.grants } } }),
        },
      },
      resourceServers: { s: { scopes: { a: { description: "", implies: ["b"] }, b: "", c: "" } } },
      clients: { web: { scopes: client } },
      upstreams: { u: { url: "https://u.example" } },
      routes: [{ path: "/x", methods: ["GET"], scopes: requires, upstream: "u" }],
      guarantees: guarantee === undefined ? [] : [guarantee],
    },
    {},
  );
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
  return compiled.value;
}

/** Every token over the alphabets: scopes that it lists, and its groups. */
const TOKENS = subsets(SCOPES).flatMap((own) => subsets(VALUES).map((groups) => ({ own, groups })));

function subsets([first, ...others]: readonly string[]): readonly (readonly string[])[] {
  if (first === undefined) return [[]];
  return subsets(others).flatMap((set) => [set, [first, ...set]]);
}

/**
 * What a token grants and meets; `undefined`: it grants more than its client is registered for, and nothing checks
 * that.
 */
function heldBy(token: (typeof TOKENS)[number], issuer: Settings, client: readonly string[] | undefined) {
  const granted = new Set([...token.own, ...token.groups.flatMap((it) => issuer.grants[it] ?? [])]);
  const beyond = [...granted].filter((it) => client !== undefined && !client.includes(it));
  if (beyond.length > 0 && !issuer.registeredClientsOnly) return undefined;
  for (const name of beyond) granted.delete(name);
  if (granted.has("a")) granted.add("b");
  return new Set([
    ...Array.from(granted, (name) => `s/${name}`),
    ...token.groups.map((group) => claimAtom(["groups"], group)),
  ]);
}

function requirementOf(policy: Policy) {
  const found = policy.routes[0]?.requirement;
  if (found?.kind !== "scopes") throw new Error("no scopes");
  return found.expression;
}

/** Sends a witness through the gateway's own code. */
async function outcome(policy: Policy, found: readonly string[], claims: Claims = {}, client?: string) {
  const given = { scope: found.join(" "), ...(client !== undefined && { client_id: client }), ...claims };
  const caller = callerWithClaims(given, policy, [...policy.issuers.values()]);
  return (await dryRun(policy, { method: "GET", url: "https://gw.example/x" }, caller.authenticate)).outcome;
}

test("a guarantee about conditions that bring scopes along is proven exactly", async () => {
  await fc.assert(
    fc.asyncProperty(
      scopes,
      scopes,
      settings,
      registered,
      fc.boolean(),
      async (requires, wanted, issuer, client, isClient) => {
        const guarantee = { ...(isClient && { clients: ["web"] }), requires: wanted };
        const policy = policyOf(requires, issuer, client, guarantee);
        const [proof] = prove(policy);
        const claim = policy.guarantees[0]?.claim;
        if (claim?.kind !== "requires") throw new Error("no guarantee");
        const wants = onRoute(claim.expression, "/x");
        const callers = isClient || issuer.registeredClientsOnly ? [client] : [client, undefined];
        const isBroken = callers.some((caller) =>
          TOKENS.some((token) => {
            const held = heldBy(token, issuer, caller);
            return held !== undefined && meets(requirementOf(policy), held) && !meets(wants, held);
          }),
        );
        expect(proof?.breaches.length).toBe(isBroken ? 1 : 0);
        for (const { caller, scopes: found, claims } of proof?.breaches ?? []) {
          const id = caller.kind === "client" ? caller.client.id : undefined;
          expect(await outcome(policy, found, claims, id)).toBe("forwarded");
          const groups = [claims?.["groups"] ?? []].flat() as string[];
          const own = found.map((name) => name.slice(2));
          const held = heldBy({ own, groups }, issuer, id === undefined ? undefined : client);
          expect(held && meets(wants, held)).toBe(false);
        }
      },
    ),
  );
});

test("a difference is told exactly where conditions bring scopes along and registrations withhold none", async () => {
  await fc.assert(
    fc.asyncProperty(scopes, scopes, grants, async (before, after, its) => {
      // Other grants are a change of a setting, with a witness of its own.
      const issuer = { grants: its, registeredClientsOnly: false };
      const [was, is] = [policyOf(before, issuer, []), policyOf(after, issuer, [])];
      const permits = (policy: Policy, settled: Settings, token: (typeof TOKENS)[number]): boolean => {
        const held = heldBy(token, settled, undefined);
        return held !== undefined && meets(requirementOf(policy), held);
      };
      const kinds = diffPolicies(was, is).routes;
      for (const { gained, gainedClaims, lost, lostClaims } of kinds) {
        if (gained) {
          expect(await outcome(is, gained, gainedClaims)).toBe("forwarded");
          expect(await outcome(was, gained, gainedClaims)).toBe("refused");
        }
        if (lost) {
          expect(await outcome(was, lost, lostClaims)).toBe("forwarded");
          expect(await outcome(is, lost, lostClaims)).toBe("refused");
        }
      }
      const isLooser = TOKENS.some((token) => permits(is, issuer, token) && !permits(was, issuer, token));
      const isTighter = TOKENS.some((token) => permits(was, issuer, token) && !permits(is, issuer, token));
      expect([kinds.some(({ gained }) => gained), kinds.some(({ lost }) => lost)]).toEqual([isLooser, isTighter]);
    }),
  );
});
