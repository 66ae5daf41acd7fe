import fc from "fast-check";
import { expect, test } from "vitest";
import { callerWithClaims } from "../../../../src/explain/claims-caller.ts";
import { dryRun } from "../../../../src/explain/dry-run.ts";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import { onRoute } from "../../../../src/policy/analysis/formulas/with-atoms.ts";
import { prove } from "../../../../src/policy/analysis/proof/prove.ts";
import { meets } from "../../../../src/policy/authorize.ts";
import { compilePolicy } from "../../../../src/policy/compile/compile-policy.ts";
import type { Policy } from "../../../../src/policy/policy.ts";
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

const fileOf = (routes: readonly unknown[], guarantees: readonly unknown[] = []) => ({
  issuers: { main: { issuer: "https://issuer.example", profile: "generic", audiences: ["api"] } },
  resourceServers: { s: { scopes: { a: { description: "", implies: ["b"] }, b: "" } } },
  upstreams: { u: { url: "https://u.example" } },
  routes,
  guarantees,
});

/** `undefined` for a file with a fault, such as two conditions that look at one claim. */
function policyOf(
  routes: readonly { readonly path: string; readonly methods: readonly string[] }[],
  guarantees: readonly unknown[] = [],
) {
  const distinct = [...new Map(routes.map((it) => [`${it.methods} ${it.path}`, it])).values()];
  const compiled = compilePolicy(fileOf(distinct, guarantees), {});
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
  const found = policy.table.match(path)?.byMethod.get(method);
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

const sampled = (at: number) => TOKENS.filter((_, index) => index % 97 === at % 97);

test("a guarantee with conditions is proven exactly if no token breaks it, and each breach is one for the gateway", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(route, { minLength: 1, maxLength: 4 }),
      guarantee,
      fc.nat(),
      async (routes, guaranteed, at) => {
        const policy = policyOf(routes, [guaranteed]);
        fc.pre(policy !== undefined);
        const [proof] = prove(policy);
        const { claim, paths } = proof?.guarantee ?? policy.guarantees[0] ?? { claim: undefined, paths: undefined };
        const isSelected = (path: string): boolean =>
          paths === undefined ||
          paths.patterns.some((it) => it === path || (it === "/u/:id" && /^\/u\/[^/]+$/.test(path))) ||
          paths.under.some((it) => path === it || path.startsWith(`${it}/`));
        const breaks = (path: string, method: string, held: ReadonlySet<string>): boolean => {
          const found = policy.table.match(path)?.byMethod.get(method);
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
        for (const path of CALLS.filter(isSelected)) {
          for (const method of ["GET", "HEAD", "POST"]) {
            const found = policy.table.match(path)?.byMethod.get(method);
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
    fc.asyncProperty(some, some, fc.nat(), async (routesBefore, routesAfter, at) => {
      const [before, after] = [policyOf(routesBefore), policyOf(routesAfter)];
      fc.pre(before !== undefined && after !== undefined);
      const { routes: changes } = diffPolicies(before, after);
      for (const { kind, witness, gained, gainedClaims, lost, lostClaims } of changes) {
        const { method, path } = witness;
        if (gained) {
          expect([kind, await outcome(after, method, path, gained, gainedClaims)]).toEqual([kind, "forwarded"]);
          expect([kind, await outcome(before, method, path, gained, gainedClaims)]).toEqual([kind, "refused"]);
        }
        if (lost) {
          expect([kind, await outcome(before, method, path, lost, lostClaims)]).toEqual([kind, "forwarded"]);
          expect([kind, await outcome(after, method, path, lost, lostClaims)]).toEqual([kind, "refused"]);
        }
      }
      for (const path of CALLS) {
        for (const method of ["GET", "HEAD", "POST"]) {
          const [old, now] = [before, after].map((it) => it.table.match(path)?.byMethod.get(method));
          if (old === undefined || now === undefined) continue;
          const told = changes.filter((it) => it.before === old && it.after === now).map(({ kind }) => kind);
          for (const claims of sampled(at)) {
            const [could, can] = [permits(before, method, path, claims), permits(after, method, path, claims)];
            if (could === can) continue;
            const kinds = can ? ["looser", "incomparable"] : ["tighter", "incomparable"];
            expect([path, claims, told.some((kind) => kinds.includes(kind))]).toEqual([path, claims, true]);
          }
        }
      }
    }),
  );
}, 60_000);

test("the gateway decides by the rules, for every token and path", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(route, { minLength: 1, maxLength: 4 }), fc.nat(), async (routes, at) => {
      const policy = policyOf(routes);
      fc.pre(policy !== undefined);
      for (const [index, claims] of sampled(at).entries()) {
        const path = CALLS[(index + at) % CALLS.length] ?? "/";
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
