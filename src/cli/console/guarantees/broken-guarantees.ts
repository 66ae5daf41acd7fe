import { prove } from "../../../policy/analysis/proof/prove.ts";
import { policyOn } from "../../../policy/analysis/reports.ts";
import { placeholders } from "../../../policy/source/placeholders.ts";
import { ExpectedError } from "../../args/exit-code.ts";
import { decide } from "../../decide.ts";
import { compileSource, parsePolicySource } from "../../policy-file/policy-source.ts";
import { formatCaller } from "../../prove/format-proofs.ts";
import type { AskedCall } from "../change/compute/asked-call.ts";
import { callOfBreach } from "../change/compute/guarantee-changes.ts";

/** A policy whose guarantees are asked for. Plain data, so that it can be sent to a thread. */
export interface GuaranteesQuestion {
  /** The name of the policy, as the user gave it. */
  readonly policyName: string;
  readonly text: string;
  /** In UTC, as `YYYY-MM-DD`. */
  readonly day: string;
}

/** A guarantee that the policy breaks, and the first call that shows it. */
export interface BrokenGuarantee {
  readonly name: string;
  readonly call: AskedCall;
  readonly caller: string;
}

/** The guarantees that the policy breaks, or the lines that say why they cannot be decided. */
export type GuaranteesAnswer = readonly BrokenGuarantee[] | { readonly undecided: readonly string[] };

/** Proves the guarantees of a policy, as `prove` and `check` do: with made-up values for variables. */
export function brokenGuarantees({ policyName, text, day }: GuaranteesQuestion): GuaranteesAnswer {
  try {
    const source = parsePolicySource(policyName, text);
    const policy = policyOn(compileSource(source, placeholders(source.text)).policy, day);
    return decide(() => prove(policy)).flatMap(({ guarantee, breaches: [breach] }) => {
      if (breach === undefined) return [];
      return [{ name: guarantee.name, call: callOfBreach(breach, policy), caller: formatCaller(breach, policy) }];
    });
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { undecided: error.lines };
  }
}
