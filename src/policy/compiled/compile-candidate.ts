import { failure, type Result, success } from "../../result.ts";
import { compilePolicy } from "../compile/compile-policy.ts";
import type { PolicyConfig } from "../compile/schema/config-schema.ts";
import type { Fault } from "../fault.ts";
import type { Policy } from "../policy.ts";
import type { CompiledCandidate } from "./compiled-policy.ts";
import { canonicalJson } from "./policy-digest.ts";
import { serializePolicy, servedParts } from "./serialize-policy.ts";

/** A candidate policy, and the form in which the policy that names it carries it. */
export interface Candidate {
  readonly policy: Policy;
  readonly compiled: CompiledCandidate;
}

/**
 * Compiles the candidate that a policy names as its `shadow`, or returns every fault in it. It is a whole policy, with
 * two rules more. Its issuers are those of the policy, as they are written: a token that one of the two refuses before
 * its scopes count is then refused by the other, too, so one verification is enough. Only `grants` and `lint` may
 * differ. And it has no shadow of its own.
 *
 * @param config the policy that names the candidate. It must be valid.
 * @param candidate the parsed file
 * @param vars the Worker's vars
 */
export function compileCandidate(
  config: PolicyConfig,
  candidate: unknown,
  vars: Readonly<Record<string, unknown>>,
): Result<Candidate, readonly Fault[]> {
  const policy = compilePolicy(candidate, vars);
  if (!policy.ok) return policy;
  // It compiled, so it has this type.
  const file = candidate as PolicyConfig;
  const faults = [...differentIssuers(config.issuers ?? {}, file.issuers ?? {}), ...(file.shadow ? [NESTED] : [])];
  if (faults.length > 0) return failure(faults);
  const { issuers: _, shadow: __, ...compiled } = serializePolicy(file, policy.value);
  return success({ policy: policy.value, compiled });
}

const NESTED: Fault = {
  path: ["shadow"],
  message: "A shadow has no shadow of its own.",
  hint: "Remove `shadow` from this file.",
};

type IssuerConfigs = NonNullable<PolicyConfig["issuers"]>;

function differentIssuers(ours: IssuerConfigs, theirs: IssuerConfigs): readonly Fault[] {
  const [known, found] = [servedParts(ours), servedParts(theirs)];
  const hint = "Write the issuers as in the policy. Only their `grants` and `lint` may differ.";
  return [
    ...Object.keys(found)
      .filter((name) => !Object.hasOwn(known, name) || canonicalJson(known[name]) !== canonicalJson(found[name]))
      .map((name) => {
        const what = Object.hasOwn(known, name) ? "differs from that of" : "is not an issuer of";
        return {
          path: ["issuers", name],
          message: `The issuer \`${name}\` ${what} the policy that has this shadow.`,
          hint,
        };
      }),
    ...Object.keys(known)
      .filter((name) => !Object.hasOwn(found, name))
      .map((name) => ({ path: ["issuers"], message: `The issuer \`${name}\` of the policy is missing.`, hint })),
  ];
}
