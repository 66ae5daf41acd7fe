import { diffPolicies } from "../../policy/analysis/diff/diff-policies.ts";
import { withoutReports } from "../../policy/analysis/reports.ts";
import type { Policy } from "../../policy/policy.ts";
import { decide } from "../decide.ts";
import { requestText } from "../print/request-text.ts";
import { describeRouteChange, requirementChange } from "./describe-route-change.ts";

/**
 * What an import changes for requests that were served before, one sentence each: a new route takes them over because
 * its path is more specific, or a wildcard of an existing route now includes a new scope. Throws `InputError` if the
 * policies are too complex to compare.
 */
export function changesToExisting(before: Policy, after: Policy): readonly string[] {
  return decide(() => diffPolicies(withoutReports(before), withoutReports(after)))
    .routes.filter(({ before: old }) => old !== undefined)
    .map((change) => {
      const described = describeRouteChange(change, before, after);
      const { kind, methods, path, example } = described;
      const was = `${requestText(example)} was served by ${change.before?.path}`;
      const calls = `${methods.join(",")} ${path}`;
      return `Changes existing requests: ${calls} is ${kind} (${requirementChange(described)}); ${was}.`;
    });
}
