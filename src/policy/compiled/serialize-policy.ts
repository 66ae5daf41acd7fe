import { compilePolicy } from "../compile/compile-policy.ts";
import type { PolicyConfig } from "../compile/schema/config-schema.ts";
import type { Fault } from "../fault.ts";
import type { Policy } from "../policy.ts";
import type { Column, CompiledPolicy } from "./compiled-policy.ts";

/**
 * Compiles a parsed `routes.json` into what the Worker is given.
 *
 * @param vars values of the file's variables, for checking only: none of them is in the result
 */
export function compileForWorker(
  file: unknown,
  vars: Readonly<Record<string, unknown>>,
): CompiledPolicy | { readonly faults: readonly Fault[] } {
  const compilation = compilePolicy(file, vars);
  // It compiled, so its shape is right.
  return "faults" in compilation ? compilation : serializePolicy(file as PolicyConfig, compilation.policy);
}

/** @param file what the policy was compiled from */
export function serializePolicy(file: PolicyConfig, policy: Policy): CompiledPolicy {
  const { realm, publicUrl, cors, claimHeaders, routes } = policy;
  return {
    realm,
    publicUrl,
    cors: cors && { ...cors, origins: cors.origins === "*" ? "*" : [...cors.origins] },
    issuers: file.issuers ?? {},
    upstreams: file.upstreams ?? {},
    resourceServers: [...policy.resourceServers.values()],
    scopes: [...policy.scopes.byFullName.values()],
    clients: Array.from(policy.clients.values(), ({ id, scopes }) => ({ id, scopes: [...scopes] })),
    claimHeaders,
    routes: {
      paths: routes.map(({ path }) => path),
      methods: column(routes.map(({ methods }) => methods)),
      requirements: column(routes.map(({ requirement }) => requirement)),
      upstreams: column(routes.map(({ upstream }) => upstream.name)),
    },
  };
}

function column<Value>(all: readonly Value[]): Column<Value> {
  const values: Value[] = [];
  const known = new Map<string, number>();
  const indices = all.map((value) => {
    const text = JSON.stringify(value);
    const index = known.get(text) ?? values.push(value) - 1;
    known.set(text, index);
    return index;
  });
  return { values, indices };
}
