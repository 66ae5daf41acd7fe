import fc from "fast-check";
import { Denial } from "../../../src/answer/denial.ts";
import { authorize } from "../../../src/policy/authorize.ts";
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import { issOfTenant } from "../../../src/policy/issuers/tenants.ts";
import type { Client, Issuer, Policy } from "../../../src/policy/policy.ts";
import { claimAtom, parameterAtom } from "../../../src/policy/requirements/conditions.ts";
import { type Admission, admit } from "../../../src/token/admit.ts";
import { holderAt } from "../../../src/token/met-conditions.ts";

type Claims = Readonly<Record<string, unknown>>;

/** Tenants that policies list, and one that only `any` accepts. */
export const TENANTS = [
  "11111111-aaaa-4111-8111-111111111111",
  "22222222-bbbb-4222-8222-222222222222",
  "33333333-cccc-4333-8333-333333333333",
] as const;
const [ONE, TWO, THREE] = TENANTS;
const STRANGE = "99999999-dddd-4999-8999-999999999999";

const scope = fc.constantFrom("a", "b", "c");
const condition = fc.oneof(
  fc.record({ param: fc.constantFrom("t", "f"), equals: fc.constantFrom("tid", "tid", "groups", "sub") }),
  fc.record({
    claim: fc.constant("tid"),
    in: fc.uniqueArray(fc.constantFrom(...TENANTS, "x"), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    claim: fc.constant("groups"),
    in: fc.uniqueArray(fc.constantFrom("staff", "dev", "free"), { minLength: 1, maxLength: 2 }),
  }),
);
const { part } = fc.letrec<{ part: unknown }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 2, depthIdentifier: "part" },
    scope,
    condition,
    fc.record({ anyOf: fc.array(tie("part"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie("part"), { minLength: 1, maxLength: 3 }) }),
  ),
}));
const parts = fc.array(part, { minLength: 1, maxLength: 2 });

const PATTERNS = ["/t/:t", `/t/${ONE}`, "/t/:t/f/:f", `/t/${TWO}/f/:f`, `/t/:t/f/${ONE}`, "/t/staff", "/*"];
export const routesOfTenants = fc.array(
  fc.record(
    {
      path: fc.constantFrom(...PATTERNS),
      methods: fc.constant(["GET"]),
      scopes: parts,
      issuers: fc.constantFrom(["entra"], ["partner"]),
      upstream: fc.constant("u"),
    },
    { requiredKeys: ["path", "methods", "scopes", "upstream"] },
  ),
  { minLength: 1, maxLength: 4 },
);

export const guaranteeOfTenants = fc
  .tuple(
    fc.constantFrom({}, { paths: ["/t/:t"] }, { paths: [`/t/${TWO}`, "/t/staff"] }, { under: [`/t/${ONE}`] }),
    fc.constantFrom({}, {}, { issuers: ["entra"] }, { clients: ["app"] }),
    fc.oneof(fc.record({ requires: parts }), fc.constant({ never: true })),
  )
  .map(([where, who, claim]) => ({ ...where, ...who, ...claim }));

const mapped = fc.subarray(["a", "b"], { minLength: 1 });
const grants = fc.option(
  fc.oneof(
    fc.record({ groups: fc.record({ staff: mapped, dev: mapped }, { requiredKeys: ["staff"] }) }),
    fc.record({ tid: fc.record({ [ONE]: mapped }) }),
  ),
  { nil: undefined },
);

/** What a policy of two issuers has besides routes and guarantees. Only the first issuer has tenants. */
export const issuersOfTenants = fc
  .record({
    tenants: fc.oneof(fc.subarray([...TENANTS], { minLength: 1 }), fc.constant("any")),
    entra: grants,
    partner: grants,
    isRestricted: fc.boolean(),
    cut: fc.boolean(),
    app: fc.subarray(["a", "b", "c"]),
  })
  .map(({ tenants, entra, partner, isRestricted, cut, app }) => ({
    issuers: {
      entra: {
        issuer: "https://login.example/{tenant}",
        jwksUri: "https://login.example/keys",
        profile: "generic",
        audiences: ["api"],
        tenants,
        tenantClaim: "tid",
        registeredClientsOnly: isRestricted,
        ...(entra && { grants: entra }),
      },
      partner: {
        issuer: "https://partner.example",
        profile: "generic",
        audiences: ["api"],
        ...(partner && { grants: partner }),
      },
    },
    clients: { app: { issuer: "entra", scopes: app } },
    resourceServers: {
      s: { scopes: { a: { description: "", implies: ["b"] }, b: "" } },
      r: { scopes: { c: "" }, ...(cut && { issuers: ["entra"] }) },
    },
    upstreams: { u: { url: "https://u.example" } },
  }));

