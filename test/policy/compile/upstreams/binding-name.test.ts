import { expect, it } from "vitest";
import { checkSecretName, isBindingName } from "../../../../src/policy/compile/upstreams/binding-name.ts";

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

it.each([
  { name: "a name", text: "API_KEY", isName: true, faults: [] },
  { name: "a text that may be the secret", text: "s3cr3t-value", isName: false, faults: ["secret"] },
])("$name can name a secret: $isName, and no fault repeats it", ({ text, isName, faults }) => {
  const reported: unknown[][] = [];
  const report = (...fault: unknown[]) => void reported.push(fault);
  expect(checkSecretName(text, ["secret"], "Write its name.", report)).toBe(isName);
  expect(reported.map(([path]) => path)).toEqual(faults.map((member) => [member]));
  expect(JSON.stringify(reported)).not.toContain(text);
});
