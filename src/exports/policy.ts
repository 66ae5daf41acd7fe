/**
 * `scopegate/policy` in the package: the engine that decides and reasons about policies. It is pure: no network, no
 * files, no clock. The gateway and the command line use the same functions.
 */
export { type AccessMatrix, type AccessRow, accessMatrix } from "../policy/analysis/access-matrix.ts";
export { diffPolicies, type PolicyDifference } from "../policy/analysis/diff/diff-policies.ts";
export { formatRequirement } from "../policy/analysis/format-requirement.ts";
export { type Lint, type LintReport, lintPolicy } from "../policy/analysis/lint/lint-policy.ts";
export type { Caller, Counterexample, Proof } from "../policy/analysis/proof/proof.ts";
export { isEnforced, prove } from "../policy/analysis/proof/prove.ts";
export { policyOn, withoutReports } from "../policy/analysis/reports.ts";
export { UndecidedError } from "../policy/analysis/undecided-error.ts";
export { type Authorization, authorize } from "../policy/authorize.ts";
export { compilePolicy } from "../policy/compile/compile-policy.ts";
export type { PolicyConfig } from "../policy/compile/schema/config-schema.ts";
export { type Fault, formatFault } from "../policy/fault.ts";
export type { Client, Guarantee, Issuer, Policy, Requirement, Route, RouteGroup, Upstream } from "../policy/policy.ts";
export { canonicalPath, type PathFault } from "../policy/routing/canonical-path.ts";
export { routeFor } from "../policy/routing/route-table.ts";
export { withImplied } from "../policy/scopes.ts";
export type { Result } from "../result.ts";
