import type { Issuer, Policy } from "../../policy.ts";
import { claimAtom, exactAtom, pointerTo } from "../../requirements/conditions.ts";
import type { ClaimUses } from "./claim-uses.ts";
import type { OriginTenant } from "./tenants-in-use.ts";

/** The scopes that tokens of an origin have because they meet conditions, by full name. */
export interface Granting {
  /** The scopes that every token of the origin has. */
  readonly always: ReadonlySet<string>;
  /** By the atom of the condition. */
  readonly byAtom: ReadonlyMap<string, readonly string[]>;
}

/** What some tokens of an issuer have under each policy. */
interface Granted {
  /** `undefined`: nothing, under any policy. */
  readonly grants: readonly Granting[] | undefined;
  /** The client whose tokens these are; `undefined`: one whose registration cuts nothing. */
  readonly clientId: string | undefined;
}

type Granter = Pick<Policy, "issuers" | "registrations">;

/**
 * The `grants` of issuers, as far as conditions look at the same claims: a token that meets such a condition has the
 * scopes of the value, too. Scopes of other values need no rule here: proofs let a token have any scope.
 */
export class GrantsInUse {
  /** Whether there are some. */
  readonly any: boolean;
  readonly #policies: readonly Granter[];
  readonly #uses: ClaimUses;

  constructor(policies: readonly Granter[], uses: ClaimUses) {
    this.#policies = policies;
    this.#uses = uses;
    this.any = policies.some(({ issuers }) => [...issuers.values()].some((it) => this.#brought(it).byAtom.size > 0));
  }

  /** What tokens of an issuer, or of some of its tenants, have. Registrations may differ from client to client. */
  of(iss: string, tenant: OriginTenant | undefined): readonly Granted[] {
    const issuers = this.#policies.map((policy) => policy.issuers.get(iss));
    const full = issuers.map((issuer) => issuer && this.#brought(issuer, tenant));
    if (full.every((it) => it === undefined || isNothing(it))) return [{ grants: undefined, clientId: undefined }];
    // That an issuer comes or goes is a change of its own, so a policy without it treats its tokens as the other does.
    const known = full.find((it) => it !== undefined) ?? NOTHING;
    const isCut = issuers.map((issuer) => issuer?.registeredClientsOnly === true);
    const cutFor = (id: string): readonly Granting[] =>
      this.#policies.map(({ registrations }, at) => {
        const granting = full[at] ?? known;
        const scopes = registrations.get(issuers[at]?.name ?? "")?.get(id)?.scopes;
        return isCut[at] ? cut(granting, scopes ?? new Set()) : granting;
      });
    const ids = isCut.includes(true) ? this.#clientIdsOf(issuers) : new Set<string>();
    const cuts = Array.from(ids, (clientId): Granted => ({ grants: cutFor(clientId), clientId }));
    const isOpen = issuers.some((issuer) => issuer?.registeredClientsOnly === false);
    return isOpen || cuts.length === 0 ? [{ grants: cutFor(""), clientId: undefined }, ...cuts] : cuts;
  }

  #clientIdsOf(issuers: readonly (Issuer | undefined)[]): ReadonlySet<string> {
    return new Set(
      this.#policies.flatMap(({ registrations }, at) => [
        ...(registrations.get(issuers[at]?.name ?? "")?.keys() ?? []),
      ]),
    );
  }

  #brought({ grants }: Issuer, tenant?: OriginTenant): Granting {
    const always = new Set<string>();
    const byAtom = new Map<string, readonly string[]>();
    for (const { claim, byValue } of grants) {
      const pointer = pointerTo(claim);
      if (tenant?.claims.has(pointer)) {
        for (const scope of byValue.get(tenant.name) ?? []) always.add(scope);
        continue;
      }
      const [listed, inPaths] = [this.#uses.listed(pointer), this.#uses.inPaths(pointer)];
      for (const [value, scopes] of byValue) {
        if (!listed.has(value) && !inPaths.has(value)) continue;
        byAtom.set(claimAtom(claim, value), scopes).set(exactAtom(claim, value), scopes);
      }
    }
    return { always, byAtom };
  }
}

const NOTHING: Granting = { always: new Set(), byAtom: new Map() };

function isNothing({ always, byAtom }: Granting): boolean {
  return always.size === 0 && byAtom.size === 0;
}

function cut({ always, byAtom }: Granting, scopes: ReadonlySet<string>): Granting {
  const left = Array.from(byAtom, ([atom, names]) => [atom, names.filter((name) => scopes.has(name))] as const);
  return { always: always.intersection(scopes), byAtom: new Map(left.filter(([, names]) => names.length > 0)) };
}
