import type { ClientCall } from "../../policy/analysis/diff/client-comparer.ts";
import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";
import { jsonPath } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { clientAssumption } from "./client-assumption.ts";
import { describeRouteChange } from "./describe-route-change.ts";

/** A difference as plain data. `--json` prints it as it is. */
export function describeDifference({ routes, settings, clients }: PolicyDifference, before: Policy, after: Policy) {
  return {
    routes: routes.map((change) => describeRouteChange(change, before, after)),
    settings: settings.map(({ kind, path, message, witness }) => ({
      kind,
      path: jsonPath(path),
      message,
      ...(witness && { witness }),
    })),
    clients: clients.map(({ client, gained, lost, unenforced }) => ({
      client,
      gained: gained.map(plainCall),
      lost: lost.map(plainCall),
      unenforced: unenforced.map(plainCall),
    })),
    assumption: clientAssumption({ clients }, before, after),
  };
}

function plainCall({ methods, route, mcp, witness, note }: ClientCall) {
  return { methods, path: route.path, ...(mcp && { mcp }), example: witness, note };
}
