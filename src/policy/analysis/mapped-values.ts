import type { Holder } from "../authorize.ts";
import { claimText } from "../claim-path.ts";
import type { Client, Issuer, Policy } from "../policy.ts";
import { bindingOf } from "../requirements/binding.ts";
import { effectiveScopes } from "../scopes.ts";
import { acceptsUnregistered, holderOf } from "./client-access.ts";

/** A value of a claim that grants scopes to tokens of an issuer. */
export interface MappedValue {
  /** Name of the issuer. */
  readonly issuer: string;
  /** The claim as in `routes.json`. */
  readonly claim: string;
  readonly value: string;
  /** Full names, without what they imply. */
  readonly scopes: readonly string[];
}

/** All values that grant scopes, issuer by issuer. */
export function mappedValues({ issuers }: Pick<Policy, "issuers">): readonly MappedValue[] {
  return Array.from(issuers.values()).flatMap(({ name, grants }) =>
    grants.flatMap(({ claim, byValue }) =>
      Array.from(byValue, ([value, scopes]) => ({ issuer: name, claim: claimText(claim), value, scopes })),
    ),
  );
}

/** How people and `explain --grant` write a mapped value. */
export function mappedValueText({ claim, value }: Pick<MappedValue, "claim" | "value">): string {
  return `${claim}=${value}`;
}

/** What a token holds, and whose it is. */
export interface TokenHolder {
  /** `undefined`: any client's. */
  readonly client: Client | undefined;
  readonly holder: Holder;
}

/**
 * What tokens of an issuer hold that have these scopes and no others. Where the issuer accepts registered clients only,
 * each of them holds what its registration has, so there is one holder for each. None: the gateway accepts no token.
 *
 * @param scopes full names
 * @param met the atoms of the conditions that the tokens meet
 */
export function holdersOf(
  policy: Policy,
  issuer: Issuer,
  scopes: readonly string[],
  met: readonly string[] = [],
): readonly TokenHolder[] {
  const withAtoms = (held: Holder): Holder =>
    met.length === 0 ? held : { ...held, effective: new Set([...held.effective, ...met]) };
  const registered = [...policy.clients.values()]
    .filter((client) => client.issuer === issuer.name)
    .flatMap((client) => {
      const holder = holderOf(policy, issuer.issuer, client.id, scopes);
      return holder === undefined ? [] : [{ client, holder: withAtoms(holder) }];
    });
  if (issuer.registeredClientsOnly) return registered;
  if (!acceptsUnregistered(issuer, policy)) return registered.slice(0, 1);
  const effective = effectiveScopes(policy.scopes, issuer.name, scopes);
  const bound = bindingOf(issuer) === "never" ? undefined : { canBeBound: true as const };
  return [{ client: undefined, holder: withAtoms({ issuer: issuer.name, effective, ...bound }) }];
}

/** The atoms of the conditions that a token with a mapped value meets by it. */
export function atomsOfValue({ testedClaims }: Policy, { claim, value }: MappedValue): readonly string[] {
  const tested = testedClaims.find((it) => claimText(it.claim) === claim);
  const atom = tested?.atoms.get(value);
  return atom === undefined ? [] : [atom];
}

/** What tokens hold that have all mapped values of their issuer, for the issuers that accept any client. */
export function grantedHolders(policy: Policy): readonly Holder[] {
  return [...policy.issuers.values()]
    .filter(({ grants, registeredClientsOnly }) => grants.length > 0 && !registeredClientsOnly)
    .flatMap((issuer) => {
      const scopes = new Set(issuer.grants.flatMap(({ byValue }) => [...byValue.values()].flat()));
      return holdersOf(policy, issuer, [...scopes]).map(({ holder }) => holder);
    });
}
