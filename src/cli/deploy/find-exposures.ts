import type { WranglerEnvironment } from "../policy-file/read-environments.ts";
import { cronTrigger, kvNamespaces, missingBindings } from "./bindings.ts";
import { type Deployment, type DeploymentRule, type Exposure, routesOf } from "./exposure.ts";
import { findPlaceholders } from "./find-placeholders.ts";
import { upstreamLoops } from "./loops.ts";
import { hostOf, isLoopback, type PolicyAddress, readAddresses } from "./policy-addresses.ts";
import { publicAddresses, routePatterns } from "./public-addresses.ts";
import { sharedRateLimits } from "./rate-limits.ts";
import { requestLogs } from "./request-logs.ts";
import { workerSettings } from "./worker-settings.ts";

const RULES: readonly DeploymentRule[] = [
  publicAddresses,
  routePatterns,
  upstreamLoops,
  kvNamespaces,
  sharedRateLimits,
  missingBindings,
  cronTrigger,
  requestLogs,
  workerSettings,
];

/**
 * Whether an environment is about to be deployed. `possible`: it may be, some day. The top level is then not checked if
 * it is for this machine, and may have loopback addresses.
 */
export type DeploymentStage = "possible" | "planned";

/**
 * What a deployment of one environment would expose, and what is missing in it: everything that the files show. What
 * the dashboard, DNS and other Workers of the account do is not seen.
 *
 * @param policy the parsed `routes.json`; whether it is valid is not checked
 * @param all all environments of wrangler's file
 */
export function findExposures(
  policy: unknown,
  environment: WranglerEnvironment,
  all: readonly WranglerEnvironment[],
  stage: DeploymentStage,
): readonly Exposure[] {
  const deployment = { environment, all, addresses: readAddresses(policy, environment.vars) };
  if (stage === "possible" && isLocal(deployment)) return [];
  const loopbackCounts = stage === "planned" || environment.name !== "";
  return [...RULES.flatMap((rule) => rule(deployment)), ...findPlaceholders(deployment, loopbackCounts)];
}

/**
 * Whether it is the top level for this machine: it has a loopback address, which Cloudflare cannot reach, no other
 * address of an upstream except behind bindings, and no route. So nobody reaches a service through it, even if it is
 * deployed.
 */
function isLocal({ environment, addresses }: Deployment): boolean {
  if (environment.name !== "" || routesOf(environment).length > 0) return false;
  const isLocalAddress = (address: PolicyAddress | undefined) => isLoopback(hostOf(address?.text) ?? "");
  const upstreams = addresses.upstreams.flatMap(({ url, via }) => (via === undefined ? (url ?? []) : []));
  return upstreams.every(isLocalAddress) && [...addresses.issuers, ...upstreams].some(isLocalAddress);
}
