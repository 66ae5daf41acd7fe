import { describe, expect, it } from "vitest";
import { nobody } from "../../../src/explain/caller.ts";
import { callerWithClaims } from "../../../src/explain/claims-caller.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import type { SufficientSet } from "../../../src/explain/explanation.ts";
import { policyOfTenants, TENANTS } from "../../support/policy/random-tenants.ts";

const [ONE, TWO, THREE] = TENANTS;

function fileWith({ scopes, grants, tenants, registered }: Given) {
  return {
    issuers: {
      entra: {
        issuer: tenants ? "https://login.example/{tenant}" : "https://login.example",
        ...(tenants && { jwksUri: "https://login.example/keys", tenants, tenantClaim: "tid" }),
        profile: "generic",
        audiences: ["api"],
        registeredClientsOnly: registered !== undefined,
        ...(grants && { grants }),
      },
    },
    clients: registered ?? {},
    resourceServers: { s: { scopes: { a: { description: "", implies: ["b"] }, b: "", c: "" } } },
    upstreams: { u: { url: "https://u.example" } },
    routes: [{ path: "/t/:t", methods: ["GET"], scopes, upstream: "u" }],
  };
}

interface Given {
  readonly scopes: readonly unknown[];
  readonly grants?: object;
  readonly tenants?: readonly string[] | "any";
  readonly registered?: object;
}

function shown({ scopes, conditions = [] }: SufficientSet): string {
  const needed = conditions.map((it) =>
    it.kind === "claim" ? `${it.claim.join(".")} in ${it.in.join(" ")}` : `${it.name} = ${it.equals.join(".")}`,
  );
  return [...scopes, ...needed].join(" + ");
}

async function setsFor(given: Given, path: string, claims?: Readonly<Record<string, unknown>>) {
  const file = fileWith(given);
  const policy = policyOfTenants(file, file.routes);
  if (policy === undefined) throw new Error("The policy has a fault.");
  const caller = claims ? callerWithClaims({ iss: "https://login.example", ...claims }, policy, []) : nobody;
  const { requirement } = await explainRequest(policy, { method: "GET", url: `https://gw.example${path}` }, caller);
  return requirement?.sufficient ?? [];
}

const staff = { claim: "groups", in: ["staff"] };
const staffOrDev = { claim: "groups", in: ["staff", "dev"] };
const tenantIn = (...tenants: readonly string[]) => ({ claim: "tid", in: tenants });
const ownTenant = { param: "t", equals: "tid" };

