import type { Holder } from "../authorize.ts";
import { claimText, parseClaimPath } from "../claim-path.ts";
import type { Client, Issuer, Policy } from "../policy.ts";
import { bindingOf } from "../requirements/binding.ts";
import { effectiveScopes } from "../scopes.ts";
import { acceptsUnregistered, type ClientHolder, holderOf } from "./client-access.ts";
import { canExist, createCanMeet } from "./clients/can-meet.ts";

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
  readonly holder: ClientHolder;
}

/**
 * What a token of an issuer holds if it has these scopes and no others. Where the issuer accepts registered clients
 * only, each client holds what its registration has, so there is one holder for each. None: the gateway accepts no
 * token.
 *
 * @param scopes full names
 */
export function holdersOf(policy: Policy, issuer: Issuer, scopes: readonly string[]): readonly TokenHolder[] {
  const { name, registeredClientsOnly } = issuer;
  const registered = [...policy.clients.values()]
    .filter((client) => client.issuer === name)
    .flatMap((client) => {
      const holder = holderOf(policy, issuer.issuer, client.id, scopes);
      return holder === undefined ? [] : [{ client, holder }];
    });
  if (registeredClientsOnly) return registered;
  if (!acceptsUnregistered(issuer, policy)) return registered.slice(0, 1);
  const effective = effectiveScopes(policy.scopes, name, scopes);
  const bound = bindingOf(issuer) === "never" ? undefined : { canBeBound: true as const };
  const canMeet = createCanMeet(policy, { issuer: name, id: undefined, scopes: new Set(scopes) });
  return [{ client: undefined, holder: { issuer: name, effective, canMeet, ...bound } }];
}

/**
 * What a token of an issuer holds that has a mapped value and grants no scope beyond those of the value, and which
 * conditions it can meet. Other claims may grant some of the same scopes. None: there is no such token, because the
 * issuer does not accept the tenant, for example.
 */
export function holdersOfValue(policy: Policy, issuer: Issuer, value: MappedValue): readonly TokenHolder[] {
  const path = parseClaimPath(value.claim);
  const met = atomOfValue(policy, value);
  return holdersOf(policy, issuer, value.scopes).flatMap(({ client, holder }) => {
    const withheld = issuer.registeredClientsOnly ? client?.scopes : undefined;
    const tokens = {
      issuer: issuer.name,
      id: client?.id,
      scopes: new Set(value.scopes.filter((name) => withheld?.has(name) ?? true)),
      value: { claim: path.ok ? path.value : [value.claim], text: value.value },
    };
    if (!canExist(policy, tokens)) return [];
    const effective = met === undefined ? holder.effective : new Set([...holder.effective, met]);
    return [{ client, holder: { ...holder, effective, canMeet: createCanMeet(policy, tokens) } }];
  });
}

/** The atom of the condition that a token with a mapped value meets by it. */
function atomOfValue({ testedClaims }: Policy, { claim, value }: MappedValue): string | undefined {
  return testedClaims.find((it) => claimText(it.claim) === claim)?.atoms.get(value);
}

/** What a token holds if it has all mapped values of its issuer, for each issuer that accepts any client. */
export function grantedHolders(policy: Policy): readonly Holder[] {
  return [...policy.issuers.values()]
    .filter(({ grants, registeredClientsOnly }) => grants.length > 0 && !registeredClientsOnly)
    .flatMap((issuer) => {
      const scopes = new Set(issuer.grants.flatMap(({ byValue }) => [...byValue.values()].flat()));
      return holdersOf(policy, issuer, [...scopes]).map(({ holder }) => holder);
    });
}
