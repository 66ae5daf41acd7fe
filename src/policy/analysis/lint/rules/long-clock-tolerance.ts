import { issuersInUse } from "../../issuers-in-use.ts";
import type { Rule } from "./rule.ts";

/** The clocks of servers agree within seconds. A longer tolerance only lets tokens outlive their `exp`. */
const LONGEST_CLOCK_TOLERANCE_SECONDS = 300;

/** Issuers whose tokens are accepted long after they expired. */
export const longClockTolerance: Rule = (policy) =>
  issuersInUse(policy)
    .filter(({ clockToleranceSeconds }) => clockToleranceSeconds > LONGEST_CLOCK_TOLERANCE_SECONDS)
    .map(({ name, clockToleranceSeconds }) => ({
      route: undefined,
      path: ["issuers", name, "clockToleranceSeconds"],
      message: `Tokens are accepted for ${clockToleranceSeconds} s after they expired.`,
      hint: `Set ${LONGEST_CLOCK_TOLERANCE_SECONDS} or less: the clocks of servers agree within seconds.`,
    }));
