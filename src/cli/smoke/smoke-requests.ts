import { randomUUID } from "node:crypto";
import { callerWithToken } from "../../explain/caller.ts";
import { dryRun } from "../../explain/dry-run.ts";
import { admitsAnyone } from "../../policy/authorize.ts";
import type { Policy } from "../../policy/policy.ts";
import { routeFor } from "../../policy/routing/route-table.ts";

/** More routes are not tried, so that a large policy does not delay the answer. */
const MAX_ROUTES = 1_000;

/** A path of a route that a GET without a token must not reach. Others could change something if a gateway is open. */
export function protectedPath(policy: Policy): string | undefined {
  return readablePaths(policy).find(({ isProtected }) => isProtected)?.path;
}

/** A path that no route of the policy serves. */
export function unservedPath(policy: Policy): string {
  const name = `scopegate-smoke-${randomUUID()}`;
  // Where a route serves everything, there is no such path except among the gateway's own.
  return policy.table.match(`/${name}`) === undefined ? `/${name}` : `/_gateway/${name}`;
}

/**
 * A path without parameters that a GET with the token is let in to, as far as the policy tells without the issuer's
 * keys. If there is none, the first protected one, so that the gateway says why it refuses; `undefined`: the policy has
 * none.
 */
export async function permittedPath(policy: Policy, token: string, nowMs: number): Promise<string | undefined> {
  const candidates = readablePaths(policy).filter(
    ({ isProtected, isLiteral, isMcp }) => isProtected && isLiteral && !isMcp,
  );
  const caller = callerWithToken(token, policy, undefined, nowMs);
  // Which host serves the gateway is another question.
  const anywhere: Policy = { ...policy, hosts: undefined };
  for (const { path } of candidates) {
    const { outcome } = await dryRun(
      anywhere,
      { method: "GET", url: `https://gateway.invalid${path}` },
      caller.authenticate,
    );
    if (outcome === "forwarded") return path;
  }
  return candidates[0]?.path;
}

/** One path for each route that takes GET, if the route gets it. Those without parameters come first. */
function readablePaths(policy: Policy) {
  return policy.routes
    .slice(0, MAX_ROUTES)
    .map((route) => ({ route, path: route.path.replace(/:[^/]+|\*$/g, "1"), isLiteral: !/[:*]/.test(route.path) }))
    .filter(({ route, path }) => {
      const group = policy.table.match(path);
      return group !== undefined && routeFor(group, "GET")?.index === route.index;
    })
    .map(({ route, ...rest }) => ({
      ...rest,
      isProtected: !admitsAnyone(route.requirement),
      // A GET there opens a stream, which does not end.
      isMcp: route.mcp !== undefined,
    }))
    .sort((a, b) => Number(b.isLiteral) - Number(a.isLiteral));
}
