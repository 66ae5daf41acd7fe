import { expect, it } from "vitest";
import { lintsWithCode, withMembers, withRoutes } from "../../../../../support/policy/lints.ts";

const LIMIT = { binding: "RL", limit: 100, periodSeconds: 60 };
const rateLimits = {
  clients: { ...LIMIT, by: "client" },
  orgs: { ...LIMIT, by: "claim:org" },
  callers: { ...LIMIT, by: "address" },
};
const OPTIONAL = { path: "/feed", methods: ["GET"], optional: true, upstream: "orders" };
const FOUND = ["uncounted-caller $.routes[3].rateLimit"];

it.each([
  { name: "a limit by client", route: { ...OPTIONAL, rateLimit: ["clients"] }, expected: FOUND },
  { name: "limits by client and claim", route: { ...OPTIONAL, rateLimit: ["clients", "orgs"] }, expected: FOUND },
  { name: "no limit", route: OPTIONAL, expected: [] },
  { name: "a limit by address, too", route: { ...OPTIONAL, rateLimit: ["clients", "callers"] }, expected: [] },
  {
    name: "a limit by client where a token is needed",
    route: { ...OPTIONAL, optional: undefined, authenticated: true, rateLimit: ["clients"] },
    expected: [],
  },
  {
    name: "a reason",
    route: { ...OPTIONAL, rateLimit: ["clients"], lint: { "uncounted-caller": "A rule of the zone counts them." } },
    expected: [],
  },
])("an optional token with $name: $expected", ({ route, expected }) => {
  const { routes } = withRoutes(JSON.parse(JSON.stringify(route)));
  expect(lintsWithCode(withMembers({ rateLimits, routes }), "uncounted-caller")).toEqual(expected);
});
