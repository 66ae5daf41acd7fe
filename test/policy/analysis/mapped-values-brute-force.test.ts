import fc from "fast-check";
import { expect, test } from "vitest";
import { accessMatrix } from "../../../src/policy/analysis/access-matrix.ts";
import { meets } from "../../../src/policy/authorize.ts";
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import { claimAtom, parameterAtom } from "../../../src/policy/requirements/conditions.ts";
import { runs } from "../../support/policy/random-policy.ts";

/** Conditions on claims whose values also grant scopes: lists, a claim that is one string, and path parameters. */
const VALUES = ["staff", "lead", "guest"];
const SCOPES = ["a", "b", "c"];
const CLAIMS = ["groups", "dept", "sub"] as const;

const { part } = fc.letrec<{ part: unknown }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 2, depthIdentifier: "mapped" },
    fc.constantFrom(...SCOPES),
    fc.record({
      claim: fc.constantFrom(...CLAIMS),
      in: fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({ param: fc.constant("id"), equals: fc.constantFrom(...CLAIMS) }),
    fc.record({ anyOf: fc.array(tie("part"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie("part"), { minLength: 1, maxLength: 3 }) }),
  ),
}));
const granting = fc.dictionary(
  fc.constantFrom(...VALUES, "x/y"),
  fc.uniqueArray(fc.constantFrom(...SCOPES), { minLength: 1 }),
  { minKeys: 1 },
);
const settings = fc.record({
  grants: fc.record({ groups: granting, dept: granting, sub: granting }, { requiredKeys: ["groups"] }),
  registeredClientsOnly: fc.boolean(),
});

type Claims = Readonly<Record<(typeof CLAIMS)[number], string | readonly string[] | undefined>>;

const TEXTS = [...VALUES, "x/y", "other"];
const LISTS = [
  [],
  ...TEXTS.map((one) => [one]),
  ...TEXTS.flatMap((one, at) => TEXTS.slice(at + 1).map((two) => [one, two])),
];
const ANY = [undefined, ...TEXTS, ...LISTS];
/** Every token over these claims, with at most two values each. */
const TOKENS: readonly Claims[] = ANY.flatMap((groups) =>
  ANY.flatMap((dept) => [undefined, ...TEXTS].map((sub) => ({ groups, dept, sub }))),
);

const valuesOf = (claim: Claims["groups"]) => [claim ?? []].flat();

test("a column of a mapped value says what tokens with that value can do", () => {
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 2 }),
      settings,
      fc.uniqueArray(fc.constantFrom(...SCOPES)),
      fc.nat(),
      (scopes, issuer, registered, seed) => {
        const compiled = compilePolicy(
          {
            issuers: { main: { issuer: "https://issuer.example", profile: "generic", audiences: ["api"], ...issuer } },
            resourceServers: { s: { scopes: { a: { description: "", implies: ["b"] }, b: "", c: "" } } },
            clients: { web: { scopes: registered } },
            upstreams: { u: { url: "https://u.example" } },
            routes: [{ path: "/x/:id", methods: ["GET"], scopes, upstream: "u" }],
          },
          {},
        );
        fc.pre(compiled.ok);
        const [route] = compiled.value.routes;
        if (route?.requirement.kind !== "scopes") throw new Error("The route requires no scopes.");
        const { expression } = route.requirement;
        const limit = (names: readonly string[]) =>
          issuer.registeredClientsOnly ? names.filter((name) => registered.includes(name)) : names;
        const grantedBy = (claims: Claims) =>
          CLAIMS.flatMap((claim) => valuesOf(claims[claim]).flatMap((it) => limit(issuer.grants[claim]?.[it] ?? [])));
        const permits = (claims: Claims, segment: string): boolean => {
          const granted = new Set(grantedBy(claims));
          if (granted.has("a")) granted.add("b");
          const atoms = CLAIMS.flatMap((claim) => [
            ...valuesOf(claims[claim]).map((it) => claimAtom([claim], it)),
            ...(claims[claim] === segment ? [parameterAtom(1, [claim])] : []),
          ]);
          return meets(expression, new Set([...Array.from(granted, (name) => `s/${name}`), ...atoms]));
        };
        const { grants: columns = [], rows } = accessMatrix(compiled.value, true);
        const [row] = rows;
        for (const [at, { claim, value }] of columns.entries()) {
          const own = limit(issuer.grants[claim as "sub"]?.[value] ?? []);
          const none = { groups: undefined, dept: undefined, sub: undefined };
          const tokens = TOKENS.filter(
            (claims, index) =>
              (index + seed) % 5 === 0 &&
              valuesOf(claims[claim as "sub"]).includes(value) &&
              grantedBy(claims).every((name) => own.includes(name)),
          );
          // No segment can be `x/y`.
          const segments = TEXTS.filter((it) => it !== "x/y");
          const isGranted = tokens.some((claims) => segments.some((segment) => permits(claims, segment)));
          if (isGranted) expect([claim, value, row?.granted?.[at]]).toEqual([claim, value, true]);
          const isPlain = permits({ ...none, [claim]: value }, "free");
          const isConditional = row?.conditional?.[row.allowed.length + at] ?? false;
          if (row?.granted?.[at]) {
            expect([claim, value, isConditional]).toEqual([claim, value, !isPlain]);
            const every = TOKENS.filter((claims) => valuesOf(claims[claim as "sub"]).includes(value));
            const shown = every.some(
              (claims) =>
                grantedBy(claims).every((name) => own.includes(name)) &&
                segments.some((segment) => permits(claims, segment)),
            );
            expect([claim, value, shown]).toEqual([claim, value, true]);
          } else expect(isConditional).toBe(false);
        }
      },
    ),
    runs(200),
  );
}, 60_000);
