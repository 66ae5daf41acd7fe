import fc from "fast-check";
import { expect, test } from "vitest";
import { callerWithClaims } from "../../../../src/explain/claims-caller.ts";
import { dryRun } from "../../../../src/explain/dry-run.ts";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import { onRoute } from "../../../../src/policy/analysis/formulas/with-atoms.ts";
import { prove } from "../../../../src/policy/analysis/proof/prove.ts";
import { meets } from "../../../../src/policy/authorize.ts";
import { compilePolicy } from "../../../../src/policy/compile/compile-policy.ts";
import type { Policy, Route } from "../../../../src/policy/policy.ts";
import { claimAtom, parameterAtom, testedClaims } from "../../../../src/policy/requirements/conditions.ts";
import { metConditions } from "../../../../src/token/met-conditions.ts";

type Claims = Readonly<Record<string, unknown>>;

/** Small alphabets, so that a reference can try every token and every path. */
const SCOPES = ["a", "b"];
const TEXTS = ["alice", "bob", "x"];
const FREE = ["free1", "free2"];
const PATHS = ["/u/:id", "/u/alice", "/u/:id/f/:file", "/u/bob/f/:file", "/u/:id/f/alice", "/*"];

const condition = fc.oneof(
  fc.record({ param: fc.constantFrom("id", "file"), equals: fc.constantFrom("sub", "uid", "/org/id") }),
  fc.record({
    claim: fc.constantFrom("sub", "uid", "tier"),
    in: fc.uniqueArray(fc.constantFrom(...TEXTS), { minLength: 1, maxLength: 2 }),
  }),
);
const { part } = fc.letrec<{ part: unknown }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 2, depthIdentifier: "part" },
    fc.constantFrom(...SCOPES),
    condition,
    fc.record({ anyOf: fc.array(tie("part"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie("part"), { minLength: 1, maxLength: 3 }) }),
  ),
}));
const route = fc.record({
  path: fc.constantFrom(...PATHS),
  methods: fc.constantFrom(["GET"], ["POST"]),
  scopes: fc.array(part, { minLength: 1, maxLength: 2 }),
  upstream: fc.constant("u"),
});
const selection = fc.constantFrom(
  {},
  { paths: ["/u/alice", "/u/bob"] },
  { under: ["/u/alice"] },
  { paths: ["/u/:id"] },
);
const guarantee = fc
  .tuple(
    selection,
    fc.oneof(fc.record({ requires: fc.array(part, { minLength: 1, maxLength: 2 }) }), fc.constant({ never: true })),
  )
  .map(([where, claim]) => ({ ...where, ...claim }));

/** What the upstream may get beside plain paths. */
const taken = fc.record({ allowPathParameters: fc.boolean(), allowEncodedSlash: fc.boolean() });
type Taken = typeof taken extends fc.Arbitrary<infer Value> ? Value : never;
const NOTHING: Taken = { allowPathParameters: false, allowEncodedSlash: false };

const fileOf = (routes: readonly unknown[], guarantees: readonly unknown[], upstream: Taken) => ({
  issuers: { main: { issuer: "https://issuer.example", profile: "generic", audiences: ["api"] } },
  resourceServers: { s: { scopes: { a: { description: "", implies: ["b"] }, b: "" } } },
  clients: { a: { scopes: ["a", "b"] }, b: { scopes: ["b"] } },
  upstreams: { u: { url: "https://u.example", ...upstream } },
  routes,
  guarantees,
});

/** `undefined` for a file with a fault, such as two conditions that look at one claim. */
function policyOf(
  routes: readonly { readonly path: string; readonly methods: readonly string[] }[],
  guarantees: readonly unknown[] = [],
  upstream = NOTHING,
) {
  const distinct = [...new Map(routes.map((it) => [`${it.methods} ${it.path}`, it])).values()];
  const compiled = compilePolicy(fileOf(distinct, guarantees, upstream), {});
  return compiled.ok ? compiled.value : undefined;
}

