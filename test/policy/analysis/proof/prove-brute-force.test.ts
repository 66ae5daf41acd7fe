import fc from "fast-check";
import { expect, test } from "vitest";
import { onRoute } from "../../../../src/policy/analysis/formulas/with-atoms.ts";
import type { Caller } from "../../../../src/policy/analysis/proof/proof.ts";
import { prove } from "../../../../src/policy/analysis/proof/prove.ts";
import { meets } from "../../../../src/policy/authorize.ts";
import type {
  CallSelection,
  Guarantee,
  PathSelection,
  Policy,
  Route,
  RouteLookup,
} from "../../../../src/policy/policy.ts";
import { withImplied } from "../../../../src/policy/scopes.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";
import {
  ALL_METHODS,
  ALL_PATHS,
  ALL_SCOPE_SETS,
  methods,
  pattern,
  permits,
  randomPolicyFile,
  runs,
  scopesMember,
  served,
} from "../../../support/policy/random-policy.ts";

const closedPattern = pattern.map((it) => it.replace(/\*$/, "a").replace(/(?<=.)\/$/, ""));

const selection = fc.record(
  {
    clients: fc.oneof(fc.constant(["one"]), fc.constant(["*"])),
    methods,
    paths: fc.array(pattern, { minLength: 1, maxLength: 2 }),
    under: fc.array(closedPattern, { minLength: 1, maxLength: 1 }),
  },
  { requiredKeys: [] },
);

const claim = fc.oneof(
  fc.constant({ never: true }),
  fc.record({ requires: scopesMember }),
  fc.record({ publicOnly: fc.array(pattern, { maxLength: 2 }) }),
  fc.record({ upstream: fc.constantFrom("u", "v") }),
);

const guarantee = fc
  .record({
    selection,
    except: fc.array(
      selection.filter((it) => Object.keys(it).length > 0),
      { maxLength: 2 },
    ),
    claim,
  })
  .map(({ selection: selected, except, claim: claimed }) => ({
    ...selected,
    ...claimed,
    ...(except.length > 0 && { except }),
  }));

const policyFile = fc
  .record({ file: randomPolicyFile, guarantees: fc.array(guarantee, { minLength: 1, maxLength: 3 }) })
  .map(({ file, guarantees }) => ({ ...file, guarantees }));

/** The table of one pattern alone, so that what serves requests reads it. */
const tables = new Map<string, RouteLookup>();
function isMatched(path: string, pattern: string): boolean {
  const routes = [{ path: pattern, methods: ["GET"], public: true, upstream: "orders" }];
  const table = tables.get(pattern) ?? compiled(policyFileWith({ routes })).table;
  tables.set(pattern, table);
  return table.match(path) !== undefined;
}

function isIn(path: string, { patterns, under }: PathSelection): boolean {
  return patterns.some((it) => isMatched(path, it)) || under.some((it) => isUnder(path, it));
}

function isUnder(path: string, prefix: string): boolean {
  const [parts, wanted] = [path, prefix].map((text) => (text === "/" ? [] : text.slice(1).split("/")));
  return (wanted ?? []).every((part, at) => part === parts?.[at] || (part.startsWith(":") && Boolean(parts?.[at])));
}

function isSelected(it: CallSelection, method: string, path: string, caller: Caller): boolean {
  return (
    (it.methods?.has(method) ?? true) &&
    (it.paths === undefined || isIn(path, it.paths)) &&
    (it.clients === undefined || (caller.kind === "client" && it.clients.has(caller.client.id)))
  );
}

function callersOf({ clients, issuers }: Policy): Caller[] {
  const open = [...issuers.values()].filter(({ registeredClientsOnly }) => !registeredClientsOnly);
  return [
    { kind: "anonymous" },
    ...Array.from(clients.values(), (client): Caller => ({ kind: "client", client })),
    ...open.map((issuer): Caller => ({ kind: "unregistered", issuer })),
  ];
}

/** Whether the gateway accepts tokens of a registered client that grant more than its registration. */
function isUnenforced({ issuers }: Policy, { kind }: Caller): boolean {
  return kind === "client" && [...issuers.values()].some(({ registeredClientsOnly }) => !registeredClientsOnly);
}

