import fc from "fast-check";
import { expect, test } from "vitest";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import type { Policy, Route } from "../../../../src/policy/policy.ts";
import { accessChange } from "../../../support/policy/access-change.ts";
import { compiled } from "../../../support/policy/policy-file.ts";
import {
  ALL_METHODS,
  ALL_PATHS,
  ALL_SCOPE_SETS,
  permits,
  randomPolicyFile,
  randomPolicyPair,
  runs,
  served,
} from "../../../support/policy/random-policy.ts";

/** The paths with an encoded slash in one segment, at each place. No pattern has such a literal. */
const WITH_ENCODED_SLASH = ALL_PATHS.flatMap((path) =>
  path.split("/").flatMap((segment, at, all) => (segment === "" ? [] : all.with(at, `${segment}%2Fx`).join("/"))),
);

const PATHS = [
  ...ALL_PATHS,
  ...ALL_PATHS.filter((path) => path !== "/").map((path) => path.replace(/^..(?=\/|$)/, "$&;v=1")),
  ...WITH_ENCODED_SLASH,
];

/** The sets of scopes that a route lets through; one more than all if it needs no token. */
function waysIn(policy: Policy, route: Route | undefined): boolean[] {
  if (route === undefined) return [];
  const ways = knownWays.get(route) ?? [undefined, ...ALL_SCOPE_SETS].map((scopes) => permits(policy, route, scopes));
  knownWays.set(route, ways);
  return ways;
}

const knownWays = new WeakMap<Route, boolean[]>();

/** Each header that passes between a caller and the upstream, apart from the claim headers. */
function headersOf({ upstream, requirement }: Route): ReadonlySet<string> {
  const { forwardAuthorization, allowHeaderNames, originWide } = upstream;
  const token = requirement.kind !== "public" && forwardAuthorization ? ["authorization"] : [];
  return new Set([...token, ...allowHeaderNames, ...(originWide ? ["alt-svc"] : [])]);
}

function headerChanges(old: Route, now: Route): readonly string[] {
  const [before, after] = [headersOf(old), headersOf(now)];
  const gained = [...after].filter((name) => !before.has(name));
  const lost = [...before].filter((name) => !after.has(name));
  // Names of callers' headers are one setting, so that more of them outweigh fewer.
  const isExchange = gained.some((name) => name.includes("_")) && lost.every((name) => name.includes("_"));
  return [
    ...gained.map((name) => (name === "authorization" ? "token-forwarding" : "looser")),
    ...(lost.length > 0 && !isExchange ? ["headers"] : []),
    ...([isClaimed(old), isClaimed(now)].sort().join() === "false,true" ? ["headers"] : []),
  ];
}

/** Whether an upstream that anyone may call gets the claims of a token; `undefined`: not anyone may. */
function isClaimed({ requirement: { kind } }: Route): boolean | undefined {
  return kind === "public" || kind === "optional" ? kind === "optional" : undefined;
}

function mayCall(policy: Policy, id: string, route: Route | undefined): boolean {
  const client = policy.clients.get(id);
  return route !== undefined && permits(policy, route, client && [...client.scopes]);
}

/** Whether the new policy lets a client make a request with the tokens that the old registration allowed. */
function mayStillCall(before: Policy, after: Policy, id: string, route: Route | undefined): boolean {
  const [was, is] = [before.clients.get(id), after.clients.get(id)];
  const isRestricted = [...after.issuers.values()].some(({ registeredClientsOnly }) => registeredClientsOnly);
  const held = [...(was?.scopes ?? [])].filter((name) => !isRestricted || is?.scopes.has(name));
  const isAccepted = was !== undefined && (!isRestricted || is !== undefined);
  return route !== undefined && permits(after, route, isAccepted ? held : undefined);
}