/** Every token over the alphabets: claims that are missing, strings, and lists. */
const TOKENS: readonly Claims[] = (() => {
  const texts = [...TEXTS, ...FREE];
  const singles = [undefined, ...texts];
  const lists = [
    undefined,
    ...texts.map((it) => it),
    ["alice", "bob"],
    ["alice"],
    ["bob"],
    ["x"],
    ["bob", "x"],
    ["alice", "x"],
    TEXTS,
  ];
  const grants = ["", "s/a", "s/b"];
  const tokens: Claims[] = [];
  for (const scope of grants) {
    for (const sub of singles) {
      for (const uid of lists) {
        for (const id of [undefined, "alice", "bob", "free1", "free2"]) {
          for (const tier of [undefined, "alice", "bob", "x", TEXTS, ["alice", "bob"]]) {
            tokens.push({ scope, sub, uid, tier, org: { id } });
          }
        }
      }
    }
  }
  return tokens;
})();
const CALLS = [
  "/",
  "/u",
  "/z/alice",
  ...[...TEXTS, ...FREE].flatMap((id) => [`/u/${id}`, ...[...TEXTS, ...FREE].map((file) => `/u/${id}/f/${file}`)]),
];

/** Paths with path parameters or an encoded slash, in segments that a condition may look at, and in others. */
const ODD_CALLS = ["alice", "bob", "free1"].flatMap((id) => [
  `/u;v=1/${id}`,
  `/u/${id};v=1`,
  `/u/${id}%2Fx`,
  ...["alice", "bob", "free1"].flatMap((file) => [
    `/u/${id}/f;v=1/${file}`,
    `/u/${id};v=1/f/${file}`,
    `/u/${id}/f/${file};v=1`,
    `/u/${id};v=1/f/${file};v=1`,
    `/u/${id}%2Fx/f/${file}`,
    `/u/${id}/f/${file}%2Fx`,
    `/u/${id}%2Fx/f/${file}%2Fx`,
    `/u/${id}%2Fx/f/${file};v=1`,
  ]),
]);
const ALL_CALLS = [...CALLS, ...ODD_CALLS];

/** The route that serves a request. */
function servedBy(policy: Policy, method: string, path: string): Route | undefined {
  const found = policy.table.match(path)?.byMethod.get(method);
  if (path.includes(";") && !found?.upstream.allowPathParameters) return undefined;
  return path.includes("%2F") && !found?.upstream.allowEncodedSlash ? undefined : found;
}

/** Whether a route lets some token with these scopes through. Conditions that one token may need are independent. */
function permitsSome(route: Route | undefined, path: string, scopes: readonly string[] = ["s/a", "s/b"]): boolean {
  if (route?.requirement.kind !== "scopes") return false;
  const odd = path.split("/").flatMap((part, at) => (/;|%2F/.test(part) ? [`parameter ${at - 1} `] : []));
  const has = (name: string) =>
    scopes.includes(name) || (name.includes(" ") && !odd.some((prefix) => name.startsWith(prefix)));
  return meets(route.requirement.expression, { has });
}

/** What the rules say, without any of the code that decides. */
function heldBy(claims: Claims, path: string): ReadonlySet<string> {
  const held = new Set(claims["scope"] === "s/a" ? ["s/a", "s/b"] : [String(claims["scope"])]);
  const org = claims["org"] as Claims;
  for (const [pointer, value] of [
    [["sub"], claims["sub"]],
    [["uid"], claims["uid"]],
    [["tier"], claims["tier"]],
    [["org", "id"], org["id"]],
  ] as const) {
    const values = Array.isArray(value) ? (pointer[0] === "sub" ? [] : value) : [value];
    for (const text of values) held.add(claimAtom(pointer, String(text)));
    for (const [segment, text] of path.slice(1).split("/").entries()) {
      if (typeof value === "string" && value === text) held.add(parameterAtom(segment, pointer));
    }
  }
  return held;
}

