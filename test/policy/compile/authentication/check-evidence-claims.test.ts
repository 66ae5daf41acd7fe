import { describe, expect, test } from "vitest";
import { loadCompiledPolicy } from "../../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../../../../src/policy/compiled/serialize-policy.ts";
import { formatFault } from "../../../../src/policy/fault.ts";
import { faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const ISSUER = { issuer: "https://issuer.example", profile: "generic", audiences: ["api"] };
const file = (issuer: Record<string, unknown>, authentication: unknown, scopes: unknown = ["read:orders"]) =>
  policyFileWith({
    issuers: { main: { ...ISSUER, ...issuer } },
    routes: [
      {
        path: "/orders",
        methods: ["GET"],
        scopes,
        ...(authentication !== undefined && { authentication }),
        upstream: "orders",
      },
    ],
  });
const condition = (claim: string) => [{ claim, in: ["x"] }];
const CLASS = { acr: ["mfa"] };
const AGE = { maxAgeSeconds: 60 };
const IN_CONDITION = (claim: string) => [
  `$.routes[0].scopes[0].claim: \`${claim}\` says how or when the user authenticated. ` +
    "Ask for it with `authentication` of the route only.",
];
const OF_ISSUER = (claim: string) => [
  `$.issuers.main.acrClaim: \`${claim}\` holds scopes, the audience or the tenant of \`main\`. ` +
    "Name a claim that holds only the class of authentication.",
];

describe("a claim that says how or when the user authenticated", () => {
  test.each([
    {
      name: "is in no condition beside classes",
      input: file({}, CLASS, condition("acr")),
      expected: IN_CONDITION("acr"),
    },
    { name: "is free where no class is asked for", input: file({}, AGE, condition("acr")), expected: [] },
    { name: "is free where nothing is asked for", input: file({}, undefined, condition("acr")), expected: [] },
    {
      name: "is in no condition beside ages",
      input: file({}, AGE, condition("auth_time")),
      expected: IN_CONDITION("auth_time"),
    },
    {
      name: "`auth_time` is free where no age is asked for",
      input: file({}, CLASS, condition("auth_time")),
      expected: [],
    },
    {
      name: "is in no condition, under its own name",
      input: file({ acrClaim: "acrs" }, CLASS, condition("acrs")),
      expected: IN_CONDITION("acrs"),
    },
    { name: "another claim is free", input: file({ acrClaim: "acrs" }, CLASS, condition("acr")), expected: [] },
    {
      name: "has nothing inside that a condition looks at",
      input: file({ acrClaim: "ext" }, CLASS, condition("/ext/tier")),
      expected: IN_CONDITION("/ext/tier"),
    },
    {
      name: "is not inside a claim that a condition looks at",
      input: file({ acrClaim: "/ext/acr" }, CLASS, condition("ext")),
      expected: IN_CONDITION("ext"),
    },
    {
      name: "is no claim of scopes",
      input: file({ scopeClaim: ["scope", "acr"] }, CLASS),
      expected: OF_ISSUER("acr"),
    },
    {
      name: "grants nothing",
      input: file({ grants: { acr: { mfa: ["write:orders"] } } }, CLASS),
      expected: OF_ISSUER("acr"),
    },
    {
      name: "is no audience",
      input: file({ acrClaim: "api", audienceClaims: ["api"] }, CLASS),
      expected: OF_ISSUER("api"),
    },
    { name: "may do all that where no class is asked for", input: file({ scopeClaim: "acr" }, AGE), expected: [] },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(input)).toEqual(expected);
  });

  test("is checked where a guarantee asks, too", () => {
    const guarantees = [{ paths: ["/orders"], authentication: CLASS }];
    expect(faultsOf({ ...file({}, undefined, condition("acr")), guarantees })).toEqual(IN_CONDITION("acr"));
  });

  test("is checked again with the vars of the Worker", () => {
    const input = file({ acrClaim: `\${ACR_CLAIM}` }, CLASS, condition("tier"));
    const built = compileForWorker(input, { ACR_CLAIM: "acrs" });
    if (!built.ok) throw new Error("no policy");
    expect(loadCompiledPolicy(built.value, { ACR_CLAIM: "acrs" }, OPTIONAL_MODULES).ok).toBe(true);
    const loaded = loadCompiledPolicy(built.value, { ACR_CLAIM: "tier" }, OPTIONAL_MODULES);
    expect(loaded.ok ? [] : loaded.failure.map(formatFault)).toEqual([
      "$.routes: `tier` says how or when the user authenticated. Ask for it with `authentication` of the route only.",
    ]);
  });
});
