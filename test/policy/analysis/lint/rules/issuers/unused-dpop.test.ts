import { expect, it } from "vitest";
import { lintsWithCode, withIssuer, withMembers } from "../../../../../support/policy/lints.ts";

it.each<{ name: string; members: Record<string, unknown>; expected: string[] }>([
  { name: "no settings", members: {}, expected: [] },
  { name: "settings that no issuer needs", members: { dpop: {} }, expected: ["unused-dpop $.dpop"] },
  {
    name: "settings where only certificates bind tokens",
    members: { dpop: {}, ...withIssuer({ binding: { mtls: "required" } }) },
    expected: ["unused-dpop $.dpop"],
  },
  {
    name: "settings that an issuer needs",
    members: { dpop: {}, ...withIssuer({ binding: { dpop: "accepted" } }) },
    expected: [],
  },
])("$name", ({ members, expected }) => {
  expect(lintsWithCode(withMembers(members), "unused-dpop")).toEqual(expected);
});
