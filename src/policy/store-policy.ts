import { compilePolicy } from "./compile.ts";
import type { Fault } from "./fault.ts";
import type { Policy } from "./policy.ts";
import type { PolicyFile } from "./schema.ts";
import type { Shared, StoredPolicy } from "./stored-policy.ts";

/**
 * Compiles a parsed `routes.json` into what the Worker is given.
 *
 * @param vars values for the file's variables; they are checked with, and are not in the result
 */
export function compileForWorker(
  file: unknown,
  vars: Readonly<Record<string, unknown>>,
): StoredPolicy | { readonly faults: readonly Fault[] } {
  const compilation = compilePolicy(file, vars);
  // It compiled, so its shape is right.
  return "faults" in compilation ? compilation : storePolicy(file as PolicyFile, compilation.policy);
}

/** @param file what the policy was compiled from */
export function storePolicy(file: PolicyFile, policy: Policy): StoredPolicy {
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
      methods: share(routes.map(({ methods }) => methods)),
      requirements: share(routes.map(({ requirement }) => requirement)),
      upstreams: share(routes.map(({ upstream }) => upstream.name)),
    },
  };
}

function share<Value>(all: readonly Value[]): Shared<Value> {
  const values: Value[] = [];
  const known = new Map<string, number>();
  const places = all.map((value) => {
    const text = JSON.stringify(value);
    const place = known.get(text) ?? values.push(value) - 1;
    known.set(text, place);
    return place;
  });
  return { values, places };
}