test("the changes are exactly those that trying every request finds", () => {
  fc.assert(
    fc.property(randomPolicyPair, (files) => {
      const [before, after] = [compiled(files.before), compiled(files.after)];
      const expected = new Set<string>();
      const clients = new Set<string>();
      const calls = new Map<string, string>();
      const changesOf = (method: string, path: string): string[] => {
        const [old, now] = [served(before, method, path), served(after, method, path)];
        const pair = `${old?.index} ${now?.index}`;
        const change = accessChange(waysIn(before, old), waysIn(after, now));
        // The same request without what only some upstreams let through. `c` is no literal either.
        const plain = path.replace(";v=1", "").replace(/[^/]%2Fx/, "c");
        const isLetThrough = change === "added" && path !== plain && served(before, method, plain) !== undefined;
        const changes = [isLetThrough ? "looser" : change];
        if (old?.upstream.kind === "url" && now?.upstream.kind === "url") {
          if (old.upstream.origin !== now.upstream.origin) changes.push("moved");
          changes.push(...headerChanges(old, now));
        }
        for (const id of new Set([...before.clients.keys(), ...after.clients.keys()])) {
          const [could, can] = [mayCall(before, id, old), mayCall(after, id, now)];
          if (could === can) continue;
          const kept = mayStillCall(before, after, id, now) ? "keeps" : "loses";
          const call = can ? `${id} gains ${now?.index}` : `${id} ${kept} ${old?.index}`;
          clients.add(call);
          calls.set(`${call} ${method} ${path}`, call);
        }
        return changes.flatMap((kind) => (kind === undefined ? [] : [`${kind} ${pair}`]));
      };
      for (const path of PATHS) {
        for (const method of ALL_METHODS) for (const change of changesOf(method, path)) expected.add(change);
      }

      const difference = diffPolicies(before, after);
      // Where only variants of a path are served now, or before, the routes at either end are the same two.
      const found = difference.routes.map(({ kind, before: old, after: now }) => `${kind} ${old?.index} ${now?.index}`);
      expect([...new Set(found)].sort()).toEqual([...expected].sort());
      for (const { kind, witness, before: old, after: now, gained, lost } of difference.routes) {
        expect(changesOf(witness.method, witness.path)).toContain(`${kind} ${old?.index} ${now?.index}`);
        if (gained)
          expect([old && permits(before, old, gained), now && permits(after, now, gained)]).toEqual([false, true]);
        if (lost) expect([old && permits(before, old, lost), now && permits(after, now, lost)]).toEqual([true, false]);
      }
      const told = difference.clients.flatMap(({ client, gained, lost, unenforced }) => [
        ...gained.map((call) => [`${client} gains ${call.route.index}`, call] as const),
        ...lost.map((call) => [`${client} loses ${call.route.index}`, call] as const),
        ...unenforced.map((call) => [`${client} keeps ${call.route.index}`, call] as const),
      ]);
      // Requests with path parameters or encoded slashes may be told beside those without.
      expect([...new Set(told.map(([call]) => call))].sort()).toEqual([...clients].sort());
      for (const [call, { witness, note }] of told) {
        changesOf(witness.method, witness.path);
        expect(calls.get(`${call} ${witness.method} ${witness.path}`)).toBe(call);
        expect(/;|%2F/.test(witness.path)).toBe(note !== undefined);
      }
    }),
    runs(60),
  );
});

test("a policy does not differ from itself, however its parts are ordered", () => {
  const reversed = (value: Record<string, unknown>) => Object.fromEntries(Object.entries(value).toReversed());
  fc.assert(
    fc.property(randomPolicyFile, (file) => {
      const reordered = {
        ...file,
        clients: reversed(file.clients),
        upstreams: reversed(file.upstreams),
        routes: file.routes.toReversed().map((route) => ({ ...route, methods: route.methods.toReversed() })),
      };
      expect(diffPolicies(compiled(file), compiled(reordered))).toEqual({ routes: [], settings: [], clients: [] });
    }),
    runs(100),
  );
});
