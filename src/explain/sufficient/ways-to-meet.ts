import { acceptsTenant } from "../../policy/issuers/tenants.ts";
import type { Condition, Issuer } from "../../policy/policy.ts";
import { atomsOf, claimAtom, isSingleValue, pointerTo } from "../../policy/requirements/conditions.ts";
import { parameterAt } from "../../token/met-conditions.ts";

/** A condition, or a part of its values. */
export interface Way {
  /** Contains a space, so it is no scope. */
  readonly name: string;
  readonly condition: Condition;
  readonly pointer: string;
  /** One of these is in the claim; `undefined`: it depends on the path. */
  readonly values: ReadonlySet<string> | undefined;
  /** Whether the claim is exactly one of the values, and no array with one. */
  readonly isExact: boolean;
}

type Effective = (scopes: readonly string[], allowed: ReadonlySet<string> | undefined) => ReadonlySet<string>;

/** The ways in which tokens of one issuer can meet conditions, and the scopes that its `grants` give them for it. */
export class WaysToMeet {
  readonly byName = new Map<string, Way>();
  readonly #issuer: Issuer;
  readonly #path: string | undefined;
  readonly #effective: Effective;
  readonly #registered: ReadonlySet<string> | undefined;
  readonly #wholes = new Map<string, Way>();
  /** By scope: names of the ways that always bring it along. */
  readonly #bringing = new Map<string, string[]>();

  /**
   * @param effective the scopes, cut to those that are allowed, with all that they imply
   * @param registered the scopes that the client may be granted; `undefined`: all
   */
  constructor(
    conditions: readonly Condition[],
    issuer: Issuer,
    path: string | undefined,
    effective: Effective,
    registered: ReadonlySet<string> | undefined,
  ) {
    this.#registered = registered;
    this.#issuer = issuer;
    this.#path = path;
    this.#effective = effective;
    for (const condition of conditions) {
      const whole = this.#whole(condition);
      if (whole === undefined) continue;
      this.#wholes.set(atomsOf(condition).join("\n"), whole);
      for (const way of [whole, ...this.#parts(whole)]) this.byName.set(way.name, way);
    }
    for (const way of this.byName.values()) {
      for (const scope of this.broughtBy(way, registered)) {
        this.#bringing.set(scope, [...(this.#bringing.get(scope) ?? []), way.name]);
      }
    }
  }

  /** All ways that meet a condition; none if no token of the issuer can meet it. */
  meeting(condition: Condition): readonly Way[] {
    const whole = this.#wholes.get(atomsOf(condition).join("\n"));
    return whole === undefined ? [] : [...this.byName.values()].filter((way) => isEnoughFor(way, whole));
  }

  /** Names of the ways that always bring a scope along. */
  bringing(scope: string): readonly string[] {
    return this.#bringing.get(scope) ?? [];
  }

  /** The scopes that each value of a way grants. */
  broughtBy({ pointer, values }: Way, allowed: ReadonlySet<string> | undefined): ReadonlySet<string> {
    const [first, ...others] = Array.from(values ?? [], (value) => this.#grantedBy(pointer, value, allowed));
    return others.reduce((common, scopes) => common.intersection(scopes), first ?? new Set<string>());
  }

  /** The ways that one token must take to take all of these; `undefined`: no token can. */
  together(ways: readonly Way[]): readonly Way[] | undefined {
    const joined: Way[] = [];
    for (const alike of Map.groupBy(ways, ({ pointer }) => pointer).values()) {
      const known = alike.filter(({ values }) => values !== undefined);
      const [first, ...others] = known;
      const exact = known.filter(({ isExact }) => isExact);
      if (first?.values === undefined || others.length === 0 || exact.length === 0) {
        joined.push(...alike);
        continue;
      }
      const common = others.reduce((left, { values }) => left.intersection(values ?? new Set()), first.values);
      if (common.size === 0) return undefined;
      const segments = exact.filter(({ condition }) => condition.kind === "parameter");
      joined.push(...alike.filter(({ values }) => values === undefined));
      joined.push(...(segments.length > 0 ? segments : [narrowed(first, common)]));
    }
    return joined;
  }

  #whole(condition: Condition): Way | undefined {
    const claim = condition.kind === "claim" ? condition.claim : condition.equals;
    const pointer = pointerTo(claim);
    const { tenants } = this.#issuer;
    const isTenant = tenants !== undefined && pointerTo(tenants.claim) === pointer;
    const isPossible = (value: string): boolean => !isTenant || acceptsTenant(this.#issuer, value);
    const isExact = isTenant || isSingleValue(claim) || condition.kind === "parameter";
    const name = atomsOf(condition).join("\n");
    if (condition.kind === "claim") {
      const values = condition.in.filter(isPossible);
      const whole = { name, condition, pointer, values: new Set(condition.in), isExact };
      if (values.length === condition.in.length) return whole;
      return values.length === 0 ? undefined : narrowed(whole, new Set(values));
    }
    const text = this.#path === undefined ? undefined : parameterAt(this.#path, condition.segment);
    if (text === undefined) return { name, condition, pointer, values: undefined, isExact };
    return isPossible(text) ? { name, condition, pointer, values: new Set([text]), isExact } : undefined;
  }

  /** For each scope that some values of a claim grant, the way with these values. */
  #parts(whole: Way): readonly Way[] {
    const { condition, pointer, values = new Set<string>() } = whole;
    if (condition.kind !== "claim") return [];
    const byScope = new Map<string, Set<string>>();
    for (const value of values) {
      for (const scope of this.#grantedBy(pointer, value, this.#registered)) {
        byScope.set(scope, (byScope.get(scope) ?? new Set()).add(value));
      }
    }
    return Array.from(byScope.values(), (some) => (some.size === values.size ? whole : narrowed(whole, some)));
  }

  #grantedBy(pointer: string, value: string, allowed: ReadonlySet<string> | undefined): ReadonlySet<string> {
    const mapped = this.#issuer.grants.filter(({ claim }) => pointerTo(claim) === pointer);
    return this.#effective(
      mapped.flatMap(({ byValue }) => [...(byValue.get(value) ?? [])]),
      allowed,
    );
  }
}

/** Whether a token that takes one way takes the other one, too. */
export function isEnoughFor(way: Way, other: Way): boolean {
  if (way.name === other.name) return true;
  if (way.pointer !== other.pointer || way.values === undefined || other.values === undefined) return false;
  return way.values.isSubsetOf(other.values) && (way.isExact || !other.isExact);
}

function narrowed(way: Way, values: ReadonlySet<string>): Way {
  const { condition } = way;
  if (condition.kind !== "claim") return way;
  const kept = condition.in.filter((value) => values.has(value));
  const atoms = kept.map((value) => claimAtom(condition.claim, value));
  return { ...way, name: atoms.join("\n"), condition: { ...condition, in: kept, atoms }, values: new Set(kept) };
}
