import fc from "fast-check";
import { expect, test } from "vitest";
import { Denial } from "../../../../src/answer/denial.ts";
import { callerWithClaims } from "../../../../src/explain/claims-caller.ts";
import { dryRun } from "../../../../src/explain/dry-run.ts";
import { accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import { isOriginOf, originsOf } from "../../../../src/policy/analysis/formulas/origins.ts";
import { onRoute } from "../../../../src/policy/analysis/formulas/with-atoms.ts";
import { issuerOfCaller } from "../../../../src/policy/analysis/proof/proof.ts";
import { prove } from "../../../../src/policy/analysis/proof/prove.ts";
import { meets } from "../../../../src/policy/authorize.ts";
import { issuerOf, tokenIss } from "../../../../src/policy/issuers/tenants.ts";
import type { Guarantee, Issuer, Policy } from "../../../../src/policy/policy.ts";
import { admit } from "../../../../src/token/admit.ts";
import { runs } from "../../../support/policy/random-policy.ts";
import {
  guaranteeOfTenants,
  heldByTenant,
  issuersOfTenants,
  permitsTenant,
  policyOfTenants,
  routesOfTenants,
  TENANT_PATHS,
  type TenantToken,
  tenantTokens,
} from "../../../support/policy/random-tenants.ts";

/** What an example says of its token. */
interface Shown {
  readonly scopes: readonly string[];
  readonly tenant?: string | undefined;
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Sends the token of an example through the gateway. A tenant that it does not name is any that the policies accept.
 */
async function send(policy: Policy, issuer: Issuer, id: string, path: string, shown: Shown, other = issuer) {
  const { scopes, tenant, claims } = shown;
  const common = [issuer, other].map(({ tenants }) => tenants?.accepted ?? "any").find((it) => it !== "any");
  const named = tenant ?? common?.values().next().value ?? "88888888-eeee-4888-8888-888888888888";
  const given = { iss: tokenIss(issuer, named), client_id: id, scope: scopes.join(" "), ...claims };
  const caller = callerWithClaims(given, policy, []);
  return dryRun(policy, { method: "GET", url: `https://gw.example${path}` }, caller.authenticate);
}

/** Some of the tokens: other ones in each run. */
function sampled<Token>(tokens: readonly Token[], at: number): readonly Token[] {
  return tokens.filter((_, index) => index % 11 === at % 11);
}

function isSelected({ paths }: Guarantee, path: string): boolean {
  if (paths === undefined) return true;
  const isOn = (it: string): boolean => it === path || (it === "/t/:t" && /^\/t\/[^/]+$/.test(path));
  return paths.patterns.some(isOn) || paths.under.some((it) => path === it || path.startsWith(`${it}/`));
}

function isBy({ clients, issuers }: Guarantee, { issuer, client }: Pick<TenantToken, "issuer" | "client">): boolean {
  if (clients && !(client && clients.has(client.name))) return false;
  return issuers === undefined || issuers.has(issuer.name);
}

function breaks({ claim }: Guarantee, policy: Policy, path: string, held: ReadonlySet<string>): boolean {
  const pattern = policy.table.match(path)?.byMethod.get("GET")?.path ?? "/";
  return claim.kind !== "requires" || !meets(onRoute(claim.expression, pattern), held);
}

test("a guarantee is proven exactly if no token of any tenant, group and client breaks it, and each breach does", async () => {
  let [withTenant, count] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      issuersOfTenants,
      routesOfTenants,
      guaranteeOfTenants,
      fc.nat(),
      async (file, routes, guaranteed, at) => {
        const policy = policyOfTenants(file, routes, [guaranteed]);
        fc.pre(policy !== undefined);
        const [proof] = prove(policy);
        if (proof === undefined) throw new Error("no proof");
        const { guarantee, breaches } = proof;
        for (const breach of breaches) {
          count += 1;
          if (breach.tenant) withTenant += 1;
          const { caller, path } = breach;
          const issuer = [...policy.issuers.values()].find(({ name }) => name === issuerOfCaller(caller));
          if (issuer === undefined) throw new Error("every route needs a token");
          const id = caller.kind === "client" ? caller.client.id : "stranger";
          const run = await send(policy, issuer, id, path, breach);
          expect([path, breach, run.outcome, run.route]).toEqual([path, breach, "forwarded", breach.route]);
          const token = run.exchange.authentication?.token;
          if (token === undefined) throw new Error("no token");
          const client = caller.kind === "client" ? caller.client : undefined;
          expect([isSelected(guarantee, path), isBy(guarantee, { issuer, client })]).toEqual([true, true]);
          expect(breaks(guarantee, policy, path, heldByTenant(token, path))).toBe(true);
          if (client) expect(token.granted.names.every((name) => client.scopes.has(name))).toBe(true);
        }
        const broken = new Set(breaches.map(({ route }) => route));
        const tokens = sampled(tenantTokens(policy), at).filter((token) => isBy(guarantee, token));
        for (const path of TENANT_PATHS.filter((it) => isSelected(guarantee, it))) {
          const route = policy.table.match(path)?.byMethod.get("GET");
          if (route === undefined || broken.has(route)) continue;
          for (const { admission, claims } of tokens) {
            if (!permitsTenant(policy, path, admission)) continue;
            const isBroken = breaks(guarantee, policy, path, heldByTenant(admission, path));
            expect([path, claims, isBroken]).toEqual([path, claims, false]);
          }
        }
      },
    ),
    runs(200),
  );
  expect(withTenant).toBeGreaterThan(0);
  expect(count).toBeGreaterThan(withTenant);
}, 120_000);

