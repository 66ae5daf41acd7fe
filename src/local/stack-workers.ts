import { JWKS_PATH } from "../endpoints/assertion-jwks.ts";
import { GATEWAY_BINDINGS } from "../env.ts";
import { withDigest } from "../policy/compiled/build-policy.ts";
import type { BuiltPolicy } from "../policy/compiled/compiled-policy.ts";
import type { StackWorker } from "./addresses.ts";
import type { PerWorker } from "./bundle.ts";
import type { LocalWorker, Urls } from "./miniflare.ts";
import type { LocalRoute, RoutingTable } from "./network/routing-table.ts";
import { type OwnWorker, POLICY_MODULE } from "./own-workers.ts";
import { planStack, type StackPlan } from "./plan/plan-stack.ts";
import { EXAMPLE_SERVICES, type ExampleService, isExample } from "./plan/plan-upstreams.ts";
import { membersOf, type RealAddresses, type StackSource, secretNames } from "./plan/stack-source.ts";

/** The gateway's cron trigger in `wrangler.toml`. */
export const GATEWAY_CRON = "*/5 * * * *";
/** The gateway's compatibility flags in `wrangler.toml`. */
export const GATEWAY_FLAGS = ["global_fetch_strictly_public"];

/** Cognito's pool identifiers look like `eu-central-1_aBcDeFgHi`. */
const POOL_ID = "local_pool";

/** Stands for an address before the Workers have one. */
const UNKNOWN_ADDRESS = "http://127.0.0.1:1";

/** What the Workers of a stack are made of. */
export interface StackParts {
  readonly ports: Readonly<Record<StackWorker, number>>;
  readonly scripts: PerWorker<OwnWorker>;
  readonly source: StackSource;
  readonly real: RealAddresses;
  /** The Workers that were stopped for good. */
  readonly stopped: ReadonlySet<StackWorker>;
}

/** The plan of a stack whose Workers have these addresses. */
export function planFor({ source, real }: Pick<StackParts, "source" | "real">, urls: Urls): StackPlan {
  const issuers = Object.entries(membersOf(source.config, "issuers"));
  return planStack(source, real, {
    gateway: urls["gateway"] ?? UNKNOWN_ADDRESS,
    issuer(name) {
      const [, only] = issuers.length === 1 ? (issuers[0] ?? []) : [];
      const path = Reflect.get(Object(only), "profile") === "cognito" ? POOL_ID : encodeURIComponent(name);
      return `${urls["issuer"] ?? UNKNOWN_ADDRESS}/${path}`;
    },
    upstream: (name) => (EXAMPLE_SERVICES.some((it) => it === name) ? urls[name] : undefined),
  });
}

