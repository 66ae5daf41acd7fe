import fc from "fast-check";
import { expect, it } from "vitest";
import { adviseClient } from "../../../../src/policy/analysis/advice/advise-client.ts";
import { NO_CALLS, type Observation } from "../../../../src/policy/analysis/advice/observation.ts";
import { authorize } from "../../../../src/policy/authorize.ts";
import type { Issuer, Policy, Requirement } from "../../../../src/policy/policy.ts";
import { atomsOf } from "../../../../src/policy/requirements/conditions.ts";
import { effectiveScopes } from "../../../../src/policy/scopes.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";
import { runs } from "../../../support/policy/random-policy.ts";

const SCOPES = ["read", "list", "write", "admin", "audit"].map((name) => `s/${name}`);
const DECLARED = {
  read: "",
  list: "",
  write: { description: "", implies: ["read"] },
  admin: { description: "", implies: ["write", "list"] },
  audit: "",
};

interface Settings {
  readonly registered?: readonly string[] | undefined;
  readonly registeredClientsOnly?: boolean;
}

function policyOf(scopes: readonly unknown[], { registered, registeredClientsOnly = false }: Settings = {}): Policy {
  return compiled(
    policyFileWith({
      issuers: { main: { issuer: "https://issuer.example", profile: "cognito", registeredClientsOnly } },
      resourceServers: { s: { scopes: DECLARED } },
      clients: registered ? { one: { scopes: registered } } : {},
      routes: scopes.map((it, at) => ({ path: `/${at}/:id`, methods: ["GET"], scopes: it, upstream: "orders" })),
    }),
  );
}

function issuerOf({ issuers }: Policy): Issuer {
  const [issuer] = issuers.values();
  if (issuer === undefined) throw new Error("no issuer");
  return issuer;
}

const ONCE = { seen: 1, requests: 1 };

/** One call of a route, which is let through or refused. */
function call(policy: Policy, at: number, granted: readonly string[], isPermitted = true): Observation {
  const route = policy.routes[at];
  if (route === undefined) throw new Error("no route");
  const [permitted, refused] = isPermitted ? [ONCE, NO_CALLS] : [NO_CALLS, ONCE];
  return { route, requirements: [route.requirement], granted: granted.map((name) => `s/${name}`), permitted, refused };
}

function advise(policy: Policy, observations: readonly Observation[]) {
  return adviseClient(policy, issuerOf(policy), { issuer: "main", id: "one", observations });
}

const short = (sets: readonly (readonly string[])[]) => sets.map((set) => set.map((name) => name.slice(2)).join("+"));

it.each([
  {
    name: "all routes together",
    routes: [["read"], ["list"]],
    tokens: ["admin", "admin"],
    kept: ["admin"],
    smallest: ["read+list"],
  },
  {
    name: "one scope that opens two routes",
    routes: [
      ["read", "audit"],
      ["list", "audit"],
    ],
    tokens: ["read list audit", "read list audit"],
    kept: ["audit"],
    smallest: ["audit"],
  },
  {
    name: "each of two that are as small",
    routes: [["read", "audit"]],
    tokens: ["read audit"],
    kept: ["read", "audit"],
    smallest: ["read", "audit"],
  },
  {
    name: "what each token had",
    routes: [["read"], ["read"]],
    tokens: ["read", "write"],
    kept: ["read+write"],
    smallest: ["read"],
  },
  { name: "nothing for tokens that were not needed", routes: [["read"]], tokens: [], kept: [""], smallest: [""] },
])("needs $name", ({ routes, tokens, kept, smallest }) => {
  const policy = policyOf(routes);
  const advice = advise(
    policy,
    tokens.map((granted, at) => call(policy, at, granted.split(" "))),
  );
  expect([short(advice.kept.sets), short(advice.smallest.sets)]).toEqual([kept, smallest]);
});

