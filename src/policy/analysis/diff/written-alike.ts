import { asksForBinding } from "../../authorize.ts";
import type { Requirement, ScopeExpression } from "../../policy.ts";

/**
 * Whether two requirements are written alike and so ask the same of every client: the same kind, issuers, binding and
 * expression, in order. It does not look at `authentication`, which each client is assumed to meet. `false` says
 * nothing: others may mean the same.
 */
export function isWrittenAlike(one: Requirement, other: Requirement): boolean {
  if (!namesSameIssuers(one, other) || asksForBinding(one) !== asksForBinding(other)) return false;
  if (one.kind !== "scopes" || other.kind !== "scopes") return one.kind === other.kind;
  return isSameExpression(one.expression, other.expression);
}

function namesSameIssuers(one: Requirement, other: Requirement): boolean {
  if (one.kind === "public" || other.kind === "public") return one.kind === other.kind;
  return one.issuers?.join("\n") === other.issuers?.join("\n");
}

function isSameExpression(one: ScopeExpression, other: ScopeExpression): boolean {
  if (one.kind === "anyOf" || one.kind === "allOf") {
    if (one.kind !== other.kind || one.of.length !== other.of.length) return false;
    const parts = other.of;
    return one.of.every((part, at) => {
      const its = parts[at];
      return its !== undefined && isSameExpression(part, its);
    });
  }
  if (one.kind !== other.kind) return false;
  if (one.kind === "scope") return other.kind === "scope" && one.name === other.name;
  return JSON.stringify(one) === JSON.stringify(other);
}
