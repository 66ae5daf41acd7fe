import { parseClaimPath } from "../../claim-path.ts";
import type { Fault, Report } from "../../fault.ts";
import type { RateLimit, RateLimitKey } from "../../policy.ts";
import { isBindingName } from "../upstreams/binding-name.ts";

/** One of `rateLimits` of the file. A member with a fault of its own is `undefined`. */
interface RateLimitConfig {
  readonly binding?: string | undefined;
  readonly limit?: number | undefined;
  readonly periodSeconds?: RateLimit["periodSeconds"] | undefined;
  readonly by?: string | undefined;
  readonly onError?: RateLimit["onError"] | undefined;
}

/** `rateLimits` of the file. */
export type RateLimitsConfig = Readonly<Record<string, RateLimitConfig | undefined>>;

/**
 * Compiles `rateLimits`, by name. Reports two that have one binding and other numbers: a binding has one limit and one
 * period. Does not check that the binding exists: only the Worker's environment knows.
 */
export function compileRateLimits(config: RateLimitsConfig = {}, report: Report): ReadonlyMap<string, RateLimit> {
  const limits = new Map<string, RateLimit>();
  const firstOf = new Map<string, RateLimit>();
  for (const [name, part] of Object.entries(config)) {
    const path = ["rateLimits", name];
    const { binding, limit, periodSeconds, onError = "allow" } = part ?? {};
    if (binding !== undefined && !isBindingName(binding)) {
      const hint = "Use the name that wrangler's file gives the binding.";
      report([...path, "binding"], `\`${binding}\` cannot be the name of a binding.`, hint);
    }
    const by = part?.by === undefined ? undefined : compileKey(part.by, [...path, "by"], report);
    if (binding === undefined || limit === undefined || periodSeconds === undefined || by === undefined) continue;
    const compiled: RateLimit = { name, binding, limit, periodSeconds, by, onError };
    const first = firstOf.get(binding) ?? compiled;
    if (first.limit !== limit || first.periodSeconds !== periodSeconds) {
      report(
        [...path, "binding"],
        `\`${first.name}\` has the same binding, with ${first.limit} requests in ${first.periodSeconds} seconds.`,
        "Name another binding, or write the same numbers: a binding has one limit and one period.",
      );
    }
    firstOf.set(binding, first);
    limits.set(name, compiled);
  }
  return limits;
}

const OF_CLAIM = "claim:";

function compileKey(text: string, path: Fault["path"], report: Report): RateLimitKey | undefined {
  if (text === "client" || text === "subject" || text === "address") return { kind: text };
  const claim = text.startsWith(OF_CLAIM) ? text.slice(OF_CLAIM.length) : "";
  if (claim === "") {
    report(path, `The gateway cannot count by \`${text}\`.`, KEY_HINT);
    return undefined;
  }
  const parsed = parseClaimPath(claim);
  if (parsed.ok) return { kind: "claim", claim: parsed.value };
  report(path, parsed.failure.message, parsed.failure.hint);
  return undefined;
}

const KEY_HINT =
  "Write `client`, `subject`, `address`, or a claim by its name or JSON Pointer, such as `claim:org_id`.";
