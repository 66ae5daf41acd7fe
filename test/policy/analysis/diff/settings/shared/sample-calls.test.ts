import fc from "fast-check";
import { expect, it } from "vitest";
import { sampleCalls } from "../../../../../../src/policy/analysis/diff/settings/shared/sample-calls.ts";
import { routeFor } from "../../../../../../src/policy/routing/route-table.ts";
import { compiled } from "../../../../../support/policy/policy-file.ts";
import { randomPolicyPair, runs } from "../../../../../support/policy/random-policy.ts";

it("names calls that the policies decide as it says", () => {
  fc.assert(
    fc.property(randomPolicyPair, ({ before, after }) => {
      const [old, now] = [compiled(before), compiled(after)];
      const calls = sampleCalls(old, now);
      for (const call of calls) {
        const requirementOf = (policy: typeof old) => {
          const group = policy.table.match(call.path);
          return group && routeFor(group, call.method)?.requirement;
        };
        expect(requirementOf(old)).toBe(call.before);
        expect(requirementOf(now)).toBe(call.after);
      }
      const pairs = new Set(calls.map((call) => JSON.stringify([call.before, call.after])));
      expect(pairs.size).toBe(calls.length);
    }),
    runs(100),
  );
});
