import { parseClaimPath } from "../claim-path.ts";
import type { Fault, Report } from "../fault.ts";
import type {
  ClaimCondition,
  ClaimPath,
  Condition,
  Expression,
  GuaranteedExpression,
  NamedParameter,
  Requirement,
  Scope,
  ScopeLeaf,
} from "../policy.ts";
import { parametersOf } from "../routing/path-pattern.ts";
import { compileStepUp } from "./authentication/compile-step-up.ts";
import type { ConditionUse } from "./conditions/check-condition-claims.ts";
import { checkTogether } from "./conditions/check-together.ts";
import { claimConditionOf, parameterOf } from "./conditions/compile-condition.ts";
import type { DeclaredScopes } from "./declare-scopes.ts";
import { type IssuersConfig, namedIssuers } from "./issuers/named-issuers.ts";
import type { RouteConfig } from "./schema/config-schema.ts";
import type { RequiredCondition, RequiredScope, ScopeGroup } from "./schema/required-scope.ts";
import { isWildcard, matchingScopes, resolveScope } from "./scope-names.ts";
import type { Salvaged } from "./validate-policy-config.ts";

type ScopesRequirement = Extract<Requirement, { readonly kind: "scopes" }>;

const WAYS = ["scopes", "authenticated", "optional", "public"] as const;
const PUBLIC: Requirement = { kind: "public" };
const ISSUERS_OF_PUBLIC = [
  "A public route reads no token, so `issuers` has no effect.",
  "Remove `issuers`, or replace `public`.",
] as const;

