import { join } from "node:path";
import { expect, it } from "vitest";
import { InputError } from "../../../src/cli/args/exit-code.ts";
import { readShadow, shadowFileOf } from "../../../src/cli/policy-file/read-shadow.ts";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";

it.each([
  { name: "routes.json", shadow: "routes.next.json", expected: "routes.next.json" },
  { name: "api/routes.json", shadow: "next/routes.json", expected: join("api", "next", "routes.json") },
  { name: "git:main", shadow: "routes.next.json", expected: "git:main:routes.next.json" },
  { name: "git:v1:api/routes.json", shadow: "next/routes.json", expected: "git:v1:api/next/routes.json" },
  { name: "git:v1:/work tree/routes.json", shadow: "next.json", expected: "git:v1:/work tree/next.json" },
  { name: "routes.json", shadow: "../other.json", expected: undefined },
  { name: "routes.json", shadow: 1, expected: undefined },
  { name: "routes.json", shadow: undefined, expected: undefined },
])("the shadow $shadow of $name is $expected", ({ name, shadow, expected }) => {
  expect(shadowFileOf({ name, value: { shadow } })).toBe(expected);
});

it.each([null, [], "text", undefined])("%j names no shadow", (value) => {
  expect(shadowFileOf({ name: "routes.json", value })).toBeUndefined();
});

const scratch = scratchDirectory();

it("reads the file beside the policy", () => {
  scratch.write("routes.next.json", { realm: "next" });
  const name = join(scratch.path, "routes.json");
  expect(readShadow({ name, value: { shadow: "routes.next.json" } })?.value).toEqual({ realm: "next" });
  expect(readShadow({ name, value: {} })).toBeUndefined();
});

it("throws for a file that is not there", () => {
  const name = join(scratch.path, "routes.json");
  expect(() => readShadow({ name, value: { shadow: "none.json" } })).toThrow(InputError);
});
