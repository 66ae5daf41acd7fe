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
  const known = new Set(Array.from(after.issuers.values(), ({ name }) => name));
  const isGone = (issuer: Issuer | undefined) => issuer !== undefined && !known.has(issuer.name);
  const { gained, gainedBy, gainedTenant, gainedClaims, lost, lostBy, lostTenant, lostClaims } = change;
  const calls = [
    ...(gained ? [withToken(witness, gained, gainedBy, gainedTenant, gainedClaims)] : []),
    ...(lost ? [isGone(lostBy) ? undefined : withToken(lostWitness, lost, lostBy, lostTenant, lostClaims)] : []),
  ];
  return calls.length > 0 ? calls : [witness];
}

function withToken(
  call: AskedCall,
  scopes: readonly string[],
  issuer: Issuer | undefined,
  tenant: string | undefined,
  claims: AskedCall["claims"],
): AskedCall {
  return { ...call, scopes, issuer: issuer?.name, tenant, claims };
}
