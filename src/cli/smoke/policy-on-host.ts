import type { Policy } from "../../policy/policy.ts";
import { matchOnHost } from "../../policy/routing/match-on-host.ts";
import { hostKey } from "../../policy/routing/served-hosts.ts";

/**
 * What a policy serves on the host of an origin, as a policy in which no route names a host. The same object if none
 * does. The table finds the routes of all patterns that win there.
 */
export function policyOnHost(policy: Policy, origin: string): Policy {
  const { byHost, publicUrl, table } = policy;
  if (byHost === undefined) return policy;
  const host = hostKey(new URL(origin).hostname);
  const isPublic = publicUrl !== undefined && hostKey(new URL(publicUrl).hostname) === host;
  return {
    ...policy,
    publicUrl: isPublic ? publicUrl : undefined,
    resources: byHost.get(host)?.resources ?? policy.resources,
    table: { match: (path) => matchOnHost(policy, host, path), groupAt: (index) => table.groupAt(index) },
    byHost: undefined,
  };
}
