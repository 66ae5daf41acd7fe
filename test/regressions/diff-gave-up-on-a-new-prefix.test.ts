import { expect, it } from "vitest";
import { diffPolicies } from "../../src/policy/analysis/diff/diff-policies.ts";
import { largePolicyFile } from "../support/policy/large-policy.ts";
import { compiled } from "../support/policy/policy-file.ts";

// Each of 200 new resources takes requests from each of 200 others, and each pair was walked by itself: 40,000 changes.
it("tells of the many routes that one new route takes requests from in one change", () => {
  const before = compiled(largePolicyFile({ routes: 1_400, prefixes: ["/:tenant"] }));
  const after = compiled(largePolicyFile({ routes: 2_800, prefixes: ["", "/:tenant"] }));
  const { routes } = diffPolicies(before, after);
  const taken = routes.filter(({ after: now, before: old }) => now?.path === "/resource-7/:id" && old !== undefined);
  expect(taken.map(({ kind, methods, note }) => ({ kind, methods, note }))).toEqual([
    // The upstreams differ for every other resource.
    { kind: "incomparable", methods: ["GET", "HEAD"], note: "also from 198 other routes" },
    {
      kind: "moved",
      methods: ["GET", "HEAD"],
      note: "from https://main.example to https://other.example, also from 99 other routes",
    },
  ]);
}, 30_000);
