import { compilePolicy } from "../../policy/compile/compile-policy.ts";
import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import type { CompiledPolicy } from "../../policy/compiled/compiled-policy.ts";
import { serializePolicy } from "../../policy/compiled/serialize-policy.ts";
import type { Fault } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
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
  const vars = { ...source.vars, ...standIns };
  const secret = source.secret ?? new Set();
  const compiled = compilePolicy(config, vars);
  if (!compiled.ok) {
    return { policyModule: compiled, policy: undefined, vars, secret, config, standIns, issuers: [], upstreams: [] };
  }
  const policy = compiled.value;
  return {
    // The policy compiled, so its file has this type.
    policyModule: success(serializePolicy(config as PolicyConfig, policy)),
    policy,
    vars,
    secret,
    config,
    standIns,
    issuers: planIssuers(policy, (name) => Object.hasOwn(real.issuers, name)),
    upstreams: planUpstreams(policy, config, (name) => Object.hasOwn(real.upstreams, name)),
  };
}