/**
 * What the matrix says of the client `app` on each route, if some of its tokens have no scope beyond its registration.
 */
function cellsOf(policy: Policy): readonly boolean[] | undefined {
  const app = policy.clients.get("app");
  if (app === undefined || !originsOf(policy).some((origin) => isOriginOf(origin, app))) return undefined;
  return accessMatrix(policy).rows.map(({ allowed }) => allowed[0] === true);
}

test("the matrix and the diff open a route to a client exactly if prove finds a call of it", () => {
  let [open, closed, noticed] = [0, 0, 0];
  const never = [{ clients: ["app"], never: true }];
  fc.assert(
    fc.property(issuersOfTenants, issuersOfTenants, routesOfTenants, (file, later, routes) => {
      const whole = policyOfTenants(file, routes, never);
      const cells = whole && cellsOf(whole);
      // Another route may take over all paths on which the client meets the conditions.
      for (const { route } of (cells && prove(whole)[0]?.breaches) ?? []) expect(cells?.[route.index]).toBe(true);
      for (const route of routes) {
        const policy = policyOfTenants(file, [route], never);
        const cell = policy && cellsOf(policy)?.[0];
        if (policy === undefined || cell === undefined) continue;
        expect([route, cell]).toEqual([route, prove(policy)[0]?.breaches.length === 1]);
        if (cell) open += 1;
        else closed += 1;
        const after = policyOfTenants(later, [route]);
        const next = after && cellsOf(after)?.[0];
        if (after === undefined || next === undefined) continue;
        const [change] = diffPolicies(policy, after).clients;
        expect([route, (change?.gained.length ?? 0) > 0]).toEqual([route, next && !cell]);
        expect([route, [...(change?.lost ?? []), ...(change?.unenforced ?? [])].length > 0]).toEqual([
          route,
          cell && !next,
        ]);
        if (change) noticed += 1;
      }
    }),
    runs(200),
  );
  expect(Math.min(open, closed, noticed)).toBeGreaterThan(0);
}, 60_000);

test("a difference is told exactly if some token of some tenant and group notices it, and each example shows one", async () => {
  let [withTenant, count] = [0, 0];
  const unenforced = issuersOfTenants.map((file) => {
    const { entra, partner } = file.issuers;
    return { ...file, issuers: { entra: { ...entra, registeredClientsOnly: false }, partner } };
  });
  const pair = fc.tuple(unenforced, unenforced, fc.boolean()).map(([before, after, isSame]) => ({
    before,
    after: isSame ? before : { ...after, resourceServers: before.resourceServers },
    isSame,
  }));
  await fc.assert(
    fc.asyncProperty(pair, routesOfTenants, routesOfTenants, fc.nat(), async (files, routesBefore, routesAfter, at) => {
      const [before, after] = [policyOfTenants(files.before, routesBefore), policyOfTenants(files.after, routesAfter)];
      fc.pre(before !== undefined && after !== undefined);
      const { routes: changes } = diffPolicies(before, after);
      for (const change of changes) {
        for (const [has, not, scopes, by, tenant, claims, { path }] of [
          [after, before, change.gained, change.gainedBy, change.gainedTenant, change.gainedClaims, change.witness],
          [
            before,
            after,
            change.lost,
            change.lostBy,
            change.lostTenant,
            change.lostClaims,
            change.lostWitness ?? change.witness,
          ],
        ] as const) {
          if (scopes === undefined) continue;
          for (const issuer of by ? [by] : has.issuers.values()) {
            count += 1;
            if (tenant) withTenant += 1;
            const other = not.issuers.get(issuer.issuer);
            const shown = { scopes, tenant, claims };
            const outcomes = [has, not].map(
              async (it) => (await send(it, issuer, "stranger", path, shown, other)).outcome,
            );
            expect([path, shown, await Promise.all(outcomes)]).toEqual([path, shown, ["forwarded", "refused"]]);
          }
        }
      }
      // What changes because of the issuers' own settings is told as such.
      if (!files.isSame) return;
      for (const path of TENANT_PATHS) {
        const [old, now] = [before, after].map((it) => it.table.match(path)?.byMethod.get("GET"));
        if (old === undefined || now === undefined) continue;
        const told = changes.filter((it) => it.before === old && it.after === now).map(({ kind }) => kind);
        for (const { claims, admission } of sampled(tenantTokens(before), at)) {
          const [could, can] = [permitsTenant(before, path, admission), permitsTenantUnder(after, path, claims)];
          if (could === can) continue;
          const kinds = can ? ["looser", "incomparable"] : ["tighter", "incomparable"];
          expect([path, claims, told.some((kind) => kinds.includes(kind))]).toEqual([path, claims, true]);
        }
      }
    }),
    runs(150),
  );
  expect(withTenant).toBeGreaterThan(0);
  expect(count).toBeGreaterThan(withTenant);
}, 120_000);

function permitsTenantUnder(policy: Policy, path: string, claims: TenantToken["claims"]): boolean {
  const issuer = issuerOf(policy, String(claims["iss"]));
  const admission = issuer && admit(claims, issuer, policy, 1000);
  return admission !== undefined && !(admission instanceof Denial) && permitsTenant(policy, path, admission);
}
