import { DEFAULT_REVOCATION_MAX_STALE_SECONDS, DEFAULT_REVOCATION_REFRESH_SECONDS } from "../../../limits.ts";
import type { Report } from "../../fault.ts";
import type { Revocation } from "../../policy.ts";

/** `revocation` of the file. A member with a fault of its own is left out. */
type RevocationConfig = { readonly [Member in keyof Revocation]?: Revocation[Member] | undefined };

/** Compiles `revocation`. Does not check the binding: only the Worker's environment knows it. */
export function compileRevocation(config: RevocationConfig, report: Report): Revocation {
  const { refreshSeconds = DEFAULT_REVOCATION_REFRESH_SECONDS, onStale = "refuse" } = config;
  const { maxStaleSeconds = Math.max(DEFAULT_REVOCATION_MAX_STALE_SECONDS, refreshSeconds) } = config;
  if (maxStaleSeconds < refreshSeconds) {
    report(
      ["revocation", "maxStaleSeconds"],
      `\`maxStaleSeconds\` (${maxStaleSeconds}) is less than \`refreshSeconds\` (${refreshSeconds}).`,
      "Set it to at least `refreshSeconds`.",
    );
  }
  return { refreshSeconds, maxStaleSeconds, onStale };
}
