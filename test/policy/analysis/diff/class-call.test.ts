import { describe, expect, it } from "vitest";
import { withPathParameters } from "../../../../src/policy/analysis/diff/class-call.ts";
import { TRUE } from "../../../../src/policy/analysis/formulas/formula.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

/** The route of a policy whose upstream allows path parameters or does not. */
function serving(allowPathParameters: boolean) {
  const policy = compiled(
    policyFileWith({ upstreams: { orders: { url: "https://orders.example", allowPathParameters } } }),
  );
  const [route] = policy.routes;
  return route && { route, formula: TRUE };
}

const [open, closed] = [serving(true), serving(false)];
const call = { method: "GET", path: "/a/b", label: "GET" };

describe("withPathParameters", () => {
  it.each([
    { name: "is served now only", old: closed, now: open, expected: { before: undefined, after: open } },
    { name: "was served only", old: open, now: closed, expected: { before: open, after: undefined } },
    { name: "is served by a new route", old: undefined, now: open, expected: { before: undefined, after: open } },
    {
      name: "was served by a route that is gone",
      old: open,
      now: undefined,
      expected: { before: open, after: undefined },
    },
  ])("gives the request that $name", ({ old, now, expected }) => {
    expect(withPathParameters(old, now, call)).toEqual({ ...expected, call: { ...call, path: "/a;v=1/b" } });
  });

  it.each([
    { name: "both serve it", old: open, now: open },
    { name: "neither serves it", old: closed, now: closed },
    { name: "no route serves the path", old: undefined, now: undefined },
  ])("gives nothing where $name", ({ old, now }) => {
    expect(withPathParameters(old, now, call)).toBeUndefined();
  });

  it("gives nothing for the root path", () => {
    expect(withPathParameters(closed, open, { ...call, path: "/" })).toBeUndefined();
  });
});
