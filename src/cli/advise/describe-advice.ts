import type { FewestScopes } from "../../policy/analysis/advice/fewest-scopes.ts";
import type { Route } from "../../policy/policy.ts";
import type { LogAdvice, SeenClient } from "./advise-on-log.ts";
import type { Patch } from "./patch-policy.ts";

/** Advice as plain data. `--json` prints it as it is. */
export function describeAdvice(advice: LogAdvice, policy: string, log: string, patch: Patch | undefined) {
  const { summary, shares, counts, clients, unseen, uncalled } = advice;
  const { lines, requests, fromMs, toMs, ...untold } = summary;
  const { lines: _, bytes: __, totalBytes: ___, ...skipped } = counts;
  return {
    policy,
    log,
    lines,
    requests: Math.round(requests),
    from: timeText(fromMs),
    to: timeText(toMs),
    sampling: Object.fromEntries(shares),
    skipped,
    ...untold,
    clients: clients.map(describeClient),
    unseenClients: unseen.map(({ name }) => name),
    uncalledRoutes: uncalled.map(describeRoute),
    ...(patch && { patch }),
  };
}

/** ISO 8601, UTC; `undefined`: there is no time. */
export function timeText(ms: number): string | undefined {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined;
}

function describeClient({ seen, advice, uncalled }: SeenClient) {
  const { client, permitted, kept, smallest, preventing, otherRefusals } = advice;
  return {
    client: client?.name,
    id: seen.id,
    issuer: seen.issuer,
    permitted: { lines: permitted.seen, requests: Math.round(permitted.requests) },
    refused: Object.fromEntries(seen.refusals),
    kept: describeSets(kept),
    smallest: describeSets(smallest),
    unneeded: advice.unneeded,
    unregistered: advice.unregistered,
    preventable: preventing.map(({ scope, isRegistered, prevented, routes }) => ({
      scope,
      isRegistered,
      lines: prevented.seen,
      requests: Math.round(prevented.requests),
      routes: routes.map(describeRoute),
    })),
    otherRefusals: otherRefusals.seen,
    outdated: advice.outdated.seen,
    untold: advice.untold.seen,
    unknownRoutes: seen.unknownRoutes,
    withoutGranted: seen.withoutGranted,
    uncalledRoutes: uncalled.map(describeRoute),
  };
}

function describeSets({ sets, isExact, isComplete }: FewestScopes) {
  return { sets, exact: isExact, complete: isComplete };
}

function describeRoute({ methods, path, hosts }: Route) {
  return { methods, path, ...(hosts && { hosts }) };
}