it.each([
  { name: "a condition may not have been met", granted: "admin read", kept: ["admin"] },
  { name: "a condition must have been met", granted: "read audit", kept: ["read"] },
])("takes into account that $name", ({ granted, kept }) => {
  const policy = policyOf([{ anyOf: ["admin", { allOf: ["read", { param: "id", equals: "sub" }] }] }]);
  expect(short(advise(policy, [call(policy, 0, granted.split(" "))]).kept.sets)).toEqual(kept);
});

it.each([
  { name: "with a registration that was enough", registered: ["read"], kept: ["read"], unneeded: "", unregistered: "" },
  {
    name: "with a registration that was not",
    registered: ["list"],
    kept: ["read", "audit"],
    unneeded: "list",
    unregistered: "read",
  },
  {
    name: "without a registration",
    registered: undefined,
    kept: ["read", "audit"],
    unneeded: "list",
    unregistered: "",
  },
])("says what is not needed, $name", ({ registered, kept, unneeded, unregistered }) => {
  const policy = policyOf([["read", "audit"]], { registered });
  const advice = advise(policy, [call(policy, 0, ["read", "list", "audit"])]);
  expect([short(advice.kept.sets), short([advice.unneeded]), short([advice.unregistered])]).toEqual([
    kept,
    [unneeded],
    [unregistered],
  ]);
});

it("leaves out calls that this policy would refuse, and counts them", () => {
  const registered = ["read"];
  const policy = policyOf([["list"], ["read"]], { registered, registeredClientsOnly: true });
  const advice = advise(policy, [call(policy, 0, ["list"]), call(policy, 1, ["read"])]);
  expect([advice.outdated, short(advice.kept.sets)]).toEqual([ONCE, ["read"]]);
  const unregistered = policyOf([["read"]], { registeredClientsOnly: true });
  expect(advise(unregistered, [call(unregistered, 0, ["read"])]).outdated).toEqual(ONCE);
});

it("keeps all scopes of a token where nobody can tell what the call needed", () => {
  const policy = policyOf([["read"]]);
  const advice = advise(policy, [{ ...call(policy, 0, ["read", "audit"]), requirements: [] }]);
  expect([advice.untold, short(advice.kept.sets)]).toEqual([ONCE, ["read+audit"]]);
});

it("keeps what each of several routes asks for where one of them let the call through", () => {
  const policy = policyOf([["read"], ["audit"], { allOf: ["admin", "audit"] }]);
  const requirements = policy.routes.map(({ requirement }) => requirement);
  const advice = advise(policy, [{ ...call(policy, 0, ["read", "audit"]), requirements }]);
  expect(short(advice.kept.sets)).toEqual(["read+audit"]);
});

it.each([
  { name: "a scope that is missing", scopes: ["read"], granted: [], found: ["read"], others: 0 },
  {
    name: "each of two that would do",
    scopes: ["read", "audit"],
    granted: ["list"],
    found: ["read", "audit"],
    others: 0,
  },
  { name: "the second of two", scopes: { allOf: ["read", "audit"] }, granted: ["audit"], found: ["read"], others: 0 },
  { name: "none where two are missing", scopes: { allOf: ["read", "audit"] }, granted: [], found: [], others: 1 },
  {
    name: "none that a condition would be needed for",
    scopes: { allOf: ["read", { claim: "tier", in: ["gold"] }] },
    granted: [],
    found: [],
    others: 1,
  },
])("finds the grant that would have prevented a refusal: $name", ({ scopes, granted, found, others }) => {
  const policy = policyOf([scopes], { registered: ["read"] });
  const advice = advise(policy, [call(policy, 0, granted, false)]);
  expect(advice.preventing.map(({ scope, isRegistered }) => [scope, isRegistered])).toEqual(
    found.map((name) => [`s/${name}`, name === "read"]),
  );
  expect(advice.otherRefusals.seen).toBe(others);
});

// Brute force.

