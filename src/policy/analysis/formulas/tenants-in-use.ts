import { acceptsTenant } from "../../issuers/tenants.ts";
import type { Condition, Expression, Issuer, Policy, ScopeLeaf } from "../../policy.ts";
import { pointerTo, readAtom } from "../../requirements/conditions.ts";
import type { ClaimUses } from "./claim-uses.ts";

/** The tenant of all tokens of an origin. */
export interface OriginTenant {
  /** A GUID. Where no condition names the tenant, it stands for others that are treated alike. */
  readonly name: string;
  /** JSON Pointers of the claims that name it. */
  readonly claims: ReadonlySet<string>;
  /** Whether the GUID is a fixed segment in some pattern, so that paths with it are in classes of their own. */
  readonly isInPaths: boolean;
  /** For each policy, whether it accepts the tenant. At least one does. */
  readonly isAccepted: readonly boolean[];
}

/** Splits issuers into groups of tenants, where a condition or a grant tells tenants apart. */
export class TenantsInUse {
  /** Whether some issuer is split. */
  readonly any: boolean;
  readonly #policies: readonly Pick<Policy, "issuers">[];
  readonly #uses: ClaimUses;

  constructor(policies: readonly Pick<Policy, "issuers">[], uses: ClaimUses) {
    this.#policies = policies;
    this.#uses = uses;
    this.any = policies.some(({ issuers }) => [...issuers.keys()].some((iss) => this.#claimsOf(iss).size > 0));
  }

  /** One tenant for each group of an issuer. `undefined` stands for all tokens of an issuer that is not split. */
  of(iss: string): readonly (OriginTenant | undefined)[] {
    const claims = this.#claimsOf(iss);
    if (claims.size === 0) return [undefined];
    const issuers = this.#policies.map((policy) => policy.issuers.get(iss));
    const inPaths = new Set([...claims].flatMap((claim) => [...this.#uses.inPaths(claim)]));
    const named = new Set([...inPaths, ...[...claims].flatMap((claim) => [...this.#uses.listed(claim)])]);
    for (const { claim, byValue } of issuers.flatMap((issuer) => issuer?.grants ?? [])) {
      if (claims.has(pointerTo(claim))) for (const value of byValue.keys()) named.add(value);
    }
    const listed = issuers.flatMap((issuer) => listedBy(issuer));
    const groups = new Map<string, OriginTenant>();
    for (const name of new Set([...named, ...listed, unnamedTenant(new Set([...named, ...listed]))])) {
      const isAccepted = issuers.map((issuer) => issuer !== undefined && acceptsTenant(issuer, name));
      if (!isAccepted.includes(true)) continue;
      const key = named.has(name) ? name : isAccepted.join();
      if (!groups.has(key)) groups.set(key, { name, claims, isInPaths: inPaths.has(name), isAccepted });
    }
    return [...groups.values()];
  }

  /** The claims that name the tenant, if one of them is looked at; otherwise none. */
  #claimsOf(iss: string): ReadonlySet<string> {
    const issuers = this.#policies.flatMap((policy) => policy.issuers.get(iss) ?? []);
    const claims = new Set(issuers.flatMap(({ tenants }) => (tenants ? [pointerTo(tenants.claim)] : [])));
    const grants = new Set(issuers.flatMap((issuer) => issuer.grants.map(({ claim }) => pointerTo(claim))));
    return [...claims].some((claim) => this.#uses.has(claim) || grants.has(claim)) ? claims : new Set();
  }
}

function listedBy(issuer: Issuer | undefined): readonly string[] {
  return issuer?.tenants === undefined || issuer.tenants.accepted === "any" ? [] : [...issuer.tenants.accepted];
}

/** A GUID that is none of these. */
function unnamedTenant(taken: ReadonlySet<string>): string {
  for (let attempt = 1; ; attempt += 1) {
    const guid = `00000000-0000-4000-8000-${attempt.toString(16).padStart(12, "0")}`;
    if (!taken.has(guid)) return guid;
  }
}

/**
 * What a condition says of the tokens of one tenant: `true` or `false`, or it depends on the path. `undefined`: it does
 * not look at the tenant.
 *
 * @param isOnClass whether the condition is about one class of paths, whose fixed segments are known
 */
export function ofTenant(
  condition: Condition,
  { name, claims, isInPaths }: OriginTenant,
  isOnClass: boolean,
): boolean | Expression<ScopeLeaf> | undefined {
  if (condition.kind === "claim") {
    return claims.has(pointerTo(condition.claim)) ? condition.in.includes(name) : undefined;
  }
  if (!claims.has(pointerTo(condition.equals))) return undefined;
  const meaning = readAtom(condition.atom);
  if (meaning?.kind === "exactly") return meaning.value === name;
  // On a class of paths, a segment that is not fixed has no text that some pattern fixes there.
  return isOnClass && isInPaths ? false : { kind: "scope", name: condition.atom };
}
