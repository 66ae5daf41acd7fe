import type { RouteChange } from "../../../../policy/analysis/diff/route-comparer.ts";
import type { Message } from "../../../../policy/analysis/messages/message.ts";
import type { Issuer, Policy } from "../../../../policy/policy.ts";

/** A call that the page `/why` explains. All members about the caller left out: anyone, without a token. */
export interface AskedCall {
  readonly method: string;
  readonly path: string;
  readonly host?: string | undefined;
  readonly mcp?: Message | undefined;
  /** Name of the registered client. */
  readonly client?: string | undefined;
  /** Name of the issuer. */
  readonly issuer?: string | undefined;
  readonly tenant?: string | undefined;
  /** Full names of the scopes that the token grants. */
  readonly scopes?: readonly string[] | undefined;
  /** Values of claims that grant scopes, by the claim's name or JSON Pointer. */
  readonly grants?: Readonly<Record<string, string>> | undefined;
  /** The claims that conditions look at. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The calls that show a change, one for each line of `exampleLines`. `undefined` stands for a call with the token of an
 * issuer that the new policy does not have: nothing can be asked about it.
 */
export function callsOf(change: RouteChange, after: Policy): readonly (AskedCall | undefined)[] {
  const { witness, lostWitness = witness } = change;
  const names = Array.from(after.issuers.values(), ({ name }) => name);
  const isGone = (issuer: Issuer | undefined) => issuer !== undefined && !names.includes(issuer.name);
  // A token without scopes is told from no token by its issuer.
  const nameOf = (issuer: Issuer | undefined, scopes: readonly string[]) =>
    issuer?.name ?? (scopes.length === 0 ? names[0] : undefined);
  const { gained, gainedBy, gainedTenant, gainedClaims, lost, lostBy, lostTenant, lostClaims } = change;
  const calls = [
    ...(gained
      ? [{ ...witness, scopes: gained, issuer: nameOf(gainedBy, gained), tenant: gainedTenant, claims: gainedClaims }]
      : []),
    ...(lost && isGone(lostBy) ? [undefined] : []),
    ...(lost && !isGone(lostBy)
      ? [{ ...lostWitness, scopes: lost, issuer: nameOf(lostBy, lost), tenant: lostTenant, claims: lostClaims }]
      : []),
  ];
  return calls.length > 0 ? calls : [witness];
}
