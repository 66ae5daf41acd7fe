import fc from "fast-check";
import { expect, test } from "vitest";
import { clientAccess } from "../../../../src/policy/analysis/client-access.ts";
import { CallComparer } from "../../../../src/policy/analysis/diff/call-comparer.ts";
import { CallVariants } from "../../../../src/policy/analysis/diff/call-variants.ts";
import { type ClientCall, ClientComparer } from "../../../../src/policy/analysis/diff/client-comparer.ts";
import { type RouteChange, RouteComparer } from "../../../../src/policy/analysis/diff/route-comparer.ts";
import { createAccessOf } from "../../../../src/policy/analysis/formulas/access.ts";
import { originsOf } from "../../../../src/policy/analysis/formulas/origins.ts";
import { pathClasses } from "../../../../src/policy/analysis/paths/path-classes.ts";
import { routeTree } from "../../../../src/policy/analysis/route-tree.ts";
import type { Policy } from "../../../../src/policy/policy.ts";
import { compiled } from "../../../support/policy/policy-file.ts";
import { randomPolicyPair, runs } from "../../../support/policy/random-policy.ts";

/** What changes, with classes taken together from `leastAlike` on. */
function changes(before: Policy, after: Policy, leastAlike: number) {
  const origins = originsOf(before, after);
  const accessTo = [createAccessOf(before, origins, 0).byIssuer, createAccessOf(after, origins, 1).byIssuer] as const;
  const variants = new CallVariants(accessTo);
  const routes = new RouteComparer(origins, variants);
  const [old, now] = [before, after].map((policy) => new Map(clientAccess(policy).map((it) => [it.client.name, it])));
  const clients = new ClientComparer(
    [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].map((name) => {
      const [was, is] = [old?.get(name)?.holder, now?.get(name)?.holder];
      return { name, isNameReused: false, holders: { before: was, after: is, still: [was] } };
    }),
    variants,
  );
  const comparer = new CallComparer(accessTo, [routes, clients]);
  let groups = 0;
  for (const found of pathClasses([routeTree(before), routeTree(after)], { leastAlike })) {
    if (found.alike) groups += 1;
    comparer.compare(found);
  }
  const calls = (client: string, verb: string, told: readonly ClientCall[]) =>
    told.map(({ route, note }) => `${client} ${verb} ${route.index} ${note}`);
  return {
    groups,
    routes: routes.changes(),
    clients: clients
      .changes()
      .flatMap(({ client, gained, lost, unenforced }) => [
        ...calls(client, "gains", gained),
        ...calls(client, "loses", lost),
        ...calls(client, "keeps", unenforced),
      ])
      .sort(),
  };
}

const ALSO = /(?:, )?also (from|to) (\d+) other routes$/;

/** The kind, the note and the two routes; of a change of many routes only the one that they share. */
function keysOf({ kind, before, after, note = "" }: RouteChange): { readonly pair: string; readonly shared: string[] } {
  // Each `moved` of a group has a note of its own.
  const about = kind === "moved" ? "" : note.replace(ALSO, "");
  const [from, to] = [`${kind} ${about} ${before?.index} ->`, `${kind} ${about} -> ${after?.index}`];
  return { pair: `${kind} ${about} ${before?.index} -> ${after?.index}`, shared: [from, to] };
}

/**
 * Two routes that change alike where one path of the other policy takes them over. Random policies rarely have such.
 */
const ALIKE = (() => {
  const file = (paths: readonly string[]) => ({
    issuers: { main: { issuer: "https://issuer.example", profile: "cognito", registeredClientsOnly: true } },
    resourceServers: { s: { scopes: { p: "p", q: { description: "q", implies: [] }, r: "r" } } },
    clients: { one: { scopes: ["p"] } },
    upstreams: { u: { url: "https://u.example" }, v: { url: "https://v.example" } },
    routes: paths.map((path, at) => ({
      path,
      methods: ["GET"],
      scopes: [at === 0 ? "p" : "q"],
      upstream: "u" as const,
    })),
  });
  return { before: file(["/:p0/a", "/:p0/b"]), after: file(["/a/:p1"]) };
})();

test("alike changes that are told as one are exactly those that are found one by one", () => {
  let groups = 0;
  const check = (files: { readonly before: unknown; readonly after: unknown }): void => {
    const [before, after] = [compiled(files.before), compiled(files.after)];
    const [one, many] = [changes(before, after, Number.POSITIVE_INFINITY), changes(before, after, 2)];
    groups += many.groups;
    expect(one.groups).toBe(0);
    expect(many.clients).toEqual(one.clients);
    const pairs = new Set(one.routes.map((change) => keysOf(change).pair));
    const told = new Set<string>();
    for (const change of many.routes) {
      const { pair, shared } = keysOf(change);
      expect(pairs).toContain(pair);
      told.add(pair);
      const [, side, others] = ALSO.exec(change.note ?? "") ?? [];
      if (side === undefined) continue;
      const common = shared[side === "to" ? 0 : 1] ?? "";
      told.add(common);
      const alike = new Set(
        one.routes
          .map(keysOf)
          .filter((it) => it.shared.includes(common))
          .map((it) => it.pair),
      );
      expect(Number(others) + 1).toBeLessThanOrEqual(alike.size);
    }
    for (const change of one.routes) {
      const { pair, shared } = keysOf(change);
      expect([pair, ...shared].some((key) => told.has(key))).toBe(true);
    }
  };
  check(ALIKE);
  expect(groups).toBeGreaterThan(0);
  fc.assert(fc.property(randomPolicyPair, check), runs(200));
}, 30_000);
