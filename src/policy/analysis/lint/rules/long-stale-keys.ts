import { issuersInUse } from "../../issuers-in-use.ts";
import type { Rule } from "./rule.ts";

/** Enough time to repair an issuer that fails over a holiday. Until then, the gateway may accept a removed key. */
const LONGEST_STALE_SECONDS = 7 * 24 * 60 * 60;

/** Issuers whose keys are used for very long while the issuer cannot be reached. */
export const longStaleKeys: Rule = (policy) =>
  issuersInUse(policy)
    .filter(({ keys }) => keys.maxStaleSeconds > LONGEST_STALE_SECONDS)
    .map(({ name, keys }) => ({
      route: undefined,
      path: ["issuers", name, "keys", "maxStaleSeconds"],
      message: `A key that the issuer removed may be accepted for ${keys.maxStaleSeconds} s if the issuer is unreachable.`,
      hint: `Set ${LONGEST_STALE_SECONDS} (7 days) or less.`,
    }));
