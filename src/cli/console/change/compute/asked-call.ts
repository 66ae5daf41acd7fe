import type { Message } from "../../../../policy/analysis/messages/message.ts";
import type { Issuer, Policy } from "../../../../policy/policy.ts";
import type { Circumstances, MergedDifference } from "../../../diff/merge-differences.ts";

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
  /** The day (UTC) to ask about, because a route reports until then; left out: that of the console. */
  readonly on?: string | undefined;
  /** The environment of wrangler's file to ask about; left out: that of the console. */
  readonly env?: string | undefined;
}

/** The day and the environment to ask about. */
export type AskedCircumstances = Pick<AskedCall, "on" | "env">;

/** What to ask about a change: its first day, and an environment that has it. The console itself has the top level. */
export function askedCircumstances({ day, environments }: Circumstances): AskedCircumstances {
  return { on: day, env: environments === undefined || environments.includes("") ? undefined : environments[0] };
}

/**
 * The calls that show a change, one for each line of `exampleLines`. `undefined` stands for a call with the token of an
 * issuer that the new policy does not have: nothing can be asked about it.
 */
export function callsOf(change: MergedDifference["routes"][number], after: Policy): readonly (AskedCall | undefined)[] {
  const dated = { ...change.witness, ...askedCircumstances(change) };
  const lostDated = { ...(change.lostWitness ?? change.witness), ...askedCircumstances(change) };
  const names = Array.from(after.issuers.values(), ({ name }) => name);
  const isGone = (issuer: Issuer | undefined) => issuer !== undefined && !names.includes(issuer.name);
  // A token without scopes is told from no token by its issuer.
  const nameOf = (issuer: Issuer | undefined, scopes: readonly string[]) =>
    issuer?.name ?? (scopes.length === 0 ? names[0] : undefined);
  const { gained, gainedBy, gainedTenant, gainedClaims, lost, lostBy, lostTenant, lostClaims } = change;
  const calls = [
    ...(gained
      ? [{ ...dated, scopes: gained, issuer: nameOf(gainedBy, gained), tenant: gainedTenant, claims: gainedClaims }]
      : []),
    ...(lost && isGone(lostBy) ? [undefined] : []),
    ...(lost && !isGone(lostBy)
      ? [{ ...lostDated, scopes: lost, issuer: nameOf(lostBy, lost), tenant: lostTenant, claims: lostClaims }]
      : []),
  ];
  return calls.length > 0 ? calls : [dated];
}
