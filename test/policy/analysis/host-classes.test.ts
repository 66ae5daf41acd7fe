import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { HostAxis } from "../../../src/policy/analysis/host-classes.ts";
import { patternsOnHost } from "../../../src/policy/analysis/patterns-on-host.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import type { Policy, RouteGroup } from "../../../src/policy/policy.ts";
import { matchOnHost } from "../../../src/policy/routing/match-on-host.ts";
import { routeFor } from "../../../src/policy/routing/route-table.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";
import { groupOnHost, HOSTS, randomHostPolicyFile } from "../../support/policy/random-hosts.ts";
import { ALL_METHODS, ALL_PATHS, pattern, randomPolicyFile, runs } from "../../support/policy/random-policy.ts";

const keyOf = (group: RouteGroup | undefined): string => {
  const routes = group ? [...group.byMethod.values(), ...(group.anyMethod ? [group.anyMethod] : [])] : [];
  return [...new Set(routes.map(({ index }) => index))].sort().join() || "none";
};

function classesOf(policies: readonly Policy[], selected?: readonly string[]) {
  const axis = HostAxis.of(policies, selected);
  if (axis === undefined) throw new Error("nothing tells hosts apart");
  const trees = policies.map((policy) => axis.routeTree(policy));
  return [...axis.classes(trees, {})];
}

it("a path on a host is matched by the routes that name the host, then by the others", () => {
  let own = 0;
  fc.assert(
    fc.property(randomHostPolicyFile, fc.constantFrom(...HOSTS), fc.constantFrom(...ALL_PATHS), (file, host, path) => {
      const policy = compiled(file);
      const group = matchOnHost(policy, host, path);
      expect(keyOf(group)).toBe(keyOf(groupOnHost(policy, host, path)));
      const patterns = patternsOnHost(policy, host, path);
      expect([...patterns.own, ...patterns.others][0]?.leaf).toBe(group);
      if (patterns.own.length > 0) own += 1;
    }),
    runs(300),
  );
  expect(own).toBeGreaterThan(20);
});

it("the classes of requests are exactly those that trying every host and path finds", () => {
  let [named, other] = [0, 0];
  fc.assert(
    fc.property(randomHostPolicyFile, fc.oneof(randomHostPolicyFile, randomPolicyFile), (one, two) => {
      const policies = [compiled(one), compiled({ ...two, hosts: [...HOSTS] })];
      fc.pre(HostAxis.of(policies) !== undefined);
      const found = classesOf(policies);
      const expected = new Set<string>();
      for (const host of HOSTS) {
        for (const path of ALL_PATHS) {
          const key = policies.map((policy) => keyOf(groupOnHost(policy, host, path))).join(" ");
          if (key !== "none none") expected.add(key);
        }
      }
      // A route that names two hosts is found on both.
      expect(new Set(found.map(({ leaves }) => leaves.map(keyOf).join(" ")))).toEqual(expected);
      for (const { host = "", path, leaves } of found) {
        expect(policies.map((policy) => keyOf(groupOnHost(policy, host, path)))).toEqual(leaves.map(keyOf));
        if (policies.some(({ byHost }) => byHost?.get(host)?.table)) named += 1;
        else other += 1;
      }
    }),
    runs(80),
  );
  expect(Math.min(named, other)).toBeGreaterThan(20);
});

