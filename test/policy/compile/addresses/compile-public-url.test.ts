import { expect, test } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const HOST = "$" + "{HOST}";

test.each([
  { name: "a variable", publicUrl: HOST, vars: { HOST: "https://api.example" } },
  { name: "a variable and a slash", publicUrl: `${HOST}/`, vars: { HOST: "https://api.example" } },
  { name: "a variable behind the scheme", publicUrl: `https://${HOST}`, vars: { HOST: "api.example" } },
])("publicUrl may be $name", ({ publicUrl, vars }) => {
  expect(compiled(policyFileWith({ publicUrl }), vars).publicUrl).toBe("https://api.example");
});

test.each([
  { name: "is missing", vars: {}, expected: "The variable `HOST` is not set. Set it under" },
  { name: "is empty", vars: { HOST: "" }, expected: "is empty. Set it under" },
  { name: "is no URL", vars: { HOST: "api.example" }, expected: "This is not an absolute URL. For example:" },
  { name: "has a path", vars: { HOST: "https://a.example/v1" }, expected: "This URL has more than an origin." },
])("a variable in publicUrl that $name is a fault", ({ vars, expected }) => {
  expect(faultsOf(policyFileWith({ publicUrl: HOST }), vars)).toEqual([expect.stringContaining(expected)]);
});
