import { expect, it, vi } from "vitest";
import { remembering } from "../../src/policy/remembering.ts";

it.each([
  { name: "an object", value: {} },
  { name: "no text", value: "" },
  { name: "false", value: false },
])("computes $name once for each key", ({ value }) => {
  const compute = vi.fn((_key: string) => value);
  const remembered = remembering(compute);
  expect([remembered("a"), remembered("b"), remembered("a")]).toEqual([value, value, value]);
  expect(compute.mock.calls).toEqual([["a"], ["b"]]);
});
