import type { Fault, Report } from "../fault.ts";
import type { Requirement, Scope, ScopeExpression } from "../policy.ts";
import type { DeclaredScopes } from "./declare-scopes.ts";
import { type IssuersConfig, namedIssuers } from "./issuers/named-issuers.ts";
import type { RequiredScope, RouteConfig } from "./schema/config-schema.ts";
import { isWildcard, matchingScopes, resolveScope } from "./scope-names.ts";
import type { Salvaged } from "./validate-policy-config.ts";

type ScopesRequirement = Extract<Requirement, { readonly kind: "scopes" }>;

const WAYS = ["scopes", "authenticated", "optional", "public"] as const;
const PUBLIC: Requirement = { kind: "public" };
const ISSUERS_OF_PUBLIC = [
  "A public route reads no token, so it accepts no issuer's.",
  "Remove `issuers`, or replace `public`.",
] as const;

/**
 * Compiles the requirements of the routes of one file. Equal requirements are one object, and each wildcard is expanded
 * once, so a file may ask thousands of routes for thousands of scopes.
 */
export class RequirementCompiler {
  readonly #config: IssuersConfig;
  readonly #declared: DeclaredScopes;
  readonly #report: Report;
  readonly #expansions = new Map<string, readonly Scope[]>();
  /** Requirements without a fault, by their text in the file, and by their own text. */
  readonly #byFileText = new Map<string, Requirement>();
  readonly #byText = new Map<string, Requirement>();
  #faults = 0;

  constructor(config: IssuersConfig, declared: DeclaredScopes, report: Report) {
    this.#config = config;
    this.#declared = declared;
    this.#report = (...fault) => {
      this.#faults += 1;
      report(...fault);
    };
  }

  /** The requirement of the route at `path`, or `undefined` once a fault is reported. */
  compile(route: Salvaged<RouteConfig>, path: Fault["path"]): Requirement | undefined {
    const [way, ...more] = WAYS.filter((member) => Object.hasOwn(route, member));
    if (way === undefined) {
      this.#report(
        path,
        "The route does not say who may call it.",
        'Add "scopes", "authenticated": true, "optional": true or "public": true.',
      );
      return undefined;
    }
    if (more.length > 0) {
      const found = [way, ...more].map((member) => `\`${member}\``).join(" and ");
      this.#report(path, `The route has ${found}.`, "Keep one of them and remove the others.");
    }
    if (way === "public") {
      if (Object.hasOwn(route, "issuers")) this.#report([...path, "issuers"], ...ISSUERS_OF_PUBLIC);
      return PUBLIC;
    }
    const text = JSON.stringify([way, route.scopes, route.issuers]);
    const known = this.#byFileText.get(text);
    if (known) return known;
    const faults = this.#faults;
    const found = way === "scopes" ? this.#scopes(route, path) : { kind: way };
    const issuers = namedIssuers(route.issuers, [...path, "issuers"], this.#config, this.#report);
    if (found === undefined) return undefined;
    const requirement = this.#one(issuers === undefined ? found : { ...found, issuers });
    // Each place of a fault is reported.
    if (faults === this.#faults) this.#byFileText.set(text, requirement);
    return requirement;
  }

  #scopes({ scopes }: Salvaged<RouteConfig>, path: Fault["path"]): ScopesRequirement | undefined {
    if (scopes === undefined) return undefined;
    const mentioned = new Set<string>();
    const expression = this.expression(scopes, [...path, "scopes"], mentioned);
    return expression && { kind: "scopes", expression, mentioned: [...mentioned] };
  }

  /** The one object for all requirements with the same text. `mentioned` follows from the expression. */
  #one(requirement: Requirement): Requirement {
    const text = JSON.stringify({ ...requirement, mentioned: undefined });
    const known = this.#byText.get(text) ?? requirement;
    this.#byText.set(text, known);
    return known;
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
