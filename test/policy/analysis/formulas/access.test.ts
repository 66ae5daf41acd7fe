import { describe, expect, it } from "vitest";
import { compareAccess, createAccessOf } from "../../../../src/policy/analysis/formulas/access.ts";
import { compareFormulas, FALSE, TRUE } from "../../../../src/policy/analysis/formulas/formula.ts";
import { originsOf } from "../../../../src/policy/analysis/formulas/origins.ts";
import type { Policy } from "../../../../src/policy/policy.ts";
import { compiled, policyFile, policyFileWith } from "../../../support/policy/policy-file.ts";

const cognito = (issuer: string) => ({ issuer, profile: "cognito" });
const THREE = {
  main: cognito("https://issuer.example"),
  partner: cognito("https://partner.example"),
  guest: cognito("https://guest.example"),
};
const ROUTE = { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
const policyWith = (routes: readonly object[], issuers: object = THREE, members: object = {}) =>
  compiled(
    policyFileWith({ issuers, routes: routes.map((it, at) => ({ ...ROUTE, path: `/${at}`, ...it })), ...members }),
  );
const namesOf = (...policies: readonly Policy[]) =>
  originsOf(...policies).map(({ issuers }) => issuers.map((of) => of.map(({ name }) => name)));

describe("originsOf", () => {
  it.each([
    { name: "one where nothing names an issuer", routes: [{}], expected: [[["main", "partner", "guest"]]] },
    {
      name: "one where a route names all",
      routes: [{ issuers: Object.keys(THREE) }],
      expected: [[Object.keys(THREE)]],
    },
    {
      name: "one for those that are treated alike",
      routes: [{ issuers: ["main"] }, { issuers: ["main"] }],
      expected: [[["main"]], [["partner", "guest"]]],
    },
    {
      name: "one for each that is treated in its own way",
      routes: [{ issuers: ["main", "partner"] }, { issuers: ["partner"] }],
      expected: [[["main"]], [["partner"]], [["guest"]]],
    },
  ])("finds $name", ({ routes, expected }) => {
    expect(namesOf(policyWith(routes))).toEqual(expected);
  });

  it("looks at resource servers, guarantees and exceptions, too", () => {
    const [server] = Object.entries(policyFile().resourceServers).map(([id, it]) => ({
      [id]: { ...it, issuers: ["main"] },
    }));
    expect(namesOf(policyWith([{}], THREE, { resourceServers: server }))).toHaveLength(2);
    expect(namesOf(policyWith([{}], THREE, { guarantees: [{ issuers: ["main"], never: true }] }))).toHaveLength(2);
    const except = [{ issuers: ["partner"] }];
    expect(namesOf(policyWith([{}], THREE, { guarantees: [{ except, never: true }] }))).toHaveLength(2);
  });

  it("is one where there is one issuer, or none", () => {
    expect(namesOf(policyWith([{ issuers: ["main"] }], { main: THREE.main }))).toEqual([[["main"]]]);
    const { issuers: _, resourceServers: __, ...rest } = policyFile();
    const routes = [{ path: "/", methods: ["GET"], public: true, upstream: "orders" }];
    expect(namesOf(compiled({ ...rest, routes }))).toEqual([[[]]]);
  });

  it("pairs issuers of two policies by `iss`, and sets apart those of one policy only", () => {
    const before = policyWith([{ issuers: ["main"] }], { main: THREE.main, partner: THREE.partner });
    const after = policyWith([{ issuers: ["renamed"] }], { renamed: THREE.main, guest: THREE.guest });
    expect(namesOf(before, after)).toEqual([
      [["main"], ["renamed"]],
      [["partner"], []],
      [[], ["guest"]],
    ]);
  });
});

describe("createAccessOf", () => {
  it("gives requirements with the same text one object, and each issuer that is refused no formula", () => {
    const policy = policyWith([{}, { issuers: ["main"] }, {}, { scopes: ["write:orders"] }]);
    const origins = originsOf(policy);
    const { byIssuer, fromAnyIssuer } = createAccessOf(policy, origins);
    const [one, ours, same, other] = policy.routes.map(({ requirement }) => byIssuer(requirement));
    expect(one).toBe(same);
    expect(ours?.[0]).toBe(one?.[0]);
    expect(ours?.[1]).toBe(FALSE);
    expect(other).not.toEqual(one);
    expect(policy.routes.map(({ requirement }) => fromAnyIssuer(requirement))[1]).toBe(one);
    expect(byIssuer({ kind: "authenticated" })).toEqual([TRUE, TRUE]);
    expect(byIssuer({ kind: "authenticated", issuers: ["main"] })).toEqual([TRUE, FALSE]);
  });

  it("takes a requirement as it is written where no issuer is told apart", () => {
    const policy = policyWith([{}], { main: THREE.main });
    const [route] = policy.routes;
    if (route?.requirement.kind !== "scopes") throw new Error("scopes");
    const [formula] = createAccessOf(policy, originsOf(policy)).byIssuer(route.requirement);
    expect(formula).toBe(route.requirement.expression);
  });
});

describe("compareAccess", () => {
  it("finds nothing gained by an issuer that is gone, and nothing lost by one that is new", () => {
    const before = policyWith([{ issuers: ["partner"] }], { main: THREE.main, partner: THREE.partner });
    const after = policyWith([{ issuers: ["guest"] }], { main: THREE.main, guest: THREE.guest });
    const origins = originsOf(before, after);
    const [old, now] = [before, after].map((policy, at) => {
      const [route] = policy.routes;
      return route && createAccessOf(policy, origins, at).byIssuer(route.requirement);
    });
    const found = compareAccess(old ?? [], now ?? [], origins, compareFormulas);
    expect(found.relation).toBe("incomparable");
    expect(found.gained?.origin.issuers[1]?.[0]?.name).toBe("guest");
    expect(found.lost?.origin.issuers[0]?.[0]?.name).toBe("partner");
  });
});
