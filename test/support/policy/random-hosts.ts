import fc from "fast-check";
import type { Policy, Route, RouteGroup } from "../../../src/policy/policy.ts";
import { RouteTable } from "../../../src/policy/routing/route-table.ts";
import { randomPolicyFile, type randomPolicyPair } from "./random-policy.ts";

/** The hosts that random policies serve. Not all of them are named by routes. */
export const HOSTS = ["a.example", "b.example", "c.example"] as const;

type File = typeof randomPolicyPair extends fc.Arbitrary<{ before: infer Of }> ? Of : never;
type HostRoute = File["routes"][number] & { readonly hosts?: readonly string[] };

const named = fc.constantFrom<readonly (readonly string[] | undefined)[]>(
  [undefined, ["a.example"]],
  [undefined, ["a.example"], ["b.example"], ["a.example", "b.example"]],
  // Every host is named.
  [undefined, ["a.example"], ["b.example"], ["c.example"], [...HOSTS]],
);

/** The file of a small policy whose routes name hosts, or some of them. Routes that would conflict are left out. */
export const randomHostPolicyFile = fc
  .tuple(randomPolicyFile, randomPolicyFile, named, fc.infiniteStream(fc.nat()))
  .map(([file, more, choices, choice]) => {
    const taken = new Set<string>();
    const routes = [...file.routes, ...more.routes].flatMap((route): readonly HostRoute[] => {
      const hosts = choices[choice.next().value % choices.length];
      const keys = (hosts ?? [""]).flatMap((host) => route.methods.map((method) => `${host} ${method} ${route.path}`));
      if (keys.some((key) => taken.has(key))) return [];
      for (const key of keys) taken.add(key);
      return [hosts === undefined ? route : { ...route, hosts }];
    });
    return { ...file, hosts: [...HOSTS], routes };
  });

/**
 * The routes that win a path on a host, found without the gateway's way to do it: those that name the host, and if none
 * of them matches, those that name none.
 */
export function groupOnHost(policy: Policy, host: string, path: string): RouteGroup | undefined {
  const own = policy.routes.filter(({ hosts }) => hosts?.includes(host));
  const rest = policy.routes.filter(({ hosts }) => hosts === undefined);
  return tableFor(policy, host, own).match(path) ?? tableFor(policy, "", rest).match(path);
}

const tables = new WeakMap<Policy, Map<string, RouteTable>>();

function tableFor(policy: Policy, name: string, routes: readonly Route[]): RouteTable {
  const known = tables.get(policy) ?? new Map<string, RouteTable>();
  tables.set(policy, known);
  const table =
    known.get(name) ??
    new RouteTable(
      Array.from(routes, ({ path }) => path),
      (index) => routes[index],
    );
  known.set(name, table);
  return table;
}
