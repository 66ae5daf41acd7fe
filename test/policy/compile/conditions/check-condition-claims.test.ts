import { describe, expect, it } from "vitest";
import { loadCompiledPolicy } from "../../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../../../../src/policy/compiled/serialize-policy.ts";
import { formatFault } from "../../../../src/policy/fault.ts";
import { faultsOf, policyFile, policyFileWith } from "../../../support/policy/policy-file.ts";

const AUDIENCES = { audiences: ["api"] };

/** A route with these conditions, all of them alternatives. */
function fileWith(scopes: readonly unknown[], issuer: Record<string, unknown> = {}) {
  return policyFileWith({
    issuers: { main: { ...policyFile().issuers.main, ...issuer } },
    routes: [{ path: "/users/:id", methods: ["GET"], scopes, upstream: "orders" }],
  });
}

const listed = (claim: string) => ({ claim, in: ["a"] });
const equal = (equals: string) => ({ param: "id", equals });

describe("a condition is a fault on", () => {
  it.each([
    { claim: "iss", hint: "List the issuers in `issuers` instead." },
    { claim: "aud", hint: "List the audiences in `audiences` of the issuer instead." },
    { claim: "/aud/0", hint: "List the audiences in `audiences` of the issuer instead." },
    { claim: "exp", hint: "Leave it out: the gateway checks all times." },
    { claim: "nbf", hint: "Leave it out: the gateway checks all times." },
    { claim: "iat", hint: "Leave it out: the gateway checks all times." },
    { claim: "cnf", hint: "Leave it out: the gateway checks how tokens are bound." },
    { claim: "/cnf/jkt", hint: "Leave it out: the gateway checks how tokens are bound." },
    { claim: "scope", hint: "Require the scopes by their names." },
    { claim: "token_use", hint: "Leave it out: the gateway checks it." },
    { claim: "/sub/x", hint: "Write `sub`." },
    { claim: "/client_id/x", hint: "Write `client_id`." },
  ])("$claim, and the hint says what is meant for it", ({ claim, hint }) => {
    for (const [condition, member] of [
      [listed(claim), "claim"],
      [equal(claim), "equals"],
    ] as const) {
      const [fault, ...more] = faultsOf(fileWith(["read:orders", condition]));
      expect(fault).toMatch(new RegExp(`^\\$\\.routes\\[0\\]\\.scopes\\[1\\]\\.${member}: `));
      expect(fault).toContain(hint);
      expect(more).toEqual([]);
    }
  });

  it.each(["client_id", "azp", "cid", "appid"])("%s, except that a parameter may equal it", (claim) => {
    expect(faultsOf(fileWith([listed(claim)]))).toEqual([
      `$.routes[0].scopes[0].claim: \`${claim}\` names the client. Register the clients in \`clients\`, and require a scope that only they may be granted.`,
    ]);
    expect(faultsOf(fileWith([equal(claim)]))).toEqual([]);
  });

  it("the claim that some issuer reads scopes from, and on what is inside it", () => {
    const issuer = { profile: "generic", ...AUDIENCES, scopeClaim: "/realm/roles" };
    expect(faultsOf(fileWith([listed("/realm/roles")], issuer))).toHaveLength(1);
    expect(faultsOf(fileWith([listed("/realm/roles/0")], issuer))).toHaveLength(1);
    expect(faultsOf(fileWith([listed("/realm/name")], issuer))).toEqual([]);
    expect(faultsOf(fileWith([listed("scope")], issuer))).toEqual([]);
    expect(faultsOf(fileWith([listed("token_use")], issuer))).toEqual([]);
  });

  it("the claim that holds an issuer's audience, except that a parameter may equal `client_id`", () => {
    const issuer = { profile: "generic", ...AUDIENCES, audienceClaims: ["azp"] };
    expect(faultsOf(fileWith([equal("azp")], issuer))).toEqual([
      "$.routes[0].scopes[0].equals: `azp` holds the audience of `main`. List the audiences in `audiences` of the issuer instead.",
    ]);
    expect(faultsOf(fileWith([equal("client_id")], issuer))).toEqual([]);
    expect(faultsOf(fileWith([equal("client_id")], AUDIENCES))).toEqual([]);
  });

  it("what is inside a claim whose values grant scopes, but not on that claim", () => {
    const grants = { "/realm/groups": { staff: ["read:orders"] } };
    expect(faultsOf(fileWith([listed("realm")], { grants }))).toEqual([]);
    expect(faultsOf(fileWith([listed("/realm/groups"), equal("/realm/groups")], { grants }))).toEqual([]);
    expect(faultsOf(fileWith([listed("/realm/groups/0")], { grants }))).toHaveLength(1);
  });

  it("a claim and a member of it", () => {
    const message = "`org` is read as a value elsewhere, and `/org/tier` is inside it.";
    const hint = "Keep one of them: a claim is a value or an object.";
    const fault = `$.routes[0].scopes[1].equals: ${message} ${hint}`;
    expect(faultsOf(fileWith([listed("org"), equal("/org/tier")]))).toEqual([fault]);
    expect(faultsOf(fileWith([listed("/org/name"), equal("/org/tier")]))).toEqual([]);
    expect(faultsOf(fileWith([listed("org"), equal("organization")]))).toEqual([]);
  });

  it("such a claim in a guarantee", () => {
    const file = { ...policyFile(), guarantees: [{ paths: ["/orders"], requires: [listed("iss")] }] };
    expect(faultsOf(file)).toEqual([
      "$.guarantees[0].requires[0].claim: The gateway checks `iss` itself. List the issuers in `issuers` instead.",
    ]);
  });
});

it("a variable that makes a tested claim hold the scopes is found when the Worker starts", () => {
  const issuer = { profile: "generic", ...AUDIENCES, scopeClaim: "${" + "CLAIM}" };
  const compiled = compileForWorker(fileWith([listed("roles")], issuer), { CLAIM: "scp" });
  if (!compiled.ok) throw new Error(compiled.failure.map(formatFault).join());
  expect(loadCompiledPolicy(compiled.value, { CLAIM: "scp" }, OPTIONAL_MODULES).ok).toBe(true);
  const loaded = loadCompiledPolicy(compiled.value, { CLAIM: "roles" }, OPTIONAL_MODULES);
  expect(loaded.ok ? [] : loaded.failure.map(formatFault)).toEqual([
    "$.routes: `roles` holds the scopes of `main`. Require the scopes by their names.",
  ]);
});
