import { type Result, success } from "../../result.ts";
import { compilePolicy } from "../compile/compile-policy.ts";
import type { PolicyConfig } from "../compile/schema/config-schema.ts";
import type { Fault } from "../fault.ts";
import type { Policy, Requirement, Route } from "../policy.ts";
import type { Column, CompiledCandidate, CompiledPolicy, CompiledRoutes } from "./compiled-policy.ts";
import { serializeMcp } from "./mcp-form.ts";

/**
 * Compiles a parsed `routes.json` for the Worker, or returns every fault in it.
 *
 * @param vars values of the file's variables, used to check them; the result contains none of them
 */
export function compileForWorker(
  config: unknown,
  vars: Readonly<Record<string, unknown>>,
): Result<CompiledPolicy, readonly Fault[]> {
  const policy = compilePolicy(config, vars);
  // The config compiled, so it has the right shape.
  return policy.ok ? success(serializePolicy(config as PolicyConfig, policy.value)) : policy;
}

/**
 * The compiled policy as plain JSON.
 *
 * @param config what the policy was compiled from
 * @param candidate what its `shadow` is compiled to
 */
export function serializePolicy(config: PolicyConfig, policy: Policy, candidate?: CompiledCandidate): CompiledPolicy {
  const { realm, cors, claimHeaders, routes } = policy;
  const requirements = requirementColumn(routes);
  return {
    realm,
    hosts: config.hosts,
    publicUrl: config.publicUrl,
    cors: cors && {
      ...cors,
      origins: cors.origins === "*" ? "*" : [...cors.origins.exact, ...cors.origins.wildcard],
    },
    issuers: servedParts(config.issuers ?? {}),
    grants: grantsOf(policy),
    upstreams: config.upstreams ?? {},
    ...(config.assertion && { assertion: config.assertion }),
    resourceServers: [...policy.resourceServers.values()],
    scopes: [...policy.scopes.byFullName.values()],
    resources: [...policy.resources.values()],
    clients: Array.from(policy.clients.values(), ({ scopes, ...client }) => ({ ...client, scopes: [...scopes] })),
    claimHeaders,
    ...(policy.dpop && { dpop: policy.dpop }),
    ...(policy.mtls && { mtls: policy.mtls }),
    ...(policy.telemetry && { telemetry: policy.telemetry }),
    ...(policy.revocation && { revocation: policy.revocation }),
    ...(policy.shadow !== undefined && { shadow: { file: policy.shadow, ...(candidate && { candidate }) } }),
    routes: {
      paths: routes.map(({ path }) => path),
      methods: column(routes.map(({ methods }) => methods)),
      requirements: requirements.column,
      upstreams: column(routes.map(({ upstream }) => upstream.name)),
      ...(policy.byHost && { hosts: column(config.routes.map(({ hosts }) => hosts ?? NO_HOSTS)) }),
      ...(policy.templates.length > 0 && { upstreamPaths: column(routes.map((route) => route.upstreamPath ?? "")) }),
      ...(policy.hasMessages && { mcp: requirements.mcp }),
      ...(policy.hasReports && { reports: column(routes.map((route) => route.report ?? null)) }),
      ...(policy.rateLimits && { rateLimits: column(routes.map((route) => route.rateLimits ?? null)) }),
    },
  };
}

/** The requirements of all routes. Those of messages follow, and are found by their index. */
function requirementColumn(routes: readonly Route[]): {
  readonly column: Column<Requirement>;
  readonly mcp: CompiledRoutes["mcp"];
} {
  const guarding = routes.flatMap(({ index, mcp }) => (mcp === undefined ? [] : [{ index, mcp }]));
  const messages = guarding.flatMap(({ mcp }) => mcp.requirements);
  const { values, indices } = column([...routes.map(({ requirement }) => requirement), ...messages]);
  const indexOf = new Map(messages.map((requirement, at) => [requirement, indices[routes.length + at] ?? -1]));
  return {
    column: { values, indices: indices.slice(0, routes.length) },
    mcp: Object.fromEntries(
      guarding.map(({ index, mcp }) => [index, serializeMcp(mcp, (requirement) => indexOf.get(requirement) ?? -1)]),
    ),
  };
}

const NO_HOSTS: readonly string[] = [];

/** The Worker needs no reasons of lints, and they must not change the digest. */
export function servedParts(issuers: NonNullable<PolicyConfig["issuers"]>): CompiledPolicy["issuers"] {
  return Object.fromEntries(
    Object.entries(issuers).map(([name, { grants: _grants, lint: _lint, ...issuer }]) => [name, issuer]),
  );
}

function grantsOf({ issuers }: Policy): CompiledPolicy["grants"] {
  const granting = [...issuers.values()].filter(({ grants }) => grants.length > 0);
  if (granting.length === 0) return undefined;
  return Object.fromEntries(
    granting.map(({ name, grants }) => [name, grants.map(({ claim, byValue }) => ({ claim, values: [...byValue] }))]),
  );
}

function column<Value>(all: readonly Value[]): Column<Value> {
  const values: Value[] = [];
  const byText = new Map<string, number>();
  const indexOf = (value: Value): number => {
    const text = JSON.stringify(value);
    const index = byText.get(text) ?? values.push(value) - 1;
    byText.set(text, index);
    return index;
  };
  // Most equal requirements are one object, and the text of one may be long.
  const known = new Map<Value, number>();
  const indices = all.map((value) => {
    const index = known.get(value) ?? indexOf(value);
    known.set(value, index);
    return index;
  });
  return { values, indices };
}