it("a guarantee about hosts is proven exactly if no call on one of them breaks it", () => {
  const hostsMember = fc.uniqueArray(fc.constantFrom(...HOSTS), { minLength: 1, maxLength: 2 });
  const paths = fc.uniqueArray(pattern, { minLength: 1, maxLength: 2, selector: (it) => it.replace(/:p\d/g, ":") });
  const guarantee = fc.record({ never: fc.constant(true), hosts: hostsMember, paths }, { requiredKeys: ["never"] });
  const guarded = fc.record({
    file: fc.oneof(randomHostPolicyFile, randomPolicyFile),
    guarantee,
    except: fc.option(hostsMember, { nil: undefined }),
  });
  let [held, broken] = [0, 0];
  fc.assert(
    fc.property(guarded, ({ file, guarantee: claim, except }) => {
      const guarantees = [{ ...claim, ...(except && { except: [{ hosts: except }] }) }];
      const policy = compiled({ ...file, hosts: [...HOSTS], guarantees });
      const selected = compiled({
        ...file,
        routes: (claim.paths ?? ["/*", "/"]).map((path) => ({ path, methods: ["*"], public: true, upstream: "u" })),
      } as never);
      const [proof] = prove(policy);
      const breaking = new Set<number>();
      for (const host of HOSTS) {
        if (claim.hosts?.includes(host) === false || except?.includes(host)) continue;
        for (const path of ALL_PATHS) {
          if (claim.paths && selected.table.match(path) === undefined) continue;
          const group = groupOnHost(policy, host, path);
          for (const method of ALL_METHODS) {
            const route = group && routeFor(group, method);
            if (route && route.requirement.kind !== "scopes") breaking.add(route.index);
          }
        }
      }
      const easy = proof?.breaches.filter(({ route }) => route.requirement.kind !== "scopes") ?? [];
      expect(new Set(easy.map(({ route }) => route.index))).toEqual(breaking);
      for (const { host, path, method, route } of proof?.breaches ?? []) {
        const on = host === undefined ? HOSTS : [host];
        expect(
          on.map((name) => groupOnHost(policy, name, path)).map((it) => it && routeFor(it, method)?.index),
        ).toContain(route.index);
        if (host !== undefined) expect(claim.hosts?.some((name) => name === host) ?? true).toBe(true);
      }
      if (easy.length > 0) broken += 1;
      else held += 1;
    }),
    runs(80),
  );
  expect(Math.min(held, broken)).toBeGreaterThan(5);
});

describe("diff names the host of a change", () => {
  const hosts = ["api.example", "admin.example", "www.example"];
  const open = { path: "/a", methods: ["GET"], public: true, upstream: "orders" };
  const read = { path: "/a", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
  const policy = (...routes: object[]) => compiled(policyFileWith({ hosts, routes }));
  const witnesses = (before: Policy, after: Policy) =>
    diffPolicies(before, after).routes.map(({ kind, witness }) => [kind, witness.host, witness.path]);

  it.each([
    {
      name: "a route of a host that is new",
      after: [read, { ...read, hosts: ["admin.example"], path: "/b" }],
      expected: [["added", "admin.example", "/b"]],
    },
    {
      name: "a host that opens a route of every host",
      after: [read, { ...open, hosts: ["admin.example"] }],
      expected: [["opened", "admin.example", "/a"]],
    },
    {
      name: "a route that is left to one host",
      after: [{ ...read, hosts: ["api.example"] }],
      expected: [["removed", "admin.example", "/a"]],
    },
    { name: "a route that names all hosts", after: [{ ...read, hosts }], expected: [] },
    {
      name: "a wildcard of a host that takes over a stricter route",
      after: [read, { ...open, hosts: ["www.example"], path: "/*" }],
      expected: [
        ["opened", "www.example", "/a"],
        ["opened", "www.example", "/x"],
      ],
    },
  ])("$name", ({ after, expected }) => {
    expect(witnesses(policy(read), policy(...after)).sort()).toEqual(expected);
  });

  it("and none where hosts are not told apart", () => {
    const [change] = diffPolicies(policy(read), policy(read, { ...read, path: "/b" })).routes;
    expect(change?.witness).toEqual({ method: "GET", path: "/b" });
  });
});

it.each([
  {
    name: "one that both policies serve",
    before: ["a.example", "gone.example", "stays.example"],
    after: ["a.example", "stays.example"],
    expected: "stays.example",
  },
  {
    name: "one that only the old policy serves, if no other is left",
    before: ["a.example", "gone.example"],
    after: ["a.example"],
    expected: "gone.example",
  },
])("the example for hosts that no route names is on $name", ({ before, after, expected }) => {
  const own = { path: "/*", methods: ["*"], public: true, upstream: "orders", hosts: ["a.example"] };
  const policyWith = (hosts: readonly string[], requirement: object) =>
    compiled(
      policyFileWith({ hosts, routes: [own, { path: "/x", methods: ["GET"], upstream: "orders", ...requirement }] }),
    );
  const { routes } = diffPolicies(policyWith(before, { authenticated: true }), policyWith(after, { public: true }));
  expect(routes).toMatchObject([{ kind: "opened", witness: { host: expected, path: "/x" } }]);
});
