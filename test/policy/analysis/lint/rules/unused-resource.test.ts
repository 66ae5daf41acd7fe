import { expect, it } from "vitest";
import { lintsWithCode, withMembers } from "../../../../support/policy/lints.ts";

it.each([
  { name: "one without routes", resources: { "/mcp": {} }, expected: ['unused-resource $.resources["/mcp"]'] },
  { name: "the origin", resources: { "/": {}, "/orders": {} }, expected: ['unused-resource $.resources["/"]'] },
  {
    name: "one that is only part of a segment",
    resources: { "/order": {} },
    expected: ['unused-resource $.resources["/order"]'],
  },
  { name: "none with a route", resources: { "/orders": {}, "/orders/": {} }, expected: [] },
  { name: "none where none is declared", resources: {}, expected: [] },
])("names $name", ({ resources, expected }) => {
  expect(lintsWithCode(withMembers({ resources }), "unused-resource")).toEqual(expected);
});