function permits(policy: Policy, method: string, path: string, claims: Claims): boolean {
  const found = servedBy(policy, method, path);
  return (
    found !== undefined &&
    found.requirement.kind === "scopes" &&
    meets(found.requirement.expression, heldBy(claims, path))
  );
}

/** What the gateway's own code does with a witness. */
async function outcome(policy: Policy, method: string, path: string, scopes: readonly string[], claims: Claims = {}) {
  const caller = callerWithClaims({ scope: scopes.join(" "), ...claims }, policy, [...policy.issuers.values()]);
  return (await dryRun(policy, { method, url: `https://gw.example${path}` }, caller.authenticate)).outcome;
}

function noteOf(path: string): string | undefined {
  if (path.includes(";")) return "with path parameters";
  return path.includes("%2F") ? "with an encoded slash" : undefined;
}

const sampled = (at: number) => TOKENS.filter((_, index) => index % 97 === at % 97);

test("a guarantee with conditions is proven exactly if no token breaks it, and each breach is one for the gateway", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(route, { minLength: 1, maxLength: 4 }),
      guarantee,
      taken,
      fc.nat(),
      async (routes, guaranteed, upstream, at) => {
        const policy = policyOf(routes, [guaranteed], upstream);
        fc.pre(policy !== undefined);
        const [proof] = prove(policy);
        const { claim, paths } = proof?.guarantee ?? policy.guarantees[0] ?? { claim: undefined, paths: undefined };
        const isSelected = (requested: string): boolean => {
          const path = requested.replaceAll(";v=1", "");
          return (
            paths === undefined ||
            paths.patterns.some((it) => it === path || (it === "/u/:id" && /^\/u\/[^/]+$/.test(path))) ||
            paths.under.some((it) => path === it || path.startsWith(`${it}/`))
          );
        };
        const breaks = (path: string, method: string, held: ReadonlySet<string>): boolean => {
          const found = servedBy(policy, method, path);
          if (claim === undefined || found === undefined) return false;
          return claim.kind !== "requires" || !meets(onRoute(claim.expression, found.path), held);
        };
        for (const { method, path, scopes, claims } of proof?.breaches ?? []) {
          expect(isSelected(path)).toBe(true);
          expect(await outcome(policy, method, path, scopes, claims)).toBe("forwarded");
          const held = heldBy({ scope: scopes.join(" "), org: {}, ...claims }, path);
          expect(breaks(path, method, held)).toBe(true);
        }
        const broken = new Set(proof?.breaches.map((it) => it.route));
        for (const path of ALL_CALLS.filter(isSelected)) {
          for (const method of ["GET", "HEAD", "POST"]) {
            const found = servedBy(policy, method, path);
            if (found === undefined || broken.has(found)) continue;
            for (const claims of sampled(at)) {
              if (!permits(policy, method, path, claims)) continue;
              expect([path, claims, breaks(path, method, heldBy(claims, path))]).toEqual([path, claims, false]);
            }
          }
        }
      },
    ),
  );
}, 60_000);

