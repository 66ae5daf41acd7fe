import { expect, it } from "vitest";
import { lintPolicy } from "../../../../../../src/policy/analysis/lint/lint-policy.ts";
import { compiled, policyFileWith } from "../../../../../support/policy/policy-file.ts";

const POOL = { issuer: "https://pool.example", profile: "cognito" };
const OTHER = { issuer: "https://other.example", profile: "generic", audiences: ["api"] };
const MFA = { acr: ["mfa"] };

function placesOf(issuers: Record<string, unknown>, routes: readonly Record<string, unknown>[]): readonly string[] {
  const all = routes.map((route, at) => ({ path: `/r${at}`, methods: ["GET"], upstream: "orders", ...route }));
  const policy = compiled(policyFileWith({ issuers, routes: all }));
  return lintPolicy(policy, { routes: [], issuers: {} }).lints.flatMap(({ code, path, message }) =>
    code === "unwritten-acr" ? [`${path.join(".")}: ${message}`] : [],
  );
}

const told = (at: number, pool = "pool", more = "") => [
  `routes.${at}.authentication.acr: Access tokens of Cognito have no \`acr\`, so none of \`${pool}\` is enough here.${more}`,
];

it.each([
  {
    name: "a pool",
    issuers: { pool: POOL },
    routes: [{ authenticated: true, authentication: MFA }],
    expected: told(0),
  },
  {
    name: "a pool whose trigger writes another claim",
    issuers: { pool: { ...POOL, acrClaim: "level" } },
    routes: [{ authenticated: true, authentication: MFA }],
    expected: [],
  },
  {
    name: "a pool and only an age",
    issuers: { pool: POOL },
    routes: [{ authenticated: true, authentication: { maxAgeSeconds: 60 } }],
    expected: [],
  },
  { name: "a pool without step-up", issuers: { pool: POOL }, routes: [{ authenticated: true }], expected: [] },
  {
    name: "another issuer",
    issuers: { other: OTHER },
    routes: [{ authenticated: true, authentication: MFA }],
    expected: [],
  },
  {
    name: "a pool beside another issuer",
    issuers: { pool: POOL, other: OTHER },
    routes: [{ authenticated: true, authentication: MFA }],
    expected: told(0),
  },
  {
    name: "a pool that the route does not accept",
    issuers: { pool: POOL, other: OTHER },
    routes: [
      { authenticated: true, authentication: MFA, issuers: ["other"] },
      { authenticated: true, issuers: ["pool"] },
    ],
    expected: [],
  },
])("$name", ({ issuers, routes, expected }) => {
  expect(placesOf(issuers, routes)).toEqual(expected);
});

it("tells many routes at once", () => {
  const route = { authenticated: true, authentication: MFA };
  const [found, ...others] = placesOf({ pool: POOL }, [route, route, { scopes: ["read:orders"], authentication: MFA }]);
  expect(others).toEqual([]);
  expect(found).toContain("/r2");
});
