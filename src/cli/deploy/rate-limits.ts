import { boundRateLimits } from "../policy-file/bound-rate-limits.ts";
import { aboutSetting, type DeploymentRule } from "./exposure.ts";

/**
 * Rate limits that two environments count together: callers of staging could use up the requests of production's.
 * Counters belong to the namespace, not to the Worker.
 */
export const sharedRateLimits: DeploymentRule = (deployment) => {
  const { environment, all } = deployment;
  return boundRateLimits(environment.settings).flatMap(({ namespace_id: id, path }) => {
    if (id === undefined) return [];
    const others = all.filter(
      ({ name, settings }) =>
        name !== environment.name && boundRateLimits(settings).some((it) => it.namespace_id === id),
    );
    if (others.length === 0) return [];
    const names = others.map(({ name }) => name || "the top level").join(", ");
    const message = `The rate limit is counted together with that of ${names}, whose callers could use it up.`;
    const hint = "Give each environment a `namespace_id` of its own: any number that the account does not use yet.";
    return aboutSetting(deployment, "shared-rate-limit", [...path, "namespace_id"], message, hint);
  });
};