describe("the sets of scopes and conditions that would be enough", () => {
  it.each<[what: string, given: Given, path: string, sets: readonly string[]]>([
    ["nothing is mapped", { scopes: [{ allOf: ["a", staff] }] }, "/t/x", ["s/a + groups in staff"]],
    [
      "the condition brings the scope",
      { scopes: [{ allOf: ["a", staff] }], grants: { groups: { staff: ["a"] } } },
      "/t/x",
      ["groups in staff"],
    ],
    [
      "it brings a scope that implies the scope",
      { scopes: [{ allOf: ["b", staff] }], grants: { groups: { staff: ["a"] } } },
      "/t/x",
      ["groups in staff"],
    ],
    [
      "it brings another scope",
      { scopes: [{ allOf: ["a", staff] }], grants: { groups: { staff: ["b"] } } },
      "/t/x",
      ["s/a + groups in staff"],
    ],
    [
      "another value brings the scope",
      { scopes: [{ allOf: ["a", staff] }], grants: { groups: { dev: ["a"] } } },
      "/t/x",
      ["s/a + groups in staff"],
    ],
    [
      "one of two values brings the scope",
      { scopes: [{ allOf: ["a", staffOrDev] }], grants: { groups: { staff: ["a"] } } },
      "/t/x",
      ["groups in staff", "s/a + groups in staff dev"],
    ],
    [
      "both values bring the scope",
      { scopes: [{ allOf: ["b", staffOrDev] }], grants: { groups: { staff: ["a"], dev: ["b"] } } },
      "/t/x",
      ["groups in staff dev"],
    ],
    [
      "each value brings one of two scopes",
      { scopes: [{ allOf: ["a", "c", staffOrDev] }], grants: { groups: { staff: ["a"], dev: ["c"] } } },
      "/t/x",
      [
        "groups in staff + groups in dev",
        "s/c + groups in staff",
        "s/a + groups in dev",
        "s/a + s/c + groups in staff dev",
      ],
    ],
    [
      "the segment of the path is a value that brings the scope",
      { scopes: [{ allOf: ["a", { param: "t", equals: "groups" }] }], grants: { groups: { staff: ["a"] } } },
      "/t/staff",
      ["t = groups"],
    ],
    [
      "the segment of the path is another value",
      { scopes: [{ allOf: ["a", { param: "t", equals: "groups" }] }], grants: { groups: { staff: ["a"] } } },
      "/t/dev",
      ["s/a + t = groups"],
    ],
    [
      "one of two tenants is accepted",
      { scopes: [{ allOf: ["a", tenantIn(ONE, THREE)] }], tenants: [ONE, TWO] },
      "/t/x",
      [`s/a + tid in ${ONE}`],
    ],
    ["no tenant is accepted", { scopes: [{ anyOf: ["a", tenantIn(THREE)] }], tenants: [ONE, TWO] }, "/t/x", ["s/a"]],
    [
      "the tenant brings the scope",
      {
        scopes: [{ allOf: ["a", "c", tenantIn(ONE, TWO)] }],
        tenants: [ONE, TWO],
        grants: { tid: { [ONE]: ["a"], [TWO]: ["c"] } },
      },
      "/t/x",
      [`s/c + tid in ${ONE}`, `s/a + tid in ${TWO}`, `s/a + s/c + tid in ${ONE} ${TWO}`],
    ],
    ["the path has an accepted tenant", { scopes: [ownTenant], tenants: [ONE] }, `/t/${ONE}`, ["t = tid"]],
    ["the path has another tenant", { scopes: [ownTenant], tenants: [ONE] }, `/t/${TWO}`, []],
    ["the path has no tenant", { scopes: [ownTenant], tenants: "any" }, "/t/x", []],
  ])("are the smallest ones where %s", async (_, given, path, sets) => {
    expect((await setsFor(given, path)).map(shown).sort()).toEqual([...sets].sort());
  });

  it("have the scope that the condition brings if the caller's client may not hold it", async () => {
    const given = {
      scopes: [{ allOf: ["a", staff] }],
      grants: { groups: { staff: ["a"] } },
      registered: { reader: { issuer: "entra", scopes: ["b"] }, writer: { issuer: "entra", scopes: ["a"] } },
    };
    const [forAnyone, ...others] = await setsFor(given, "/t/x");
    expect(others).toEqual([]);
    expect(forAnyone).toMatchObject({ scopes: [], clients: ["writer"] });
    const forReader = await setsFor(given, "/t/x", { client_id: "reader", groups: ["staff"] });
    expect(forReader).toMatchObject([{ scopes: ["s/a"], missing: ["s/a"], clients: ["writer"] }]);
    expect(forReader.map(shown)).toEqual(["s/a + groups in staff"]);
    const forWriter = await setsFor(given, "/t/x", { client_id: "writer", groups: ["dev"] });
    expect(forWriter.map(shown)).toEqual(["groups in staff"]);
  });

  it("have the value that brings a scope which the caller's client may hold", async () => {
    const given = {
      scopes: [{ allOf: ["b", staffOrDev] }],
      grants: { groups: { staff: ["a"], dev: ["b"] } },
      registered: { reader: { issuer: "entra", scopes: ["b"] } },
    };
    const sets = await setsFor(given, "/t/x", { client_id: "reader", groups: ["staff"] });
    expect(sets.map(shown).sort()).toEqual(["groups in dev", "s/b + groups in staff dev"]);
  });
});
