import { expect, it } from "vitest";
import { isShadowFile } from "../../../../src/policy/compile/shadow/compile-shadow-file.ts";
import { compiled, faultsOf, policyFile, policyFileWith } from "../../../support/policy/policy-file.ts";

it("a policy without a shadow has none", () => {
  expect(compiled(policyFile())).not.toHaveProperty("shadow");
});

it.each(["routes.next.json", "next", "next/routes.json", "..next.json", "$" + "{NEXT}"])(
  "%s is a file beside the policy or below its folder",
  (shadow) => {
    expect(isShadowFile(shadow)).toBe(true);
    expect(compiled(policyFileWith({ shadow })).shadow).toBe(shadow);
  },
);

it.each([
  "../routes.json",
  "next/../routes.json",
  "./routes.next.json",
  "/etc/routes.json",
  "next//routes.json",
  "next/",
  "..",
  "next\\routes.json",
  "C:routes.json",
  "git:main",
])("%s is none", (shadow) => {
  expect(isShadowFile(shadow)).toBe(false);
  expect(faultsOf(policyFileWith({ shadow }))).toEqual([
    `$.shadow: \`${shadow}\` is not a file in the policy's folder. Name a file in the policy's folder or below it, such as routes.next.json, with / between folders.`,
  ]);
});

it.each([
  { shadow: "", expected: "$.shadow: This is empty. Write at least one character." },
  { shadow: true, expected: "$.shadow: Found true. Write a string." },
])("$shadow is no text", ({ shadow, expected }) => {
  expect(faultsOf(policyFileWith({ shadow }))).toEqual([expected]);
});
