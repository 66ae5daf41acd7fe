import { expect, it } from "vitest";
import { lintsOf, withMembers } from "../../../../../support/policy/lints.ts";

const issuerWith = (binding: object | undefined) => ({
  main: { issuer: "https://main.example", profile: "generic", audiences: ["api"], ...(binding && { binding }) },
});

it.each([
  { name: "that no issuer uses", members: { mtls: {} }, expected: ["unused-mtls $.mtls"] },
  {
    name: "beside an issuer that refuses certificates",
    members: { mtls: { trust: "binding-only" }, issuers: issuerWith({ mtls: "refused" }) },
    expected: ["unused-mtls $.mtls"],
  },
  {
    name: "beside an issuer that accepts certificates",
    members: { mtls: {}, issuers: issuerWith({ mtls: "accepted" }) },
    expected: [],
  },
  {
    name: "beside an issuer that requires certificates",
    members: { mtls: {}, issuers: issuerWith({ mtls: "required" }) },
    expected: [],
  },
  { name: "that the file does not have", members: { issuers: issuerWith({ mtls: "accepted" }) }, expected: [] },
])("settings for certificates $name", ({ members, expected }) => {
  expect(lintsOf(withMembers(members)).filter((lint) => lint.startsWith("unused-mtls"))).toEqual(expected);
});
