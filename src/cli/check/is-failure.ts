import type { CheckReport } from "./check-policy.ts";

/**
 * Whether `check` fails, so that its exit code is 1 and it writes no compiled policy. Errors always fail it, broken
 * guarantees and guarantees that could not be proven among them. Warnings fail it only under `--strict`: a warning is
 * advice, and a new version of a lint must not stop anyone's deployment. Notices never do, nor does a finding that its
 * route suppresses.
 *
 * @param isStrict whether warnings count
 */
export function isFailure({ policy, findings }: CheckReport, isStrict: boolean): boolean {
  if (policy === undefined) return true;
  return findings.some(
    ({ severity, reason }) => severity === "error" || (isStrict && severity === "warning" && reason === undefined),
  );
}
