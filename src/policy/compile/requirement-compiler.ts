import type { Fault, Report } from "../fault.ts";
import type { Requirement, Scope, ScopeExpression } from "../policy.ts";
import type { DeclaredScopes } from "./declare-scopes.ts";
import type { RequiredScope, RouteConfig } from "./schema/config-schema.ts";
import { isWildcard, matchingScopes, resolveScope } from "./scope-names.ts";
import type { Salvaged } from "./validate-policy-config.ts";

const WAYS = ["scopes", "authenticated", "public"] as const;

/** Compiles the requirements of the routes of one file. It remembers which scopes each wildcard matches. */
export class RequirementCompiler {
  readonly #declared: DeclaredScopes;
  readonly #report: Report;
  readonly #expansions = new Map<string, readonly Scope[]>();

  constructor(declared: DeclaredScopes, report: Report) {
    this.#declared = declared;
    this.#report = report;
  }

  /** The requirement of the route at `path`, or `undefined` once a fault is reported. */
  compile(route: Salvaged<RouteConfig>, path: Fault["path"]): Requirement | undefined {
    const [way, ...more] = WAYS.filter((member) => Object.hasOwn(route, member));
    if (way === undefined) {
      this.#report(
        path,
        "The route does not say who may call it.",
        'Add "scopes", "authenticated": true or "public": true.',
      );
      return undefined;
    }
    if (more.length > 0) {
      const found = [way, ...more].map((member) => `\`${member}\``).join(" and ");
      this.#report(path, `The route has ${found}.`, "Keep one of them and remove the others.");
    }
    const { scopes } = route;
    if (scopes === undefined) return way === "scopes" ? undefined : { kind: way };
    const mentioned = new Set<string>();
    const expression = this.expression(scopes, [...path, "scopes"], mentioned);
    return expression && { kind: "scopes", expression, mentioned: [...mentioned] };
  }

  /**
   * The formula for the scopes at `path`, or `undefined` once a fault is reported.
   *
   * @param mentioned receives the full name of every scope in the formula
   */
  expression(
    scopes: NonNullable<Salvaged<RouteConfig>["scopes"]>,
    path: Fault["path"],
    mentioned = new Set<string>(),
  ): ScopeExpression | undefined {
    return "length" in scopes ? this.#group("anyOf", scopes, path, mentioned) : this.#nested(scopes, path, mentioned);
  }

  #nested(group: NestedGroup, path: Fault["path"], mentioned: Set<string>) {
    const kind = Object.hasOwn(group, "allOf") ? "allOf" : "anyOf";
    return this.#group(kind, group[kind] ?? [], [...path, kind], mentioned);
  }

  /** The scopes that a wildcard matches join its list: any of them suffices, and under `allOf` all are needed. */
  #group(
    kind: "anyOf" | "allOf",
    items: readonly (Salvaged<RequiredScope> | undefined)[],
    path: Fault["path"],
    mentioned: Set<string>,
  ): ScopeExpression | undefined {
    const of: ScopeExpression[] = [];
    for (const [index, item] of items.entries()) {
      if (typeof item === "string") {
        for (const { fullName } of this.#named(item, [...path, index])) {
          mentioned.add(fullName);
          of.push({ kind: "scope", name: fullName });
        }
      } else if (item !== undefined) {
        const nested = this.#nested(item, [...path, index], mentioned);
        if (nested) of.push(nested);
      }
    }
    return of.length > 0 ? { kind, of } : undefined;
  }

  #named(name: string, path: Fault["path"]): readonly Scope[] {
    const { table, complete } = this.#declared;
    if (isWildcard(name)) {
      const found = this.#expansions.get(name) ?? matchingScopes(name, table);
      this.#expansions.set(name, found);
      if (found.length === 0 && complete) this.#report(path, `No declared scope matches \`${name}\`.`, wildcardHint);
      return found;
    }
    const found = resolveScope(name, table);
    if (found.ok) return [found.value];
    if (complete || !found.failure.undeclared) this.#report(path, found.failure.message, found.failure.hint);
    return [];
  }
}

type NestedGroup = Exclude<Salvaged<RequiredScope>, string>;

const wildcardHint = "A `*` matches any characters of a short or full name. No other character is special.";
