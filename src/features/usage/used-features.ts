import type { ServedPolicy } from "../../policy/policy.ts";

/** The parts of a policy that say which features it uses. */
export type UsedPolicy = Pick<
  ServedPolicy,
  | "asksForAuthentication"
  | "assertion"
  | "byHost"
  | "dpop"
  | "hasConditions"
  | "hasMessages"
  | "hasReports"
  | "issuers"
  | "rateLimits"
  | "revocation"
  | "shadow"
  | "telemetry"
  | "upstreams"
>;

/**
 * Whether a policy uses each feature. A feature is a module of `src/features` with the same name, which is in the
 * Worker of every policy that uses it. What a policy does not use may be left out.
 */
function usesOf(policy: UsedPolicy) {
  const { issuers, upstreams } = policy;
  const ownHeaders = upstreams
    .values()
    .some(({ headers, allowHeaderNames }) => headers.length > 0 || allowHeaderNames.size > 0);
  return {
    assertion: policy.assertion !== undefined,
    binding: issuers.values().some(({ binding }) => binding !== undefined),
    conditions: policy.hasConditions === true,
    dpop: policy.dpop !== undefined,
    "idle-timeout": upstreams.values().some(({ idleTimeoutMs }) => idleTimeoutMs !== undefined),
    mcp: policy.hasMessages === true,
    "own-headers": ownHeaders,
    "rate-limits": policy.rateLimits !== undefined,
    report: policy.hasReports === true,
    revocation: policy.revocation !== undefined,
    "route-hosts": policy.byHost !== undefined,
    shadow: policy.shadow !== undefined,
    "step-up": policy.asksForAuthentication === true,
    "strip-prefix": upstreams.values().some(({ stripPrefix }) => stripPrefix !== undefined),
    telemetry: policy.telemetry !== undefined,
    tenants: issuers.values().some(({ tenants }) => tenants !== undefined),
  };
}

/** The name of a feature, and of its module. */
export type FeatureName = keyof ReturnType<typeof usesOf>;

/** The features that a policy uses, in the order of their names. */
export function usedFeatures(policy: UsedPolicy): readonly FeatureName[] {
  const uses = usesOf(policy);
  return (Object.keys(uses) as FeatureName[]).filter((name) => uses[name]);
}
