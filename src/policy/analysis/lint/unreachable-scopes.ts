import type { Fault } from "../../fault.ts";
import type { Policy } from "../../policy.ts";
import { withImplied } from "../../scopes.ts";

/**
 * A warning for each scope that a route mentions and no client may hold, not even by implication, at the first such
 * route. None when no client is listed: then the file does not say who holds what.
 */
export function unreachableScopes(policy: Policy): readonly Fault[] {
  if (policy.clients.size === 0) return [];
  const granted = new Set<string>();
  for (const { scopes } of policy.clients.values()) for (const scope of scopes) granted.add(scope);
  const held = new Set(withImplied(policy.scopes, granted));
  const warnings: Fault[] = [];
  for (const { requirement, index } of policy.routes) {
    if (requirement.kind !== "scopes") continue;
    for (const name of requirement.mentioned) {
      if (held.has(name)) continue;
      held.add(name);
      const hint = "Add it to a client in `clients`, or require another.";
      warnings.push({ path: ["routes", index, "scopes"], message: `No client may hold \`${name}\`.`, hint });
    }
  }
  return warnings;
}