const condition = fc.constantFrom(
  { claim: "tier", in: ["gold", "silver"] },
  { param: "id", equals: "sub" },
  { claim: "org", in: ["a"] },
);
const { formula } = fc.letrec<{ formula: unknown }>((tie) => ({
  formula: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...SCOPES),
    condition,
    fc.record({ anyOf: fc.array(tie("formula"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie("formula"), { minLength: 1, maxLength: 3 }) }),
  ),
}));
const world = fc.record({
  routes: fc.array(fc.array(formula, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 }),
  registered: fc.option(fc.subarray(SCOPES), { nil: undefined }),
  registeredClientsOnly: fc.boolean(),
  tokens: fc.array(fc.tuple(fc.nat(3), fc.subarray(SCOPES)), { maxLength: 6 }),
});

function subsetsOf(items: readonly string[]): readonly (readonly string[])[] {
  return items.reduce<readonly (readonly string[])[]>((sets, it) => sets.flatMap((set) => [set, [...set, it]]), [[]]);
}

it("finds what trying every set of scopes, under all conditions that calls may have met, finds", () => {
  fc.assert(
    fc.property(world, ({ routes, tokens, ...settings }) => {
      const policy = policyOf(routes, settings);
      const { registered } = settings;
      const own = new Set(registered);
      const isEnforced = settings.registeredClientsOnly;
      /** Under which conditions these scopes are enough. */
      const meeting = (requirement: Requirement, scopes: readonly string[]): readonly (readonly string[])[] => {
        const conditions = requirement.kind === "scopes" ? (requirement.conditions ?? []) : [];
        const held = effectiveScopes(policy.scopes, "main", scopes);
        return subsetsOf([...new Set(conditions.flatMap(atomsOf))]).filter((met) => {
          const effective = held.union(new Set(met));
          return authorize(requirement, { issuer: "main", effective }) === "permitted";
        });
      };
      const calls = tokens.flatMap(([at, granted]) => {
        const { requirement } = policy.routes[at % policy.routes.length] ?? {};
        if (requirement === undefined || (isEnforced && registered === undefined)) return [];
        const within = registered ? granted.filter((name) => own.has(name)) : granted;
        const had = isEnforced || meeting(requirement, within).length > 0 ? within : granted;
        const under = meeting(requirement, had);
        return under.length === 0 ? [] : [{ requirement, had, under }];
      });
      const isKept = (set: readonly string[]): boolean =>
        calls.every(({ requirement, had, under }) => {
          const left = meeting(
            requirement,
            had.filter((name) => set.includes(name)),
          ).map((met) => met.join());
          return under.every((met) => left.includes(met.join()));
        });
      const isEnough = (set: readonly string[]): boolean =>
        calls.every(({ requirement, under }) => {
          const met = meeting(requirement, set).map((it) => it.join());
          return under.every((it) => met.includes(it.join()));
        });
      const fewest = (isFine: (set: readonly string[]) => boolean) => {
        const fine = subsetsOf(SCOPES).filter(isFine);
        const sizeOf = (set: readonly string[]) => effectiveScopes(policy.scopes, "main", set).size;
        const least = Math.min(...fine.map(sizeOf));
        return fine.filter(
          (set) => sizeOf(set) === least && !set.some((name) => isFine(set.filter((it) => it !== name))),
        );
      };
      const text = (sets: readonly (readonly string[])[]) => sets.map((set) => set.toSorted().join()).sort();
      const observations = tokens.map(([at, granted]) =>
        call(
          policy,
          at % policy.routes.length,
          granted.map((name) => name.slice(2)),
        ),
      );
      const { kept, smallest, outdated } = advise(policy, observations);
      expect(text(kept.sets)).toEqual(text(fewest(isKept)));
      expect(text(smallest.sets)).toEqual(text(fewest(isEnough)));
      expect(outdated.seen).toBe(tokens.length - calls.length);
    }),
    runs(200),
  );
});
