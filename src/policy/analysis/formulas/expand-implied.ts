import type { Condition, ScopeExpression, ScopeLeaf, ScopeTable } from "../../policy.ts";
import { isAtom } from "../../requirements/conditions.ts";
import { mayGrant } from "../../scopes.ts";
import { FALSE, type Formula, replaceScopes, TRUE, withoutConstants } from "./formula.ts";
import type { Granting } from "./grants-in-use.ts";
import { type OriginTenant, ofTenant } from "./tenants-in-use.ts";
import { conditionLeaves, withAtoms } from "./with-atoms.ts";

/** What is known of all tokens that a formula is about. */
export interface TokenFacts {
  readonly tenant?: OriginTenant | undefined;
  readonly grants?: Granting | undefined;
  /** Whether the formulas are about classes of paths: see `ofTenant`. */
  readonly isOnClass?: boolean;
}

/**
 * Returns a function that turns an expression over effective scopes into a formula over granted scopes and atoms. It
 * replaces each scope by "this scope, or any scope that implies it, or any condition whose claim grants one of these".
 * Two policies whose scopes imply different things can then be compared by what a token grants. Scopes that the issuer
 * may not grant become `FALSE`, as `effectiveScopes` cuts them.
 *
 * @param issuer name of the issuer of the tokens; `undefined`: an issuer that the policy does not have
 */
export function expandImplied(
  table: ScopeTable,
  issuer: string | undefined,
  { tenant, grants, isOnClass = false }: TokenFacts = {},
): (expression: ScopeExpression) => Formula {
  const isGrantable = (name: string): boolean => mayGrant(table, issuer, name);
  const implying = implyingScopes(table, isGrantable);
  const bringing = new Map<string, ScopeLeaf[]>();
  for (const [atom, scopes] of grants?.byAtom ?? []) for (const name of scopes) addTo(bringing, name, atom);
  const leavesOf = (condition: Condition): Formula => {
    const settled = tenant && ofTenant(condition, tenant, isOnClass);
    if (settled === undefined) return conditionLeaves(condition);
    return typeof settled === "boolean" ? (settled ? TRUE : FALSE) : settled;
  };
  const isAllGrantable = table.issuersOf.size === 0;
  const isPlain = tenant === undefined && grants === undefined;
  return (expression) => {
    const formula = withAtoms(expression, tenant && leavesOf);
    if (isAllGrantable && implying.size === 0 && isPlain) return formula;
    const expanded = replaceScopes(formula, (scope) => {
      if (isAtom(scope.name)) return scope;
      if (!isGrantable(scope.name)) return FALSE;
      const scopes = [scope, ...(implying.get(scope.name) ?? [])];
      if (scopes.some(({ name }) => grants?.always.has(name))) return TRUE;
      const others = scopes.flatMap(({ name }) => bringing.get(name) ?? []);
      return scopes.length + others.length > 1 ? { kind: "anyOf", of: [...scopes, ...others] } : scope;
    });
    return isAllGrantable && isPlain ? expanded : withoutConstants(expanded);
  };
}

/** The scopes that imply a scope, among those that the issuer may grant. */
function implyingScopes({ byFullName }: ScopeTable, isGrantable: (name: string) => boolean) {
  const implying = new Map<string, ScopeLeaf[]>();
  for (const { fullName, implies } of byFullName.values()) {
    if (isGrantable(fullName)) for (const implied of implies) addTo(implying, implied, fullName);
  }
  return implying;
}

function addTo(leaves: Map<string, ScopeLeaf[]>, key: string, name: string): void {
  const some = leaves.get(key) ?? [];
  some.push({ kind: "scope", name });
  leaves.set(key, some);
}

/** Like `expandImplied`, and remembers what it made: for expressions with the same text it returns the same object. */
export function createFormulaOf(
  table: ScopeTable,
  issuer: string | undefined,
  facts?: TokenFacts,
): (expression: ScopeExpression) => Formula {
  const expand = expandImplied(table, issuer, facts);
  const known = new Map<ScopeExpression, Formula>();
  const byText = new Map<string, Formula>();
  return (expression) => {
    // Most equal expressions are one object, because the compiler makes them so.
    const seen = known.get(expression);
    if (seen) return seen;
    const text = JSON.stringify(expression);
    const formula = byText.get(text) ?? expand(expression);
    byText.set(text, formula);
    known.set(expression, formula);
    return formula;
  };
}
