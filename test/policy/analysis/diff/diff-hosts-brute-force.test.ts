import fc from "fast-check";
import { expect, test } from "vitest";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import type { Policy, Route } from "../../../../src/policy/policy.ts";
import { routeFor } from "../../../../src/policy/routing/route-table.ts";
import { accessChange } from "../../../support/policy/access-change.ts";
import { compiled } from "../../../support/policy/policy-file.ts";
import { groupOnHost, HOSTS, randomHostPolicyFile } from "../../../support/policy/random-hosts.ts";
import { ALL_METHODS, ALL_PATHS, ALL_SCOPE_SETS, permits, runs } from "../../../support/policy/random-policy.ts";

type File = typeof randomHostPolicyFile extends fc.Arbitrary<infer Of> ? Of : never;

/** The policy serves these hosts. `undefined`: every host, so that no route can name one. */
function serving(file: File, hosts: readonly string[] | undefined): Policy {
  const kept = file.routes.flatMap(({ hosts: its, ...route }) => {
    const own = its?.filter((host) => hosts?.includes(host));
    return own === undefined ? [route] : own.length > 0 ? [{ ...route, hosts: own }] : [];
  });
  const [first] = file.routes;
  const routes = kept.length > 0 ? kept : [{ ...first, hosts: undefined }];
  const { hosts: _, ...rest } = file;
  return compiled(JSON.parse(JSON.stringify({ ...rest, ...(hosts && { hosts }), routes })));
}

const hosts = fc.option(fc.subarray([...HOSTS], { minLength: 1 }), { nil: undefined });

/** Where `hosts` is left out, one more is served. */
const ALL_HOSTS = [...HOSTS, "d.example"];

function waysIn(policy: Policy, route: Route | undefined): readonly boolean[] {
  return route ? [undefined, ...ALL_SCOPE_SETS].map((scopes) => permits(policy, route, scopes)) : [];
}

const KINDS = new Set(["opened", "looser", "incomparable", "added", "tighter", "removed"]);

test("what routes that name a host do there is new or gone with the host", () => {
  const seen = { new: 0, gone: 0, kept: 0 };
  fc.assert(
    fc.property(randomHostPolicyFile, randomHostPolicyFile, hosts, hosts, (one, other, hadHosts, hasHosts) => {
      const [before, after] = [serving(one, hadHosts), serving(other, hasHosts)];
      const serves = ({ hosts: served }: Policy, host: string) => served?.has(host) ?? true;
      const routeOn = (policy: Policy, host: string, method: string, path: string) => {
        const group = groupOnHost(policy, host, path);
        return group && routeFor(group, method);
      };
      const changeOn = (host: string, method: string, path: string): string | undefined => {
        let [old, now] = [routeOn(before, host, method, path), routeOn(after, host, method, path)];
        const [had, has] = [serves(before, host), serves(after, host)];
        if (!had && !has) return undefined;
        // Routes that name no host are compared as if both policies served it.
        if (!had) old = now === undefined || now.hosts ? undefined : old;
        if (!has) now = old === undefined || old.hosts ? undefined : now;
        const change = accessChange(waysIn(before, old), waysIn(after, now));
        if (change === undefined) return undefined;
        seen[!had ? "new" : has ? "kept" : "gone"] += 1;
        return `${change} ${old?.index} ${now?.index}`;
      };
      const expected = new Set<string>();
      for (const host of ALL_HOSTS) {
        for (const path of ALL_PATHS) {
          for (const method of ALL_METHODS) {
            const change = changeOn(host, method, path);
            if (change !== undefined) expected.add(change);
          }
        }
      }
      const found = diffPolicies(before, after).routes.filter(
        ({ kind, note }) => KINDS.has(kind) && note === undefined,
      );
      const told = new Set(found.map((it) => `${it.kind} ${it.before?.index} ${it.after?.index}`));
      expect([...told].sort()).toEqual([...expected].sort());
      for (const { kind, witness, before: old, after: now } of found) {
        const { method, path, host } = witness;
        // A host that no route names stands for all of these.
        const isNamed = [before, after].some(({ byHost }) => host !== undefined && byHost?.get(host)?.table);
        const changes = (isNamed ? [host ?? ""] : ALL_HOSTS).map((it) => changeOn(it, method, path));
        expect(changes).toContain(`${kind} ${old?.index} ${now?.index}`);
      }
    }),
    runs(60),
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(100);
}, 60_000);