/** `undefined` for a file with a fault, such as two conditions that look at one claim. */
export function policyOfTenants(
  file: object,
  routes: readonly { readonly path: string }[],
  guarantees: readonly unknown[] = [],
): Policy | undefined {
  const distinct = [...new Map(routes.map((route) => [route.path, route])).values()];
  const compiled = compilePolicy({ ...file, routes: distinct, guarantees }, {});
  return compiled.ok ? compiled.value : undefined;
}

/** The requests of the reference, with fixed segments of patterns and without. */
export const TENANT_PATHS = [
  "/",
  ...[ONE, TWO, THREE, STRANGE, "staff", "alice", "x"].flatMap((t) => [
    `/t/${t}`,
    ...[ONE, TWO, STRANGE, "alice", "y"].map((f) => `/t/${t}/f/${f}`),
  ]),
];

/** A token, and whose it is. */
export interface TenantToken {
  readonly issuer: Issuer;
  readonly client: Client | undefined;
  readonly claims: Claims;
  readonly admission: Admission;
}

/** Every token over small alphabets that the gateway admits and that grants no more than its client's registration. */
export function tenantTokens(policy: Policy): readonly TenantToken[] {
  const tokens: TenantToken[] = [];
  for (const issuer of policy.issuers.values()) {
    const { tenants } = issuer;
    const identities: readonly Claims[] = tenants
      ? [...TENANTS, STRANGE].map((tid) => ({ iss: issOfTenant(tenants, tid), tid }))
      : [undefined, ONE, TWO, "x", "staff", [ONE, TWO], [TWO]].map((tid) => ({ iss: issuer.issuer, tid }));
    for (const identity of identities) {
      for (const id of ["app", "stranger"]) {
        for (const held of ["", "s/a", "s/b", "r/c", "s/a r/c", "s/b r/c"]) {
          for (const groups of [
            undefined,
            "staff",
            "dev",
            "free",
            "y",
            ONE,
            ["staff"],
            ["dev", "free"],
            ["staff", "dev"],
          ]) {
            for (const sub of [undefined, "alice", ONE]) {
              const claims = { ...identity, client_id: id, scope: held, groups, sub, aud: "api", exp: 2 };
              const token = tokenOf(policy, issuer, claims, id);
              if (token) tokens.push(token);
            }
          }
        }
      }
    }
  }
  return tokens;
}

function tokenOf(policy: Policy, issuer: Issuer, claims: Claims, id: string): TenantToken | undefined {
  const admission = admit(claims, issuer, policy, 1000);
  if (admission instanceof Denial) return undefined;
  const client = policy.registrations.get(issuer.name)?.get(id);
  if (client && !admission.granted.names.every((name) => client.scopes.has(name))) return undefined;
  return { issuer, client, claims, admission };
}

/** What the gateway decides. */
export function permitsTenant(policy: Policy, path: string, admission: Admission): boolean {
  const requirement = policy.table.match(path)?.byMethod.get("GET")?.requirement;
  return requirement !== undefined && authorize(requirement, holderAt(path, requirement, admission)) === "permitted";
}

/** The scopes of a token, and every atom that it holds on a path, by the rules as the documentation writes them. */
export function heldByTenant({ claims, granted }: Admission, path: string): ReadonlySet<string> {
  const held = new Set(granted.effective);
  for (const name of ["tid", "groups", "sub"]) {
    const value = claims[name];
    const values: readonly unknown[] = Array.isArray(value) ? (name === "sub" ? [] : value) : [value];
    for (const text of values) held.add(claimAtom([name], String(text)));
    for (const [segment, text] of path.slice(1).split("/").entries()) {
      if (value === text) held.add(parameterAtom(segment, [name]));
    }
  }
  return held;
}
