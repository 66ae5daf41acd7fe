import { meets } from "../../authorize.ts";
import type { Policy } from "../../policy.ts";
import { withImplied } from "../../scopes.ts";
import type { Lint } from "./lint-policy.ts";
import { unreachableScopes } from "./unreachable-scopes.ts";

/** They change nothing (RFC 9110 9.2.1), so that anybody may send them where the route is public. */
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** What is odd about single routes: requirements that nobody meets, and writing that anybody may do. */
export function lintRequirements(policy: Policy): readonly Lint[] {
  const lints: Lint[] = [];
  const unmeetable = new Set<number>();
  const held = Array.from(policy.clients.values(), ({ scopes }) => withImplied(policy.scopes, scopes));
  for (const { requirement, methods, index } of policy.routes) {
    if (requirement.kind === "public") {
      const writing = methods.filter((method) => !SAFE_METHODS.has(method));
      if (writing.length > 0) {
        lints.push({
          code: "public-write",
          severity: "warning",
          path: ["routes", index, "public"],
          message: `Anybody may call ${writing.map((method) => (method === "*" ? "every method" : method)).join(", ")}.`,
          hint: "Require a scope, or say under `lint` why the upstream can bear it.",
        });
      }
    }
    // Without clients the file does not say who holds what.
    if (requirement.kind !== "scopes" || held.length === 0) continue;
    if (held.some((scopes) => meets(requirement.expression, scopes))) continue;
    unmeetable.add(index);
    lints.push({
      code: "unmeetable-requirement",
      severity: "warning",
      path: ["routes", index, "scopes"],
      message: "No client may hold the scopes that this needs.",
      hint: "Add them to a client in `clients`, or require others.",
    });
  }
  for (const warning of unreachableScopes(policy)) {
    if (unmeetable.has(Number(warning.path[1]))) continue;
    lints.push({ ...warning, code: "unheld-scope", severity: "warning" });
  }
  return lints;
}
