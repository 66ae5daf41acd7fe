/**
 * `scopegate/testing` in the package: decisions as tests, for any test runner. It is pure: no network, no files, and no
 * clock. The gateway's own code decides.
 */
export type { Reason } from "../answer/denial.ts";
export type { Outcome } from "../explain/explanation.ts";
export type { Policy } from "../policy/policy.ts";
export { decide } from "../testing/decide-request.ts";
export type { Decision } from "../testing/decision.ts";
export type { Question } from "../testing/question.ts";
