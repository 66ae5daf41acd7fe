import fc from "fast-check";
import { expect, it } from "vitest";
import { buildPolicy } from "../../../src/policy/compiled/build-policy.ts";
import { loadCompiledPolicy } from "../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../../../src/policy/compiled/serialize-policy.ts";
import { formatFault } from "../../../src/policy/fault.ts";
import { matchOnHost } from "../../../src/policy/routing/match-on-host.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";
import { HOSTS, randomHostPolicyFile } from "../../support/policy/random-hosts.ts";
import { ALL_PATHS, runs } from "../../support/policy/random-policy.ts";

type Stored = ReturnType<typeof stored>;

function stored(file: unknown, vars: Readonly<Record<string, unknown>> = {}) {
  const built = compileForWorker(file, vars);
  if (!built.ok) throw new Error(built.failure.map(formatFault).join());
  return structuredClone(built.value);
}

function faultsOfLoading(policy: Stored, vars: Readonly<Record<string, unknown>>): readonly string[] {
  const loaded = loadCompiledPolicy(policy, vars, OPTIONAL_MODULES);
  return loaded.ok ? [] : loaded.failure.map(formatFault);
}

const variable = (name: string): string => `\${${name}}`;
const READ = { path: "/a", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
const FILE = policyFileWith({
  hosts: [variable("ONE"), variable("TWO"), "api.example"],
  routes: [
    READ,
    { ...READ, hosts: [variable("ONE")] },
    { ...READ, hosts: [variable("TWO")] },
    { ...READ, path: "/b", hosts: [variable("TWO"), "api.example"] },
  ],
});
const VARS = { ONE: "one.example", TWO: "two.example" };

it("a policy that was stored serves every host as it did before", () => {
  fc.assert(
    fc.property(randomHostPolicyFile, (file) => {
      const before = compiled(file);
      const loaded = loadCompiledPolicy(stored(file), {}, OPTIONAL_MODULES);
      if (!loaded.ok) throw new Error(loaded.failure.map(formatFault).join());
      const after = loaded.value;
      for (const host of HOSTS) {
        expect(after.byHost?.get(host)?.resources).toEqual(before.byHost?.get(host)?.resources);
        for (const path of ALL_PATHS) {
          const [was, is] = [matchOnHost(before, host, path), matchOnHost(after, host, path)];
          expect(is?.shape).toBe(was?.shape);
          expect([is?.allow, is?.anyMethod?.index]).toEqual([was?.allow, was?.anyMethod?.index]);
        }
      }
    }),
    runs(40),
  );
});

it("the stored hosts are as in the file, and a policy without hosts of routes stores none", () => {
  expect(stored(FILE, VARS).routes.hosts?.values).toEqual([
    [],
    [variable("ONE")],
    [variable("TWO")],
    [variable("TWO"), "api.example"],
  ]);
  expect(stored(policyFileWith({ hosts: ["a.example"], routes: [READ] })).routes).not.toHaveProperty("hosts");
});

it.each([
  { name: "other hosts", vars: { ONE: "one.example", TWO: "x" }, expected: [] },
  {
    name: "one value for two variables",
    vars: { ONE: "one.example", TWO: "one.example" },
    expected: [
      "$.hosts[1]: The host is listed twice. Leave one of them out.",
      "$.routes[2].methods[0]: `GET /a` is also served by routes[1] (`/a`) on one.example. Remove one of them.",
    ],
  },
  {
    name: "two spellings of loopback",
    vars: { ONE: "127.0.0.1", TWO: "localhost" },
    expected: ["$.routes[2].methods[0]: `GET /a` is also served by routes[1] (`/a`) on localhost. Remove one of them."],
  },
  {
    name: "a variable that is missing",
    vars: { TWO: "two.example" },
    expected: [
      expect.stringContaining("$.hosts[0]: The variable `ONE` is not set."),
      expect.stringContaining("$.routes[1].hosts[0]: The variable `ONE` is not set."),
    ],
  },
])("vars are checked when the policy is loaded: $name", ({ vars, expected }) => {
  expect(faultsOfLoading(stored(FILE, VARS), vars)).toEqual(expected);
});

it("a damaged column of hosts never makes a route serve on every host", () => {
  const policy = stored(FILE, VARS);
  const { hosts } = policy.routes;
  const damaged = { ...policy, routes: { ...policy.routes, hosts: hosts && { ...hosts, indices: [0, 9, 2, 3] } } };
  expect(faultsOfLoading(damaged, VARS)).toEqual([
    "$.routes[1]: The compiled policy lacks a part of this route. Build it again.",
  ]);
});

it("the digest tells hosts of routes, by the names of their variables and in any order", async () => {
  const digestOf = async (routes: readonly object[], vars = VARS) => {
    const built = await buildPolicy(policyFileWith({ hosts: [variable("ONE"), variable("TWO")], routes }), vars);
    if (!built.ok) throw new Error(built.failure.map(formatFault).join());
    return built.value.digest;
  };
  const [one, two] = [variable("ONE"), variable("TWO")];
  const digest = await digestOf([READ, { ...READ, hosts: [one, two] }]);
  expect(await digestOf([{ ...READ, hosts: [two, one] }, READ])).toBe(digest);
  expect(await digestOf([READ, { ...READ, hosts: [one, two] }], { ONE: "a.example", TWO: "b.example" })).toBe(digest);
  expect(await digestOf([READ, { ...READ, hosts: [one] }])).not.toBe(digest);
  expect(await digestOf([READ])).not.toBe(digest);
});