/** The Workers of the stack, for Miniflare. */
export async function stackWorkers(parts: StackParts): Promise<readonly LocalWorker[]> {
  const { ports, scripts, source, stopped } = parts;
  const services = isExample(source.config) ? EXAMPLE_SERVICES : [];
  // The compiled policy does not depend on the addresses: they are in the vars.
  const { policyModule, upstreams } = planFor(parts, {});
  const own: ReadonlySet<string> = new Set(Object.values(GATEWAY_BINDINGS));
  const bindings = upstreams.flatMap(({ binding, via }) => [binding ?? via ?? []].flat()).filter((it) => !own.has(it));
  const stored = secretNames(source.config).filter((name) => source.storedSecrets?.has(name));
  const hasRevocation = policyModule.ok && policyModule.value.revocation !== undefined;
  const remembersProofs = policyModule.ok && policyModule.value.dpop?.replay === "global";
  const workers: readonly LocalWorker[] = [
    {
      name: "gateway",
      script: scripts.gateway,
      port: ports.gateway,
      jsonModules: { [POLICY_MODULE]: policyModule.ok ? await withDigest(policyModule.value) : policyModule },
      vars: (urls) => planFor(parts, urls).vars,
      storedSecrets: { names: stored, worker: NETWORK },
      kv: [GATEWAY_BINDINGS.keys, ...(hasRevocation ? [GATEWAY_BINDINGS.revocations] : [])],
      ...(remembersProofs && { durableObjects: { [GATEWAY_BINDINGS.replay]: "ReplayGuard" } }),
      bindings: {
        ...(policyModule.ok && datasetBinding(policyModule.value.telemetry, own)),
        ...(policyModule.ok && rateLimitBindings(policyModule.value.routes, own)),
        [GATEWAY_BINDINGS.version]: { type: "version-metadata" },
      },
      services: Object.fromEntries(bindings.map((binding) => [binding, NETWORK])),
      outbound: NETWORK,
      compatibilityFlags: GATEWAY_FLAGS,
    },
    {
      name: NETWORK,
      script: scripts.network,
      port: "none",
      vars: (urls) => ({ TABLE: routingTable(planFor(parts, urls)) }),
      services: Object.fromEntries(
        ["issuer", ...services].filter((name) => !isStopped(stopped, name)).map((name) => [name, name]),
      ),
    },
    {
      name: "issuer",
      script: scripts.issuer,
      port: ports.issuer,
      vars: (urls) => ({ ISSUERS: planFor(parts, urls).issuers }),
      d1: ["DB"],
    },
    ...services.map((name) => ({
      name,
      script: scripts[name],
      port: ports[name],
      d1: ["DB"],
      vars: (urls: Urls) => verifierVars(planFor(parts, urls), name, urls),
    })),
  ];
  return workers.filter(({ name }) => !isStopped(stopped, name));
}

/** A dataset that takes every data point and keeps none. */
function datasetBinding(
  telemetry: BuiltPolicy["telemetry"],
  own: ReadonlySet<string>,
): NonNullable<LocalWorker["bindings"]> {
  const metrics = telemetry?.metrics;
  return metrics === undefined || own.has(metrics) ? {} : { [metrics]: { type: "analytics-engine-dataset" } };
}

/** Rate limits with the numbers of the policy. Miniflare counts them as Cloudflare does, for this machine. */
function rateLimitBindings(
  { rateLimits }: BuiltPolicy["routes"],
  own: ReadonlySet<string>,
): NonNullable<LocalWorker["bindings"]> {
  return Object.fromEntries(
    (rateLimits?.values ?? [])
      .flatMap((limits) => limits ?? [])
      .filter(({ binding }) => !own.has(binding))
      .map(({ binding, limit, periodSeconds }) => [
        binding,
        { type: "rate-limit", namespace: binding, simple: { limit, period: periodSeconds } } as const,
      ]),
  );
}

/**
 * What a service verifies assertions with; empty: its requests have none. The services' verifier knows ES256 and bound
 * requests only, so for other assertions the service trusts its headers.
 */
function verifierVars({ policy }: StackPlan, name: ExampleService, urls: Urls): Readonly<Record<string, object>> {
  const assertion = policy?.assertion;
  if (assertion === undefined || policy?.upstreams.get(name)?.assertion !== true) return {};
  const { issuer, trustDomain, algorithm, bindsRequest } = assertion;
  if (!bindsRequest || algorithm !== "ES256") return {};
  const jwksUrl = `${urls["gateway"] ?? UNKNOWN_ADDRESS}${JWKS_PATH}`;
  return { ASSERTION: { issuer, trustDomain, jwksUrl } };
}

const NETWORK = "network";

function isStopped(stopped: ReadonlySet<string>, name: string): boolean {
  return stopped.has(name);
}

function routingTable({ issuers, upstreams, vars }: StackPlan): RoutingTable {
  return {
    keySets: issuers.map(({ jwksUri }) => jwksUri),
    upstreams: upstreams.flatMap(({ name, address, origin, binding, via, standIn, secrets }): readonly LocalRoute[] => {
      if (standIn === undefined) return [];
      const known = secrets.map(({ header, secret }) => ({ header, value: String(vars[secret]) }));
      const place = { ...(origin && { origin }), ...(binding && { binding }), ...(via && { via }) };
      return [{ name, address, standIn, ...place, secrets: known }];
    }),
  };
}
