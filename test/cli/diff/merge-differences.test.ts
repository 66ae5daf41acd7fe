import { describe, expect, it } from "vitest";
import { mergeDifferences } from "../../../src/cli/diff/merge-differences.ts";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const policy = (members: Record<string, unknown> = {}) => compiled(policyFileWith(members));
const none = diffPolicies(policy(), policy());
const moved = diffPolicies(policy(), policy({ upstreams: { orders: { url: "https://foreign.example" } } }));
const realm = diffPolicies(policy(), policy({ realm: "other" }));
const gained = diffPolicies(policy(), policy({ clients: { app: { scopes: ["read:orders"] } } }));
const ROUTES = ["read", "write"].map((verb) => {
  return { path: `/${verb}`, methods: ["GET"], scopes: [`${verb}:orders`], upstream: "orders" };
});

describe("mergeDifferences", () => {
  it("tells a change once that is the same everywhere", () => {
    expect(mergeDifferences([moved, moved].map((difference, at) => ({ label: `${at}`, difference })))).toEqual(moved);
  });

  it("says where a change occurs that does not occur everywhere", () => {
    const all = [none, moved, moved].map((difference, at) => ({ label: `env${at}`, difference }));
    expect(mergeDifferences(all).routes.map(({ note }) => note)).toEqual([
      "from https://orders.example to https://foreign.example, in env1, env2",
    ]);
  });

  it("says so of settings, too", () => {
    const all = [realm, none].map((difference, at) => ({ label: `env${at}`, difference }));
    expect(mergeDifferences(all).settings.map(({ message }) => message)).toEqual([
      "Changed from scopegate to other. (in env0)",
    ]);
  });

  it("tells once what a client gains", () => {
    const all = [gained, gained].map((difference, at) => ({ label: `env${at}`, difference }));
    expect(mergeDifferences(all).clients).toEqual(gained.clients);
  });

  it("says where a client gains something that it does not gain everywhere", () => {
    const all = [gained, none, gained].map((difference, at) => ({ label: `env${at}`, difference }));
    const calls = mergeDifferences(all).clients.map((change) => change.gained.map(({ note }) => note));
    expect(calls).toEqual([["in env0, env2"]]);
  });

  it("tells a client once, and says of each call where it is gained if it is not gained everywhere", () => {
    const [before, ...scopes] = [[], ["read:orders"], ["read:orders", "write:orders"]].map((held) => {
      return policy({ routes: ROUTES, clients: { app: { scopes: held } } });
    });
    if (before === undefined) throw new Error("There are three policies.");
    const all = scopes.map((after, at) => ({ label: `env${at}`, difference: diffPolicies(before, after) }));
    const merged = mergeDifferences([{ label: "", difference: none }, ...all]).clients;
    const calls = merged.map(({ client, gained: calls }) => [
      client,
      calls.map(({ route, note }) => [route.path, note]),
    ]);
    expect(calls).toEqual([
      [
        "app",
        [
          ["/read", "in env0, env1"],
          ["/write", "in env1"],
        ],
      ],
    ]);
    const [both] = mergeDifferences(all).clients;
    expect(both?.gained.map(({ note, environments }) => [note, environments])).toEqual([
      [undefined, undefined],
      ["in env1", ["env1"]],
    ]);
  });

  it.each([
    { environments: ["", "staging"], expected: "in top level, staging" },
    { environments: ["staging"], expected: "in staging" },
  ])("names the environments, and the top level as such: $expected", ({ environments, expected }) => {
    const differences = environments.map((label) => ({ label, difference: gained }));
    const [change] = mergeDifferences([...differences, { label: "other", difference: none }]).clients;
    expect(change?.gained.map(({ note, environments: names }) => [note, names])).toEqual([[expected, environments]]);
  });

  it("gives changes that are not there on every day their first day, also when environments are put together", () => {
    const some = { routes: moved.routes, settings: realm.settings, clients: gained.clients };
    const all = [none, some].map((difference, at) => ({ label: `${at}`, difference }));
    const overTime = mergeDifferences(all, () => ({ where: "from 2027-02-01", day: "2027-02-01" }));
    const everywhere = mergeDifferences([overTime, none].map((difference, at) => ({ label: `env${at}`, difference })));
    for (const { routes, settings, clients } of [overTime, everywhere]) {
      const calls = clients.flatMap((change) => change.gained);
      expect([...routes, ...settings, ...calls].map(({ day }) => day)).toEqual(Array(3).fill("2027-02-01"));
    }
    const always = mergeDifferences(all.map(({ label }) => ({ label, difference: moved })));
    expect(always.routes.map(({ day }) => day)).toEqual([undefined]);
  });

  it("keeps a client that is gone apart from another that has its name now", () => {
    const clients = { app: { scopes: ["read:orders"] }, web: { scopes: ["read:orders"] } };
    const issuers = { main: { issuer: "https://issuer.example", profile: "cognito", registeredClientsOnly: true } };
    const after = { app: { id: "web", scopes: [] } };
    const reused = diffPolicies(policy({ issuers, clients }), policy({ issuers, clients: after }));
    const all = [reused, reused].map((difference, at) => ({ label: `env${at}`, difference }));
    expect(mergeDifferences(all).clients.map(({ client, isNameReused }) => [client, isNameReused])).toEqual([
      ["app", true],
      ["app", false],
    ]);
  });
});
