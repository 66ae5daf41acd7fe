import fc from "fast-check";
import { expect, test } from "vitest";
import { callerWithClaims } from "../../../src/explain/claims-caller.ts";
import { dryRun } from "../../../src/explain/dry-run.ts";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { createIsLooser } from "../../../src/policy/analysis/lint/shared/is-looser.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import type { Policy, Requirement, StepUp } from "../../../src/policy/policy.ts";
import { compiled } from "../../support/policy/policy-file.ts";

/** Small alphabets, so that a reference can try every token. */
const CLASSES = ["a", "b", "c"];
const AGES = [10, 20, 30];
const TOLERANCE = 3;

const classes = fc.uniqueArray(fc.constantFrom(...CLASSES), { minLength: 1 });
const authentication = fc.oneof(
  fc.record({ acr: classes }),
  fc.record({ maxAgeSeconds: fc.constantFrom(...AGES) }),
  fc.record({ acr: classes, maxAgeSeconds: fc.constantFrom(...AGES) }),
);
const route = fc.tuple(
  fc.constantFrom({ authenticated: true }, { scopes: ["read"] }),
  fc.option(authentication, { nil: undefined }),
  fc.constantFrom(undefined, ["ours"], ["partner"]),
);
const order = fc.oneof(fc.constant(undefined), classes);
const PATHS = ["/x", "/y"];
const policyParts = fc.record({ orders: fc.tuple(order, order), routes: fc.tuple(route, route) });
type Parts = typeof policyParts extends fc.Arbitrary<infer Found> ? Found : never;

const ISSUER = { profile: "generic", audiences: ["api"], clockToleranceSeconds: TOLERANCE };
function policyOf({ orders: [ours, partner], routes }: Parts, guarantees: readonly unknown[] = []): Policy {
  return compiled({
    issuers: {
      ours: { ...ISSUER, issuer: "https://ours.example", ...(ours && { acrOrder: ours }) },
      partner: {
        ...ISSUER,
        issuer: "https://partner.example",
        acrClaim: "acrs",
        ...(partner && { acrOrder: partner }),
      },
    },
    resourceServers: { s: { scopes: { read: "" } } },
    upstreams: { u: { url: "https://u.example" } },
    routes: routes.map(([way, asked, issuers], at) => ({
      path: PATHS[at],
      methods: ["GET"],
      ...way,
      ...(asked && { authentication: asked }),
      ...(issuers && { issuers }),
      upstream: "u",
    })),
    guarantees,
  });
}

interface Token {
  readonly issuer: "ours" | "partner";
  readonly scope: string;
  readonly acr: string | undefined;
  readonly age: number | undefined;
}

/** Every token over the alphabets, with ages at both sides of each limit. */
const TOKENS: readonly Token[] = (["ours", "partner"] as const).flatMap((issuer) =>
  ["", "read"].flatMap((scope) =>
    [undefined, ...CLASSES, "d"].flatMap((acr) =>
      [undefined, ...AGES.flatMap((age) => [age + TOLERANCE, age + TOLERANCE + 1]), -TOLERANCE, -TOLERANCE - 1].map(
        (age) => ({ issuer, scope, acr, age }),
      ),
    ),
  ),
);

/** What the rules say of a token's authentication, without any of the code that decides. */
function isEnough({ acr, maxAgeSeconds }: StepUp, token: Token, policy: Policy): boolean {
  const { acrOrder = [] } = [...policy.issuers.values()].find(({ name }) => name === token.issuer) ?? {};
  const rank = (value: string): number => acrOrder.indexOf(value);
  const isClass = (value: string): boolean =>
    token.acr === value || (token.acr !== undefined && rank(value) >= 0 && rank(token.acr) > rank(value));
  const isYoung = (seconds: number): boolean =>
    token.age !== undefined && token.age >= -TOLERANCE && token.age <= seconds + TOLERANCE;
  return (acr?.some(isClass) ?? true) && (maxAgeSeconds === undefined || isYoung(maxAgeSeconds));
}

function permits(policy: Policy, requirement: Requirement, token: Token): boolean {
  if (requirement.kind !== "authenticated" && requirement.kind !== "scopes") return true;
  if (requirement.issuers?.includes(token.issuer) === false) return false;
  if (requirement.kind === "scopes" && token.scope !== "read") return false;
  return requirement.authentication === undefined || isEnough(requirement.authentication, token, policy);
}

