import { compilePolicy } from "../../policy/compile/compile-policy.ts";
import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import { compileCandidate } from "../../policy/compiled/compile-candidate.ts";
import type { CompiledPolicy } from "../../policy/compiled/compiled-policy.ts";
import { serializePolicy } from "../../policy/compiled/serialize-policy.ts";
import type { Fault } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { placeholders } from "../../policy/source/placeholders.ts";
import { type Result, success } from "../../result.ts";
import type { IssuerSettings } from "../issuer/issuer-settings.ts";
import { planIssuers } from "./plan-issuers.ts";
import { planUpstreams, type UpstreamPlan } from "./plan-upstreams.ts";
import type { RealAddresses, StackSource } from "./stack-source.ts";
import { type StackAddresses, standInVars } from "./stand-in-vars.ts";
import { useRealAddresses } from "./use-real-addresses.ts";

/** What the local stack runs for a policy. */
export interface StackPlan {
  /** The compiled policy, or its faults, with which the gateway serves nothing. */
  readonly policyModule: Result<CompiledPolicy, readonly Fault[]>;
  /** The policy; `undefined`: it has faults. */
  readonly policy: Policy | undefined;
  /** The gateway's vars, stand-ins included. */
  readonly vars: StackSource["vars"];
  /** Names of those vars whose values nothing may print. */
  readonly secret: ReadonlySet<string>;
  /** The policy's file, with the addresses of real services in it. */
  readonly config: unknown;
  /** Those vars that nobody has set. */
  readonly standIns: Readonly<Record<string, string>>;
  /** The issuers that the local issuer plays. */
  readonly issuers: readonly IssuerSettings[];
  readonly upstreams: readonly UpstreamPlan[];
}

/** Plans the stack for a policy. A policy with faults has no issuers and no upstreams. */
export function planStack(source: StackSource, real: RealAddresses, addresses: StackAddresses): StackPlan {
  const config = useRealAddresses(source.config, real);
  const standIns = standInVars({ ...source, config }, addresses);
  const vars = { ...ownVariables(source.candidate), ...source.vars, ...standIns };
  const secret = source.secret ?? new Set();
  const compiled = compilePolicy(config, vars);
  if (!compiled.ok) {
    return { policyModule: compiled, policy: undefined, vars, secret, config, standIns, issuers: [], upstreams: [] };
  }
  const policy = compiled.value;
  // The policy compiled, so its file has this type.
  const file = config as PolicyConfig;
  // A faulty candidate is no reason not to serve: a shadow changes no answer. The gateway logs that it cannot judge.
  const candidate =
    source.candidate === undefined ? undefined : compileCandidate(file, useRealAddresses(source.candidate, real), vars);
  return {
    policyModule: success(serializePolicy(file, policy, candidate?.ok ? candidate.value.compiled : undefined)),
    policy,
    vars,
    secret,
    config,
    standIns,
    issuers: planIssuers(policy, (name) => Object.hasOwn(real.issuers, name)),
    upstreams: planUpstreams(policy, config, (name) => Object.hasOwn(real.upstreams, name)),
  };
}

/** Made-up values for the variables of a candidate. They are enough, because nothing is sent to its upstreams. */
function ownVariables(candidate: unknown): StackSource["vars"] {
  return candidate === undefined ? {} : placeholders(JSON.stringify(candidate));
}
