import { type Counterexample, issuerOfCaller, type Proof } from "../../../../policy/analysis/proof/proof.ts";
import { prove } from "../../../../policy/analysis/proof/prove.ts";
import { policyOn } from "../../../../policy/analysis/reports.ts";
import type { Policy } from "../../../../policy/policy.ts";
import type { Position } from "../../../../policy/source/locator.ts";
import { placeholders } from "../../../../policy/source/placeholders.ts";
import { decide } from "../../../decide.ts";
import { compileSource, type PolicySource } from "../../../policy-file/policy-source.ts";
import { formatCaller } from "../../../prove/format-proofs.ts";
import type { AskedCall } from "./asked-call.ts";

/** Counterexamples that are shown of one guarantee, as `prove` shows them. */
const MAX_BREACHES = 5;

/** What `prove` says of a guarantee. */
export interface Verdict {
  readonly holds: boolean;
  /** No call is left that it could be about. */
  readonly isIdle: boolean;
  /** It holds only because of the assumption about registrations. */
  readonly isAssumed: boolean;
}

/** A guarantee of the old version, of the new one, or of both. They are the same if their names are. */
export interface GuaranteeChange {
  readonly name: string;
  /** `undefined`: that version does not have it. */
  readonly before: Verdict | undefined;
  readonly after: Verdict | undefined;
  /** In the new version's text; `undefined`: it does not have the guarantee. */
  readonly place: Position | undefined;
  /** The first calls that break it now. */
  readonly breaches: readonly { readonly call: AskedCall; readonly caller: string }[];
  /** How many more break it now. */
  readonly moreBreaches: number;
}

/**
 * Proves the guarantees of both versions, as `prove` does: with made-up values for variables. Those of the new version
 * come first, in the order of the file.
 *
 * @param day in UTC, as `YYYY-MM-DD`
 * @throws InputError a guarantee cannot be decided
 */
export function guaranteeChanges(old: PolicySource, now: PolicySource, day: string): readonly GuaranteeChange[] {
  const proofsOf = (source: PolicySource) => {
    const policy = policyOn(compileSource(source, placeholders(source.text)).policy, day);
    return { policy, proofs: decide(() => prove(policy)) };
  };
  const [before, after] = [proofsOf(old), proofsOf(now)];
  const left = [...before.proofs];
  const takeNamed = (name: string): Proof | undefined => {
    const at = left.findIndex(({ guarantee }) => guarantee.name === name);
    return at === -1 ? undefined : left.splice(at, 1)[0];
  };
  const kept = after.proofs.map((proof): GuaranteeChange => {
    const { name, index } = proof.guarantee;
    const was = takeNamed(name);
    return {
      name,
      before: was && verdictOf(was),
      after: verdictOf(proof),
      place: now.locate(["guarantees", index]),
      breaches: proof.breaches.slice(0, MAX_BREACHES).map((breach) => ({
        call: callOfBreach(breach, after.policy),
        caller: formatCaller(breach, after.policy),
      })),
      moreBreaches: Math.max(0, proof.breaches.length - MAX_BREACHES),
    };
  });
  const gone = left.map(
    (proof): GuaranteeChange => ({
      name: proof.guarantee.name,
      before: verdictOf(proof),
      after: undefined,
      place: undefined,
      breaches: [],
      moreBreaches: 0,
    }),
  );
  return [...kept, ...gone];
}

function verdictOf({ breaches, isIdle, isAssumed }: Proof): Verdict {
  return { holds: breaches.length === 0, isIdle, isAssumed };
}

/** The call of a counterexample. */
export function callOfBreach(
  { method, path, host, mcp, caller, scopes, tenant, claims }: Counterexample,
  policy: Policy,
): AskedCall {
  if (caller.kind === "anonymous") return { method, path, host, mcp };
  return {
    ...{ method, path, host, mcp, scopes, tenant, claims },
    client: caller.kind === "client" ? caller.client.name : undefined,
    issuer: policy.issuers.size > 1 ? issuerOfCaller(caller) : undefined,
  };
}