/** What the gateway's own code does with a witness. Without `now`, the time is 0. */
async function outcome(policy: Policy, path: string, iss: string, scopes: readonly string[], claims: object = {}) {
  const caller = callerWithClaims({ iss, scope: scopes.join(" "), ...claims }, policy, [...policy.issuers.values()]);
  const asked = { method: "GET", url: `https://gw.example${path}` };
  return (await dryRun(policy, asked, caller.authenticate, true, caller.checkedAtMs)).outcome;
}

const requirementAt = (policy: Policy, at: number): Requirement => policy.routes[at]?.requirement ?? { kind: "public" };

test("a guarantee of step-up is proven exactly if no token breaks it, and each breach is one for the gateway", async () => {
  const seen = { held: 0, broken: 0 };
  await fc.assert(
    fc.asyncProperty(
      policyParts,
      fc.oneof(
        authentication.map((it) => ({ authentication: it })),
        fc.constant({ requires: ["read"] }),
      ),
      fc.constantFrom({ paths: ["/x"] }, { under: ["/"] }, { under: ["/"], issuers: ["partner"] }),
      async (parts, claim, where) => {
        const policy = policyOf(parts, [{ ...where, ...claim }]);
        const [proof] = prove(policy);
        const asked = "authentication" in claim ? claim.authentication : undefined;
        const keeps = (token: Token): boolean =>
          asked === undefined ? token.scope === "read" : isEnough(asked, token, policy);
        const broken = policy.routes.flatMap(({ path, requirement, index }) => {
          if ("paths" in where && path !== "/x") return [];
          const isBroken = TOKENS.some(
            (token) =>
              (!("issuers" in where) || where.issuers.some((name) => name === token.issuer)) &&
              permits(policy, requirement, token) &&
              !keeps(token),
          );
          return isBroken ? [index] : [];
        });
        expect(proof?.breaches.map(({ route: { index } }) => index).sort()).toEqual(broken);
        for (const { path, scopes, claims, caller } of proof?.breaches ?? []) {
          const { issuer = "" } = caller.kind === "unregistered" ? caller.issuer : {};
          expect(await outcome(policy, path, issuer, scopes, claims)).toBe("forwarded");
        }
        if (broken.length > 0) seen.broken += 1;
        else seen.held += 1;
      },
    ),
    { numRuns: 300 },
  );
  expect(Math.min(seen.held, seen.broken)).toBeGreaterThan(20);
}, 60_000);

test("a change of step-up is told exactly if some token notices it, and each example is one for the gateway", async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(policyParts, policyParts, async (old, now) => {
      const [before, after] = [policyOf(old), policyOf(now)];
      const { routes: changes } = diffPolicies(before, after);
      for (const [at, path] of PATHS.entries()) {
        const [was, is] = [requirementAt(before, at), requirementAt(after, at)];
        const gains = TOKENS.some((token) => permits(after, is, token) && !permits(before, was, token));
        const losses = TOKENS.some((token) => permits(before, was, token) && !permits(after, is, token));
        const expected = gains ? (losses ? "incomparable" : "looser") : losses ? "tighter" : undefined;
        const found = changes.find((change) => change.witness.path === path);
        expect(found?.kind).toBe(expected);
        if (found === undefined) continue;
        kinds.add(found.kind);
        const { gained, gainedBy, gainedClaims, lost, lostBy, lostClaims } = found;
        for (const [policy, other, scopes, by, claims] of [
          [after, before, gained, gainedBy, gainedClaims],
          [before, after, lost, lostBy, lostClaims],
        ] as const) {
          if (scopes === undefined) continue;
          for (const { issuer } of by ? [by] : policy.issuers.values()) {
            expect(await outcome(policy, path, issuer, scopes, claims)).toBe("forwarded");
            expect(await outcome(other, path, issuer, scopes, claims)).toBe("refused");
          }
        }
      }
    }),
    { numRuns: 300 },
  );
  expect([...kinds].sort()).toEqual(["incomparable", "looser", "tighter"]);
}, 60_000);

test("one requirement is looser than another exactly if some token tells them apart", () => {
  fc.assert(
    fc.property(policyParts, (parts) => {
      const policy = policyOf(parts);
      const [one, other] = [requirementAt(policy, 0), requirementAt(policy, 1)];
      const expected = TOKENS.some((token) => permits(policy, one, token) && !permits(policy, other, token));
      expect(createIsLooser(policy)(one, other)).toBe(expected);
    }),
    { numRuns: 300 },
  );
});
