import { describe, expect, it } from "vitest";
import { linkedPaths } from "../../../../src/cli/console/why/linked-paths.ts";
import { compilePolicy } from "../../../../src/policy/compile/compile-policy.ts";
import { exampleFile } from "../../../support/cli/run-scopegate.ts";

const compiled = compilePolicy(exampleFile(), {});
const policy = compiled.ok ? compiled.value : { routes: [] };
const question = { path: "/order", client: "customer", scope: [], grant: [], claim: [] };

describe("a hint", () => {
  it.each([
    {
      name: "leads to a path that a pattern matches",
      hint: "The nearest route is `/orders/:id`.",
      expected: 'The nearest route is <a href="/why?path=/orders/1&amp;client=customer"><code>/orders/:id</code></a>.',
    },
    {
      name: "leads to a path that is no pattern",
      hint: "`/orders` has a route.",
      expected: '<a href="/why?path=/orders&amp;client=customer"><code>/orders</code></a> has a route.',
    },
    {
      name: "shows other names as code, without markup in them",
      hint: "See `<b>` of `cognito`, and a lone `",
      expected: "See <code>&lt;b&gt;</code> of <code>cognito</code>, and a lone `",
    },
  ])("$name", ({ hint, expected }) => {
    expect(linkedPaths(hint, { question, policy }).join("")).toBe(expected);
  });
});
