import type { Fault } from "../../policy/fault.ts";
import type { LintCode, LintSeverity } from "../../policy/lint-codes.ts";
import type { Position } from "../../policy/source/locator.ts";
import type { DeploymentCode } from "../deploy/exposure.ts";
import type { OnlineCode } from "../discovery/check-issuer-online.ts";

/**
 * The codes of errors. `invalid` is every fault of the file: such a policy never serves. The others do not stop a
 * policy from serving, but it must not be deployed.
 */
export const ERROR_CODES = [
  "invalid",
  "broken-guarantee",
  "unproven-guarantee",
  "unbound-service",
  "unbound-via",
  "unbound-secret",
  "unbound-metrics",
  "unbound-replay",
  "unbound-revocations",
  "unbound-rate-limit",
  "mismatched-rate-limit",
  "unencrypted-via",
  "plain-secret",
  "own-binding",
  "mcp-without-audiences",
] as const;

/** Something that `check` found in a policy. */
export interface Finding extends Fault {
  readonly code: (typeof ERROR_CODES)[number] | LintCode | OnlineCode | DeploymentCode;
  readonly severity: "error" | LintSeverity;
  /** The reason that the file gives for suppressing it; `undefined`: it is not suppressed. */
  readonly reason: string | undefined;
  /** Names of the wrangler environments in which it occurs; `undefined`: in all that were checked. */
  readonly environments: readonly string[] | undefined;
  /** Its place, if it is in wrangler's file or in that of the shadow. Otherwise its path is one of the policy. */
  readonly place?: (Position & { readonly file: string }) | undefined;
}

/** A finding in one environment. */
export type Found = Omit<Finding, "environments">;
