import { expect, it } from "vitest";
import { lintsWithCode, ROUTES, withMembers } from "../../../../../support/policy/lints.ts";

const LIMIT = { binding: "RL", limit: 100, periodSeconds: 60, by: "client" };
const [first, ...others] = ROUTES;

it.each([
  { name: "a limit that no route names", names: undefined, expected: ["unused-rate-limit $.rateLimits.standard"] },
  { name: "nothing where a route names the limit", names: ["standard"], expected: [] },
])("finds $name", ({ names, expected }) => {
  const routes = [{ ...first, ...(names && { rateLimit: names }) }, ...others];
  expect(lintsWithCode(withMembers({ rateLimits: { standard: LIMIT }, routes }), "unused-rate-limit")).toEqual(
    expected,
  );
});
