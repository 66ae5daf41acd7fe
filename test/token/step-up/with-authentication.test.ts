import { describe, expect, it } from "vitest";
import type { Requirement, StepUp } from "../../../src/policy/policy.ts";
import { acrAtom, withinAtom } from "../../../src/policy/requirements/step-up.ts";
import { createWithAuthentication } from "../../../src/token/step-up/with-authentication.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const NOW = 1_000_000;
const HOLDER = { issuer: "main", effective: new Set(["read"]) };
const issuerWith = (members: Record<string, unknown>) => {
  const main = { issuer: "https://issuer.example", profile: "cognito", clockToleranceSeconds: 0, ...members };
  const [issuer] = compiled(policyFileWith({ issuers: { main } })).issuers.values();
  if (issuer === undefined) throw new Error("no issuer");
  return issuer;
};
const holderOf = (
  stepUp: StepUp | undefined,
  claims: Record<string, unknown>,
  members: Record<string, unknown> = {},
) => {
  const requirement: Requirement = { kind: "authenticated", ...(stepUp && { authentication: stepUp }) };
  const withAuthentication = createWithAuthentication(() => NOW * 1000);
  return withAuthentication(HOLDER, requirement, { claims, issuer: issuerWith(members) });
};

describe("the class in a claim of the issuer's choice", () => {
  it.each([
    { name: "a string", acrClaim: "acrs", claims: { acrs: "c1" }, met: true },
    { name: "a list with it, as Entra ID writes one", acrClaim: "acrs", claims: { acrs: ["p1", "c1"] }, met: true },
    { name: "a list without it", acrClaim: "acrs", claims: { acrs: ["p1"] }, met: false },
    { name: "an empty list", acrClaim: "acrs", claims: { acrs: [] }, met: false },
    { name: "a list in a list", acrClaim: "acrs", claims: { acrs: [["c1"]] }, met: false },
    { name: "a list with a higher one", acrClaim: "acrs", claims: { acrs: ["c2"] }, met: true },
    { name: "a list with a lower one", acrClaim: "acrs", claims: { acrs: ["c0"] }, met: false },
    { name: "`acr`, which is not read then", acrClaim: "acrs", claims: { acr: "c1" }, met: false },
    { name: "inside a claim", acrClaim: "/ext/acr", claims: { ext: { acr: "c1" } }, met: true },
    { name: "inside a claim that is not there", acrClaim: "/ext/acr", claims: {}, met: false },
    { name: "an inherited member", acrClaim: "/constructor/name", claims: {}, met: false },
  ])("$name", ({ acrClaim, claims, met }) => {
    const { effective } = holderOf({ acr: ["c1"] }, claims, { acrClaim, acrOrder: ["c0", "c1", "c2"] });
    expect(effective.has(acrAtom("c1"))).toBe(met);
    expect(effective.has("read")).toBe(true);
  });
});

describe("what is asked for", () => {
  it("is all that is told", () => {
    const { effective } = holderOf({ acr: ["otp"] }, { acr: "otp", auth_time: NOW });
    expect(effective.has(acrAtom("otp"))).toBe(true);
    expect(effective.has(withinAtom(60))).toBe(false);
  });

  it("may be several classes, of which each is told", () => {
    const { effective } = holderOf({ acr: ["pwd", "otp", "hwk"] }, { acr: "otp" }, { acrOrder: ["pwd", "otp", "hwk"] });
    expect(["pwd", "otp", "hwk"].map((acr) => effective.has(acrAtom(acr)))).toEqual([true, true, false]);
  });

  it.each([
    { name: "nothing is asked for", stepUp: undefined },
    { name: "nothing of it is met", stepUp: { acr: ["otp"], maxAgeSeconds: 1 } },
  ])("costs no object where $name", ({ stepUp }) => {
    expect(holderOf(stepUp, { auth_time: NOW - 2 })).toBe(HOLDER);
  });
});
