import { expect, it } from "vitest";
import { isBindingName } from "../../../../src/policy/compile/upstreams/binding-name.ts";

it.each([
  { name: "ORDERS", expected: true },
  { name: "_a$1", expected: true },
  { name: "my-orders", expected: false },
  { name: "1A", expected: false },
  { name: "", expected: false },
  { name: "A\n", expected: false },
])("$name can name a binding: $expected", ({ name, expected }) => {
  expect(isBindingName(name)).toBe(expected);
});