const BOUND_WITHOUT_TOKEN = [
  "Callers may leave out their token here, so the route cannot require a bound one.",
  "Remove `senderConstrained`, or ask for a token with `authenticated` or `scopes`.",
] as const;
const AUTHENTICATION_OF_OPEN = [
  "A caller without a token may call this route, so it cannot require authentication.",
  "Remove `authentication`, or require a token with `scopes` or `authenticated`.",
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
  /** Expressions of guarantees without a fault, by their text in the file. */
  readonly #guaranteed = new Map<string, GuaranteedExpression>();
  readonly #conditionUses: ConditionUse[] = [];
  #faults = 0;

  constructor(config: IssuersConfig, declared: DeclaredScopes, report: Report) {
    this.#config = config;
    this.#declared = declared;
    this.#report = (...fault) => {
      this.#faults += 1;
      report(...fault);
    };
  }

  /** Where the conditions so far look at which claims. Equal requirements count once. */
  get conditionUses(): readonly ConditionUse[] {
    return this.#conditionUses;
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
      if (Object.hasOwn(route, "senderConstrained"))
        this.#report([...path, "senderConstrained"], ...BOUND_WITHOUT_TOKEN);
    }
    if ((way === "public" || way === "optional") && Object.hasOwn(route, "authentication")) {
      this.#report([...path, "authentication"], ...AUTHENTICATION_OF_OPEN);
    }
    if (way === "public") return PUBLIC;
    if (way === "optional" && Object.hasOwn(route, "senderConstrained")) {
      this.#report([...path, "senderConstrained"], ...BOUND_WITHOUT_TOKEN);
      return undefined;
    }
    const key = keyOf(way, route);
    const known = this.#byFileText.get(key);
    if (known) return known;
    const faults = this.#faults;
    const found = way === "scopes" ? this.#scopes(route, [...path, "scopes"]) : { kind: way };
    const issuers = namedIssuers(route.issuers, [...path, "issuers"], this.#config, this.#report);
    const authentication = compileStepUp(route.authentication, [...path, "authentication"], this.#report);
    if (found === undefined) return undefined;
    const requirement = this.#one({
      ...found,
      ...(issuers && { issuers }),
      ...(route.senderConstrained && { senderConstrained: true }),
      ...(authentication && way !== "optional" && { authentication }),
    });
    // Each place of a fault is reported.
    if (faults === this.#faults) this.#byFileText.set(key, requirement);
    return requirement;
  }

  #scopes({ path: pattern, scopes }: Salvaged<RouteConfig>, path: Fault["path"]): ScopesRequirement | undefined {
    if (scopes === undefined) return undefined;
    const mentioned = new Set<string>();
    const conditions = new Map<string, Condition>();
    const noted = <Found extends Condition>(condition: Found): Found => {
      conditions.set(JSON.stringify(condition), condition);
      return condition;
    };
    const expression = this.#expression<ScopeLeaf | Condition>(scopes, path, {
      scope: (leaf) => {
        mentioned.add(leaf.name);
        return leaf;
      },
      claim: noted,
      parameter: (name, equals, at) => {
        const parameters = pattern === undefined ? undefined : parametersOf(pattern);
        const found = parameterOf(name, equals, parameters, at, this.#report);
        return found && noted(found);
      },
    });
    if (expression === undefined) return undefined;
    const plain = { kind: "scopes", expression, mentioned: [...mentioned] } as const;
    if (conditions.size === 0) return plain;
    checkTogether(expression, path, this.#report);
    return { ...plain, conditions: [...conditions.values()] };
  }

  /**
   * The one object for all requirements with the same text. `mentioned` and `conditions` follow from the expression.
   */
  #one(requirement: Requirement): Requirement {
    const text = JSON.stringify({ ...requirement, mentioned: undefined, conditions: undefined });
    const known = this.#byText.get(text) ?? requirement;
    this.#byText.set(text, known);
    return known;
  }

  /**
   * The expression of a guarantee at `path`, or `undefined` once a fault is reported. Its parameters are found by name,
   * on each route.
   */
  guaranteed(scopes: RequiredScopes, path: Fault["path"]): GuaranteedExpression | undefined {
    const text = JSON.stringify(scopes);
    const known = this.#guaranteed.get(text);
    if (known) return known;
    const faults = this.#faults;
    const expression = this.#expression<ScopeLeaf | ClaimCondition | NamedParameter>(scopes, path, {
      scope: (leaf) => leaf,
      claim: (condition) => condition,
      parameter: (name, equals) => ({ kind: "named-parameter", name, equals }),
    });
    // Each place of a fault is reported.
    if (expression && faults === this.#faults) this.#guaranteed.set(text, expression);
    return expression;
  }

  #expression<Leaf>(scopes: RequiredScopes, path: Fault["path"], leaves: Leaves<Leaf>): Expression<Leaf> | undefined {
    return "length" in scopes ? this.#group("anyOf", scopes, path, leaves) : this.#nested(scopes, path, leaves);
  }

  #nested<Leaf>(group: NestedGroup, path: Fault["path"], leaves: Leaves<Leaf>): Expression<Leaf> | undefined {
    const kind = Object.hasOwn(group, "allOf") ? "allOf" : "anyOf";
    return this.#group(kind, group[kind] ?? [], [...path, kind], leaves);
  }

  /** The scopes that a wildcard matches join its list: any of them suffices, and under `allOf` all are needed. */
  #group<Leaf>(
    kind: "anyOf" | "allOf",
    items: readonly (Salvaged<RequiredScope> | undefined)[],
    path: Fault["path"],
    leaves: Leaves<Leaf>,
  ): Expression<Leaf> | undefined {
    const of: Expression<Leaf>[] = [];
    for (const [index, item] of items.entries()) {
      const at = [...path, index];
      if (typeof item === "string") {
        for (const { fullName } of this.#named(item, at)) of.push(leaves.scope({ kind: "scope", name: fullName }));
      } else if (item !== undefined) {
        const part = isCondition(item) ? this.#condition(item, at, leaves) : this.#nested(item, at, leaves);
        if (part !== undefined) of.push(part);
      }
    }
    return of.length > 0 ? { kind, of } : undefined;
  }

  #condition<Leaf>(item: WrittenCondition, path: Fault["path"], leaves: Leaves<Leaf>): Leaf | undefined {
    if ("claim" in item || "in" in item) {
      const claim = this.#claimOf(item.claim, "in", [...path, "claim"]);
      const condition = claim && claimConditionOf(claim, item.in);
      return condition && leaves.claim(condition);
    }
    const { param, equals } = item as Salvaged<WrittenParameter>;
    const claim = this.#claimOf(equals, "equals", [...path, "equals"]);
    return param === undefined || claim === undefined ? undefined : leaves.parameter(param, claim, [...path, "param"]);
  }

  /** The claim that a text names, or `undefined` once a fault is reported. */
  #claimOf(text: string | undefined, kind: ConditionUse["kind"], path: Fault["path"]): ClaimPath | undefined {
    if (text === undefined) return undefined;
    const claim = parseClaimPath(text);
    if (claim.ok) this.#conditionUses.push({ claim: claim.value, kind, path });
    else this.#report(path, claim.failure.message, claim.failure.hint);
    return claim.ok ? claim.value : undefined;
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

type RequiredScopes = NonNullable<Salvaged<RouteConfig>["scopes"]>;
type WrittenCondition = Salvaged<RequiredCondition>;
type WrittenParameter = Extract<RequiredCondition, { param: string }>;
type NestedGroup = Salvaged<ScopeGroup>;

/** What becomes of each leaf. */
interface Leaves<Leaf> {
  readonly scope: (leaf: ScopeLeaf) => Leaf;
  readonly claim: (condition: ClaimCondition) => Leaf;
  /** `undefined` once a fault is reported. */
  readonly parameter: (name: string, equals: ClaimPath, path: Fault["path"]) => Leaf | undefined;
}

function isCondition(item: WrittenCondition | NestedGroup): item is WrittenCondition {
  return ["param", "equals", "claim", "in"].some((member) => Object.hasOwn(item, member));
}

/** What an equal requirement has, too: its text in the file, and the places of the parameters that it may name. */
function keyOf(way: string, route: Salvaged<RouteConfig>): string {
  const { path, scopes, issuers, senderConstrained, authentication } = route;
  const text = JSON.stringify([way, scopes, issuers, senderConstrained, authentication]);
  if (!text.includes('"param"')) return text;
  return `${text} ${JSON.stringify(path === undefined ? [] : [...parametersOf(path)])}`;
}

const wildcardHint = "A `*` matches any characters of a short or full name. No other character is special.";