test("a difference in conditions is told exactly if some token notices it, and each example is one for the gateway", async () => {
  const some = fc.array(route, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(some, some, taken, taken, fc.nat(), async (routesBefore, routesAfter, was, is, at) => {
      const [before, after] = [policyOf(routesBefore, [], was), policyOf(routesAfter, [], is)];
      fc.pre(before !== undefined && after !== undefined);
      const { routes: changes } = diffPolicies(before, after);
      for (const { kind, witness, gained, gainedClaims, lost, lostClaims, note } of changes) {
        const { method, path } = witness;
        const servedAs = [before, after].map((it) => servedBy(it, method, path));
        if (note !== undefined) {
          expect(path).toMatch(/;|%2F/);
          expect([kind, path, servedAs.some((it) => permitsSome(it, path))]).toEqual([kind, path, true]);
          if (!gained && !lost) expect(servedAs.filter((it) => it !== undefined).length).toBe(1);
        }
        if (gained) {
          expect([kind, await outcome(after, method, path, gained, gainedClaims)]).toEqual([kind, "forwarded"]);
          expect([kind, await outcome(before, method, path, gained, gainedClaims)]).toEqual([kind, "refused"]);
        }
        if (lost) {
          expect([kind, await outcome(before, method, path, lost, lostClaims)]).toEqual([kind, "forwarded"]);
          expect([kind, await outcome(after, method, path, lost, lostClaims)]).toEqual([kind, "refused"]);
        }
      }
      for (const path of ALL_CALLS) {
        // Such a request needs both, so it is told as one with either.
        if (path.includes(";") && path.includes("%2F")) continue;
        for (const method of ["GET", "HEAD", "POST"]) {
          const [old, now] = [before, after].map((it) => servedBy(it, method, path));
          const told = changes
            .filter((it) => it.before === old && it.after === now)
            .filter(({ note }) => (old && now) || note === noteOf(path))
            .map(({ kind }) => kind);
          for (const claims of sampled(at)) {
            const [could, can] = [permits(before, method, path, claims), permits(after, method, path, claims)];
            if (could === can) continue;
            const kinds = can ? ["added", "looser", "incomparable"] : ["removed", "tighter", "incomparable"];
            expect([path, claims, told.some((kind) => kinds.includes(kind))]).toEqual([path, claims, true]);
          }
        }
      }
    }),
  );
}, 60_000);

test("calls of clients with conditions are told exactly if a client notices them, and each example is one", () => {
  const some = fc.array(route, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(some, some, taken, taken, (routesBefore, routesAfter, was, is) => {
      const [before, after] = [policyOf(routesBefore, [], was), policyOf(routesAfter, [], is)];
      fc.pre(before !== undefined && after !== undefined);
      const scopesOf = { a: ["s/a", "s/b"], b: ["s/b"] };
      const { clients } = diffPolicies(before, after);
      for (const client of ["a", "b"] as const) {
        const change = clients.find((it) => it.client === client);
        const may = (method: string, path: string) =>
          [before, after].map((it) => permitsSome(servedBy(it, method, path), path, scopesOf[client]));
        // The gateway accepts more scopes than these, so what a client loses may be unenforced only if it still has
        // them.
        const lists = [change?.gained ?? [], [...(change?.lost ?? []), ...(change?.unenforced ?? [])]];
        for (const [at, calls] of lists.entries()) {
          for (const { witness, note } of calls) {
            expect([witness.path, may(witness.method, witness.path)]).toEqual([witness.path, [at === 1, at === 0]]);
            expect(note).toBe(noteOf(witness.path));
          }
        }
        for (const path of ALL_CALLS) {
          for (const method of ["GET", "HEAD", "POST"]) {
            const [could, can] = may(method, path);
            if (could === can) continue;
            const route = servedBy(can ? after : before, method, path);
            expect([path, method, lists[can ? 0 : 1]?.some((call) => call.route === route)]).toEqual([
              path,
              method,
              true,
            ]);
          }
        }
      }
    }),
    { numRuns: 1000 },
  );
}, 60_000);

test("the gateway decides by the rules, for every token and path", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(route, { minLength: 1, maxLength: 4 }), taken, fc.nat(), async (routes, upstream, at) => {
      const policy = policyOf(routes, [], upstream);
      fc.pre(policy !== undefined);
      for (const [index, claims] of sampled(at).entries()) {
        const path = ALL_CALLS[(index + at) % ALL_CALLS.length] ?? "/";
        const scopes = [String(claims["scope"])].filter((it) => it !== "");
        const given = JSON.parse(JSON.stringify({ ...claims, scope: undefined }));
        const expected = permits(policy, "GET", path, claims) ? "forwarded" : "refused";
        expect([path, given, await outcome(policy, "GET", path, scopes, given)]).toEqual([path, given, expected]);
        const atoms = metConditions(claims, testedClaims(policy.routes.map(({ requirement }) => requirement)));
        for (const atom of atoms ?? []) expect(heldBy(claims, path).has(atom)).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
}, 60_000);
