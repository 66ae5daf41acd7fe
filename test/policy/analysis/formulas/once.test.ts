import { expect, test, vi } from "vitest";
import { once } from "../../../../src/policy/analysis/formulas/once.ts";

test("what two sides have in common is made once for each pair, in this order", () => {
  const known = new Map<string, Map<string, object>>();
  const make = vi.fn(() => ({}));
  const first = once(known, "a", "b", make);
  expect(once(known, "a", "b", make)).toBe(first);
  expect(once(known, "b", "a", make)).not.toBe(first);
  expect(make).toHaveBeenCalledTimes(2);
});
