import { describe, expect, it } from "vitest";
import type { Requirement, StepUp } from "../../../src/policy/policy.ts";
import { isAtom } from "../../../src/policy/requirements/conditions.ts";
import {
  acrAtom,
  meetsStepUp,
  readStepUpAtom,
  stepUpAtoms,
  stepUpOf,
  stepUpsOf,
  stepUpText,
  withinAtom,
} from "../../../src/policy/requirements/step-up.ts";

const BOTH: StepUp = { acr: ["otp", "hwk"], maxAgeSeconds: 300 };

describe("atoms of step-up", () => {
  it.each([
    { atom: acrAtom("urn:example:mfa"), meaning: { kind: "acr", value: "urn:example:mfa" } },
    { atom: withinAtom(300), meaning: { kind: "within", seconds: 300 } },
    { atom: "sender constrained", meaning: undefined },
    { atom: "claim /acr mfa", meaning: undefined },
    { atom: "acr", meaning: undefined },
    { atom: "https://api.example/acr", meaning: undefined },
  ])("stand for what they say: $atom", ({ atom, meaning }) => {
    expect(readStepUpAtom(atom)).toEqual(meaning);
    if (meaning) expect(isAtom(atom)).toBe(true);
  });
});

describe("step-up is met", () => {
  it.each([
    {
      name: "by one of the classes and the age",
      stepUp: BOTH,
      held: ["acr hwk", "authenticated within 300"],
      met: true,
    },
    { name: "not by a class alone", stepUp: BOTH, held: ["acr otp"], met: false },
    { name: "not by an age alone", stepUp: BOTH, held: ["authenticated within 300"], met: false },
    { name: "not by another age", stepUp: BOTH, held: ["acr otp", "authenticated within 30"], met: false },
    { name: "by the class alone where no age is asked for", stepUp: { acr: ["otp"] }, held: ["acr otp"], met: true },
    { name: "not by a class that begins alike", stepUp: { acr: ["otp"] }, held: ["acr otp2"], met: false },
    { name: "by all of its atoms", stepUp: BOTH, held: stepUpAtoms(BOTH), met: true },
  ])("$name", ({ stepUp, held, met }) => {
    expect(meetsStepUp(stepUp, new Set(held))).toBe(met);
  });
});

it("only a requirement that needs a token can ask for it", () => {
  const asking: Requirement = { kind: "authenticated", authentication: BOTH };
  expect(stepUpOf(asking)).toBe(BOTH);
  expect(stepUpsOf([{ kind: "public" }, { kind: "optional" }, { kind: "authenticated" }, asking])).toEqual([BOTH]);
});

it.each([
  { stepUp: { acr: ["otp"] }, text: "authenticated by otp" },
  { stepUp: { maxAgeSeconds: 60 }, text: "authenticated at most 60 s ago" },
  { stepUp: BOTH, text: "authenticated by otp or hwk at most 300 s ago" },
])("in words: $text", ({ stepUp, text }) => {
  expect(stepUpText(stepUp)).toBe(text);
});
