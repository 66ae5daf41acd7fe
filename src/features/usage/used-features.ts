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
 * Whether a policy uses a feature. A feature is a module of this folder with the same name, which is in the Worker of every
 * policy that uses it. What a policy does not use may be left out.
 */
const USES = {
  assertion: ({ assertion }) => assertion !== undefined,
  binding: ({ issuers }) => issuers.values().some(({ binding }) => binding !== undefined),
  conditions: ({ hasConditions }) => hasConditions === true,
  dpop: ({ dpop }) => dpop !== undefined,
  "idle-timeout": ({ upstreams }) => upstreams.values().some(({ idleTimeoutMs }) => idleTimeoutMs !== undefined),
  mcp: ({ hasMessages }) => hasMessages === true,
  "own-headers": ({ upstreams }) =>
    upstreams.values().some(({ headers, allowHeaderNames }) => headers.length > 0 || allowHeaderNames.size > 0),
  "rate-limits": ({ rateLimits }) => rateLimits !== undefined,
  report: ({ hasReports }) => hasReports === true,
  revocation: ({ revocation }) => revocation !== undefined,
  "route-hosts": ({ byHost }) => byHost !== undefined,
  shadow: ({ shadow }) => shadow !== undefined,
  "step-up": ({ asksForAuthentication }) => asksForAuthentication === true,
  "strip-prefix": ({ upstreams }) => upstreams.values().some(({ stripPrefix }) => stripPrefix !== undefined),
  telemetry: ({ telemetry }) => telemetry !== undefined,
  tenants: ({ issuers }) => issuers.values().some(({ tenants }) => tenants !== undefined),
} satisfies Readonly<Record<string, (policy: UsedPolicy) => boolean>>;

/** The name of a feature, and of its module in this folder. */
export type FeatureName = keyof typeof USES;

/** All features, in the order of their names. */
export const FEATURE_NAMES = Object.keys(USES) as readonly FeatureName[];

/** The features that a policy uses, in the order of their names. */
export function usedFeatures(policy: UsedPolicy): readonly FeatureName[] {
  return FEATURE_NAMES.filter((name) => USES[name](policy));
}