/** With each set of scopes that the caller's token may grant; a client may call without a token, too. */
function scopeSetsOf(caller: Caller): (readonly string[] | undefined)[] {
  if (caller.kind === "anonymous") return [undefined];
  const sets = ALL_SCOPE_SETS.filter(
    (set) => caller.kind === "unregistered" || set.every((name) => caller.client.scopes.has(name)),
  );
  return [undefined, ...sets];
}

function isBroken(
  guaranteed: Guarantee,
  route: Route,
  path: string,
  scopes: readonly string[] | undefined,
  { scopes: table }: Policy,
): boolean {
  const { claim: claimed } = guaranteed;
  switch (claimed.kind) {
    case "never":
      return true;
    case "requires":
      return scopes === undefined || !meets(onRoute(claimed.expression, route.path), withImplied(table, scopes));
    case "senderConstrained":
      // None of these tokens is bound.
      return true;
    case "publicOnly":
      return scopes === undefined && !isIn(path, claimed.paths);
    case "authentication":
      throw new Error("These policies ask nothing of the authentication.");
    case "upstream":
      return route.upstream.name !== claimed.upstream.name;
  }
}

test("a guarantee is proven exactly if no request of any kind breaks it, and its breaches do", {
  timeout: 20_000,
}, () => {
  let [held, broken] = [0, 0];
  fc.assert(
    fc.property(policyFile, (file) => {
      const it = compiled(file);
      for (const { guarantee: guaranteed, breaches, isIdle, idleBecause, isAssumed } of prove(it)) {
        const breaking = new Set<number>();
        const breakingWithMore = new Set<number>();
        let isServed = false;
        const isBreach = (method: string, path: string, caller: Caller, scopes: readonly string[] | undefined) => {
          const route = served(it, method, path);
          if (route === undefined || !isSelected(guaranteed, method, path, caller)) return undefined;
          if (guaranteed.except.some((exception) => isSelected(exception, method, path, caller))) return undefined;
          return permits(it, route, scopes) && isBroken(guaranteed, route, path, scopes, it) ? route : undefined;
        };
        for (const path of ALL_PATHS) {
          for (const method of ALL_METHODS) {
            if (served(it, method, path) === undefined) continue;
            const { claim: claimed } = guaranteed;
            const isListed = claimed.kind === "publicOnly" && isIn(path, claimed.paths);
            for (const caller of callersOf(it)) {
              isServed ||=
                !isListed &&
                isSelected(guaranteed, method, path, caller) &&
                !guaranteed.except.some((exception) => isSelected(exception, method, path, caller));
              if (breaches.length === 0 && isUnenforced(it, caller)) {
                for (const scopes of ALL_SCOPE_SETS) {
                  const route = isBreach(method, path, caller, scopes);
                  if (route) breakingWithMore.add(route.index);
                }
              }
              for (const scopes of scopeSetsOf(caller)) {
                const route = isBreach(method, path, caller, scopes);
                if (route) breaking.add(route.index);
              }
            }
          }
        }
        expect(breaches.map(({ route }) => route.index).sort()).toEqual([...breaking].sort());
        expect(isIdle).toBe(!isServed);
        expect(idleBecause !== undefined).toBe(isIdle);
        expect(isAssumed).toBe(breaking.size === 0 && breakingWithMore.size > 0);
        for (const { method, path, caller, scopes, route } of breaches) {
          const isPublic = ["public", "optional"].includes(route.requirement.kind);
          const callers = caller.kind === "anonymous" && isPublic ? callersOf(it) : [caller];
          const found = callers.map((one) => isBreach(method, path, one, isPublic ? undefined : scopes)?.index);
          expect(found).toContain(route.index);
          if (caller.kind === "client") expect(scopes.every((name) => caller.client.scopes.has(name))).toBe(true);
        }
        if (breaches.length > 0) broken++;
        else if (!isIdle) held++;
      }
    }),
    runs(40),
  );
  // The property would say little if nearly all guarantees went one way.
  expect(Math.min(held, broken)).toBeGreaterThan(0.1 * (held + broken));
});
