import { expect, it } from "vitest";
import { lintsWithCode, messagesOf, withIssuer, withMembers } from "../../../../../support/policy/lints.ts";

const servers = {
  resourceServers: {
    api: {
      scopes: {
        "read:orders": "",
        "write:orders": "",
        all: { description: "", implies: ["read:orders"] },
        other: "",
      },
    },
  },
};

it.each([
  { name: "a value that grants what a route requires", grants: { groups: { a: ["read:orders"] } }, expected: [] },
  { name: "a value that grants what implies it", grants: { groups: { a: ["all"] } }, expected: [] },
  {
    name: "a value of which one scope is required",
    grants: { groups: { a: ["other", "write:orders"] } },
    expected: [],
  },
  {
    name: "a value that grants nothing that is required",
    grants: { groups: { a: ["other"], b: ["read:orders"] } },
    expected: ["unused-grant $.issuers.main.grants.groups.a"],
  },
  {
    name: "several values of a claim as one, and those of another claim by themselves",
    grants: { groups: { a: ["other"], b: ["other"] }, roles: { a: ["other"] } },
    expected: ["unused-grant $.issuers.main.grants.groups.a", "unused-grant $.issuers.main.grants.roles.a"],
  },
])("reports $name", ({ grants, expected }) => {
  expect(lintsWithCode(withMembers({ ...servers, ...withIssuer({ grants }) }), "unused-grant")).toEqual(expected);
});

it("names the value as explain takes it", () => {
  const file = withMembers({ ...servers, ...withIssuer({ grants: { "cognito:groups": { staff: ["other"] } } }) });
  expect(messagesOf(file, "unused-grant")).toEqual(["No route requires a scope that `cognito:groups=staff` grants."]);
});
