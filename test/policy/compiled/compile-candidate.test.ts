import { expect, it } from "vitest";
import type { PolicyConfig } from "../../../src/policy/compile/schema/config-schema.ts";
import { buildPolicy } from "../../../src/policy/compiled/build-policy.ts";
import { compileCandidate } from "../../../src/policy/compiled/compile-candidate.ts";
import { formatFault } from "../../../src/policy/fault.ts";
import { policyFileWith } from "../../support/policy/policy-file.ts";

const url = "$" + "{ISSUER_URL}";
const vars = { ISSUER_URL: "https://issuer.example", MORE_URL: "https://more.example" };
const main = { issuer: url, profile: "generic", audiences: ["api"], algorithms: ["RS256", "ES256"] };
const more = { issuer: "$" + "{MORE_URL}", profile: "cognito" };
const enforced = policyFileWith({ issuers: { main, more }, shadow: "routes.next.json" });

function faultsOf(candidate: unknown): readonly string[] {
  // The file has the type of a policy: `buildPolicy` takes it, too.
  const compiled = compileCandidate(enforced as unknown as PolicyConfig, candidate, vars);
  return compiled.ok ? [] : compiled.failure.map(formatFault);
}

it.each([
  { name: "with the same issuers", issuers: { main, more } },
  { name: "with the same issuers in another order", issuers: { more, main } },
  {
    name: "with the members of an issuer in another order",
    issuers: { main: Object.fromEntries(Object.entries(main).reverse()), more },
  },
  {
    name: "with other grants and suppressed lints",
    issuers: {
      main: { ...main, grants: { groups: { staff: ["read:orders"] } }, lint: { "any-tenant": "Why not." } },
      more,
    },
  },
])("a candidate $name has no fault", ({ issuers }) => {
  expect(faultsOf(policyFileWith({ issuers }))).toEqual([]);
});

const hint = "Write the issuers as in the policy. Only their `grants` and `lint` may differ.";

it.each([
  {
    name: "an issuer with another member",
    issuers: { main: { ...main, clockToleranceSeconds: 6 }, more },
    expected: `$.issuers.main: The issuer \`main\` differs from that of the policy that has this shadow. ${hint}`,
  },
  {
    name: "an issuer whose address has another spelling",
    issuers: { main: { ...main, issuer: "https://issuer.example" }, more },
    expected: `$.issuers.main: The issuer \`main\` differs from that of the policy that has this shadow. ${hint}`,
  },
  {
    name: "an issuer more",
    issuers: { main, more, third: { issuer: "https://third.example", profile: "cognito" } },
    expected: `$.issuers.third: The issuer \`third\` is not an issuer of the policy that has this shadow. ${hint}`,
  },
  {
    name: "an issuer less",
    issuers: { main },
    expected: `$.issuers: The issuer \`more\` of the policy is missing. ${hint}`,
  },
])("$name is a fault", ({ issuers, expected }) => {
  expect(faultsOf(policyFileWith({ issuers }))).toEqual([expected]);
});

it("a candidate with a shadow of its own has a fault", () => {
  expect(faultsOf(policyFileWith({ issuers: { main, more }, shadow: "routes.later.json" }))).toEqual([
    "$.shadow: A shadow has no shadow of its own. Remove `shadow` from this file.",
  ]);
});

it("a candidate that is no valid policy has the faults of a policy", async () => {
  const candidate = policyFileWith({ issuers: { main, more }, upstreams: { orders: { url: "$" + "{NOWHERE}" } } });
  const fault =
    "upstreams.orders.url: The variable `NOWHERE` is not set. Set it under [vars] in wrangler.toml, for every environment.";
  expect(faultsOf(candidate)).toEqual([`$.${fault}`]);
  const built = await buildPolicy(enforced, vars, candidate);
  expect(built.ok ? [] : built.failure.map(formatFault)).toEqual([`$.shadow.${fault}`]);
});

it("the built policy has the candidate, and the digest that it has as the policy", async () => {
  const candidate = policyFileWith({ issuers: { main, more }, realm: "next" });
  const [with_, without, next] = [
    await buildPolicy(enforced, vars, candidate),
    await buildPolicy(policyFileWith({ issuers: { main, more } }), vars),
    await buildPolicy(candidate, vars),
  ];
  if (!with_.ok || !without.ok || !next.ok) throw new Error("All three are valid.");
  const { digest, issuers: _, ...compiled } = next.value;
  expect(with_.value.shadow).toEqual({ file: "routes.next.json", digest, candidate: compiled });
  // A shadow changes no answer.
  expect(with_.value.digest).toBe(without.value.digest);
  expect(without.value).not.toHaveProperty("shadow");
});
