import type { Policy } from "../../policy/policy.ts";
import { isCustomDomain, patternOf, routesOf } from "../deploy/exposure.ts";
import type { WranglerEnvironment } from "../policy-file/read-environments.ts";

/**
 * The origin at which an environment's gateway is called. The first of these that is there decides: the policy's
 * `publicUrl`, a custom domain, a route of a whole host, the first of `hosts`. `undefined`: none is there.
 *
 * @param policy compiled with the vars of the environment
 */
export function gatewayAddress(policy: Policy, environment: WranglerEnvironment): string | undefined {
  if (policy.publicUrl !== undefined) return policy.publicUrl;
  const routes = routesOf(environment).map(([, route]) => route);
  const domain = routes.find(isCustomDomain);
  const whole = routes.map(patternOf).find((pattern) => /^(?:https:\/\/)?[^*/]+\/\*$/.test(pattern));
  const host = domain
    ? patternOf(domain)
    : (whole?.replace(/^https:\/\/|\/\*$/g, "") ?? policy.hosts?.values().next().value);
  return host === undefined ? undefined : `https://${host}`;
}
