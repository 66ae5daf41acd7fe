import { expect, it } from "vitest";
import { boundRateLimits } from "../../../src/cli/policy-file/bound-rate-limits.ts";
import type { WranglerSettings } from "../../../src/cli/policy-file/read-environments.ts";

const LIMIT = { name: "RL", namespace_id: "1001", simple: { limit: 100, period: 60 } };

it.each<{ name: string; settings: WranglerSettings; expected: object[] }>([
  { name: "no binding", settings: {}, expected: [] },
  { name: "a binding", settings: { ratelimits: [LIMIT] }, expected: [{ ...LIMIT, path: ["ratelimits", 0] }] },
  {
    name: "a binding of an older file, whose namespace is a number",
    settings: { unsafe: { bindings: [{ type: "other" }, { ...LIMIT, type: "ratelimit", namespace_id: 1001 }] } },
    expected: [{ ...LIMIT, path: ["unsafe", "bindings", 1] }],
  },
  {
    name: "a binding without anything",
    settings: { unsafe: { bindings: [{ type: "ratelimit" }] } },
    expected: [{ name: undefined, simple: {}, path: ["unsafe", "bindings", 0] }],
  },
  { name: "unsafe bindings that are no list", settings: { unsafe: { bindings: "RL" } }, expected: [] },
  { name: "an unsafe binding that is no object", settings: { unsafe: { bindings: [null, "RL"] } }, expected: [] },
])("finds $name", ({ settings, expected }) => {
  expect(boundRateLimits(settings)).toEqual(expected);
});
