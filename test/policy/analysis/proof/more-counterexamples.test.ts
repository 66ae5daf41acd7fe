import { expect, it } from "vitest";
import { moreCounterexamples } from "../../../../src/policy/analysis/proof/more-counterexamples.ts";

const route = {};
const message = { mcp: { method: "tools/call", name: "get_order" } };

it.each([
  { others: [route], expected: "on 1 more route" },
  { others: [route, route], expected: "on 2 more routes" },
  { others: [message], expected: "with 1 more message" },
  { others: [message, message, message], expected: "with 3 more messages" },
  { others: [route, message], expected: "on 2 more routes and messages" },
])("calls $expected break it, too", ({ others, expected }) => {
  expect(moreCounterexamples(others)).toBe(expected);
});
