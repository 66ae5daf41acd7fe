import fc from "fast-check";
import { expect, test } from "vitest";
import { nobody } from "../../../src/explain/caller.ts";
import { callerWithClaims } from "../../../src/explain/claims-caller.ts";
import { dryRun } from "../../../src/explain/dry-run.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import type { SufficientSet } from "../../../src/explain/explanation.ts";
import { issOfTenant } from "../../../src/policy/issuers/tenants.ts";
import type { Issuer, Policy } from "../../../src/policy/policy.ts";
import { holderAt } from "../../../src/token/met-conditions.ts";
import { runs, served } from "../../support/policy/random-policy.ts";
import {
  issuersOfTenants,
  permitsTenant,
  policyOfTenants,
  routesOfTenants,
  TENANTS,
  tenantTokens,
} from "../../support/policy/random-tenants.ts";

const [ONE, TWO] = TENANTS;
const PATHS = [`/t/${ONE}`, `/t/${TWO}`, "/t/staff", `/t/${ONE}/f/${ONE}`, `/t/${TWO}/f/dev`, "/t/x"];

/** The claims of tokens with what a set lists, one for each choice of values. */
function tokensWith({ scopes, conditions = [] }: SufficientSet, issuer: Issuer, path: string, route: string) {
  const segments = path.slice(1).split("/");
  let choices: readonly Readonly<Record<string, readonly string[] | string>>[] = [{}];
  for (const it of conditions) {
    const claim = (it.kind === "claim" ? it.claim : it.equals).join(".");
    const at = it.kind === "parameter" ? route.slice(1).split("/").indexOf(`:${it.name}`) : -1;
    const values = it.kind === "claim" ? it.in : [segments[at] ?? ""];
    choices = choices.flatMap((one) =>
      values.map((value) => {
        if (it.kind === "parameter") return { ...one, [claim]: value };
        const held = one[claim] ?? [];
        return { ...one, [claim]: Array.isArray(held) ? [...held, value] : held };
      }),
    );
  }
  const accepted = issuer.tenants?.accepted;
  const [anyTenant = ONE] = accepted === undefined || accepted === "any" ? [] : accepted;
  return choices.map((choice) => {
    const { tid } = choice;
    const tenant = (Array.isArray(tid) ? tid[0] : tid) ?? anyTenant;
    const identity = issuer.tenants
      ? { iss: issOfTenant(issuer.tenants, tenant), tid: tenant }
      : { iss: issuer.issuer };
    return { ...choice, ...identity, scope: scopes.join(" ") };
  });
}

function clientIds(set: SufficientSet, { registeredClientsOnly }: Issuer): readonly string[] {
  return registeredClientsOnly ? set.clients : ["stranger"];
}

function issuersOf(policy: Policy, names: readonly string[] | undefined): readonly Issuer[] {
  return [...policy.issuers.values()].filter(({ name }) => names?.includes(name) ?? true);
}

test("each set that would be enough is enough, and each token that gets through has one", async () => {
  let tried = 0;
  let brought = 0;
  await fc.assert(
    fc.asyncProperty(issuersOfTenants, routesOfTenants, async (file, routes) => {
      const policy = policyOfTenants(file, routes);
      if (policy === undefined) return;
      for (const path of PATHS) {
        const route = served(policy, "GET", path);
        if (route?.requirement.kind !== "scopes") continue;
        const asked = { method: "GET", url: `https://gw.example${path}` };
        const { requirement } = await explainRequest(policy, asked, nobody);
        const sets = requirement?.sufficient ?? [];
        for (const set of sets) {
          for (const issuer of issuersOf(policy, set.issuers ?? requirement?.issuers)) {
            for (const id of clientIds(set, issuer)) {
              // A client may be registered only for a scope that implies the listed one.
              const implying = [...(policy.registrations.get(issuer.name)?.get(id)?.scopes ?? [])].filter((name) =>
                policy.scopes.byFullName.get(name)?.implies.some((implied) => set.scopes.includes(implied)),
              );
              const sent = { ...set, scopes: [...set.scopes, ...(issuer.registeredClientsOnly ? implying : [])] };
              for (const claims of tokensWith(sent, issuer, path, route.path)) {
                const caller = callerWithClaims({ ...claims, client_id: id }, policy, []);
                const { outcome } = await dryRun(policy, asked, caller.authenticate);
                expect({ set, claims, outcome }).toMatchObject({ outcome: "forwarded" });
                tried += 1;
              }
            }
          }
        }
        for (const { issuer, admission } of tenantTokens(policy).filter((_, at) => at % 13 === 0)) {
          if (!permitsTenant(policy, path, admission)) continue;
          const held = holderAt(path, route.requirement, admission).effective;
          const { claims } = admission;
          const segments = path.slice(1).split("/");
          const isMet = (it: NonNullable<SufficientSet["conditions"]>[number]): boolean => {
            const value: unknown = claims[(it.kind === "claim" ? it.claim : it.equals).join(".")];
            if (it.kind === "parameter")
              return value === segments[route.path.slice(1).split("/").indexOf(`:${it.name}`)];
            return it.in.some((one) => value === one || (Array.isArray(value) && value.includes(one)));
          };
          const mine = sets.filter(({ issuers }) => issuers?.includes(issuer.name) ?? true);
          const fitting = mine.filter(
            ({ scopes, conditions = [] }) => scopes.every((name) => held.has(name)) && conditions.every(isMet),
          );
          if (fitting.length === 0) expect({ claims, sets }).toBe("a token with one of the sets");
          brought += 1;
        }
      }
    }),
    runs(60),
  );
  expect(tried).toBeGreaterThan(0);
  expect(brought).toBeGreaterThan(0);
});
