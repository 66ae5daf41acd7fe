import type { Reason } from "./denial.ts";
import { MESSAGE_REASONS } from "./message-reasons.ts";
import { RATE_LIMIT_REASONS } from "./rate-limit-reasons.ts";
import type { ReasonEntry } from "./reason-entry.ts";
import { REASONS } from "./reasons.ts";
import type { Stage } from "./stages.ts";

/** All reasons, for tools. A new `Reason` does not compile until it has a row. */
export const ALL_REASONS: { readonly [R in Reason]: ReasonEntry } = {
  ...REASONS,
  ...MESSAGE_REASONS,
  ...RATE_LIMIT_REASONS,
};

/**
 * The stage that refuses for a reason, or `undefined` for a reason that belongs to no stage.
 *
 * @param isCanonical whether the path has passed stage 1. Such a path can still be ambiguous to the upstream that the
 * match finds: each upstream says for itself whether it takes path parameters.
 */
export function stageOf(reason: Reason, isCanonical: boolean): Stage | undefined {
  const { stage } = ALL_REASONS[reason];
  return stage === "canonicalize" && isCanonical ? "match" : stage;
}
