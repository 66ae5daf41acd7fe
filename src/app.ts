import { Denial } from "./answer/denial.ts";
import type { Assertions } from "./assertion/create-assertions.ts";
import { createEndpoints } from "./endpoints/endpoints.ts";
import { HEALTH_PATH, health } from "./endpoints/health.ts";
import { notReady, READY_PATH } from "./endpoints/ready.ts";
import { type Env, GATEWAY_BINDINGS } from "./env.ts";
import { Exchange, type ExchangeContext } from "./exchange.ts";
import { type Features, missingFeatures } from "./features/usage/missing-features.ts";
import { createGateway } from "./gateway.ts";
import { createKeyStore } from "./keys/key-store.ts";
import type { BuiltPolicy } from "./policy/compiled/compiled-policy.ts";
import { loadCompiledPolicy } from "./policy/compiled/load-compiled-policy.ts";
import { type Fault, formatFault } from "./policy/fault.ts";
import { type Result, success } from "./result.ts";
import type { PolicyInvalidLine } from "./telemetry/lines.ts";
import { jsonLine, type Log, logToConsole, namingPolicy } from "./telemetry/log.ts";
import { createAuthenticator } from "./token/authenticate.ts";
import { createFetcherOf } from "./upstream/fetcher-of.ts";
import { missingBindings } from "./upstream/missing-bindings.ts";

/** The Worker's two handlers. */
export interface App {
  fetch(request: Request, ctx: WaitUntilContext): Promise<Response>;
  /** The cron trigger: reads every issuer's keys into KV. */
  scheduled(ctx: WaitUntilContext): void;
}

type WaitUntilContext = Pick<ExecutionContext, "waitUntil">;

/**
 * Wires the Worker: the policy, the keys, the gateway and its own endpoints. Everything of `env` is read here, once. A
 * policy with a fault never serves: every request is refused with `policy-invalid`, and the faults are logged.
 *
 * @param policyModule as the build wrote it, or the result of compiling it at the start
 * @param features the modules that only some policies need. A policy that needs an absent one has a fault.
 */
export function createApp(
  policyModule: BuiltPolicy | Result<BuiltPolicy, readonly Fault[]>,
  env: Env,
  features: Features,
): App {
  const built = "ok" in policyModule ? policyModule : success(policyModule);
  const write = built.ok ? namingPolicy(built.value.digest, logToConsole) : logToConsole;
  const now = (): number => Date.now();
  const logging: Logging = {
    log: env.DECISION_LOG === "off" ? () => {} : write,
    now,
    version: env.VERSION?.id,
  };
  if (!built.ok) return createFaultyApp(built.failure, logging);
  const loaded = loadCompiledPolicy(built.value, env, features);
  if (!loaded.ok) return createFaultyApp(loaded.failure, logging);
  const policy = loaded.value;
  const { dpop, telemetry, assertion, revocation, rateLimits } = policy;
  const missing = [
    ...missingFeatures(policy, features),
    ...missingBindings(policy.upstreams.values(), env),
    ...(features["own-headers"]?.faults(policy.upstreams.values(), env, OWN_BINDINGS) ?? []),
    ...((dpop && features.dpop?.faults(dpop, env, OWN_BINDINGS)) ?? []),
    ...((telemetry && features.telemetry?.faults(telemetry, env, OWN_BINDINGS)) ?? []),
    ...((assertion && features.assertion?.faults(assertion, env, OWN_BINDINGS)) ?? []),
    ...(revocation === undefined ? [] : (features.revocation?.faults(env) ?? [])),
    ...((rateLimits && features["rate-limits"]?.faults(rateLimits, env, OWN_BINDINGS)) ?? []),
  ];
  if (missing.length > 0) return createFaultyApp(missing, logging);
  const decisionLog =
    telemetry &&
    features.telemetry?.create(telemetry, { log: logging.log, logFailure: write, bindings: env, random: Math.random });
  const sleep = (ms: number): Promise<void> => scheduler.wait(ms);
  const assertions = assertion && features.assertion?.create(assertion, env, { now, sleep });
  const revocations =
    revocation &&
    env.REVOCATIONS &&
    features.revocation?.create(revocation, { kv: env.REVOCATIONS, now, sleep, log: write });
  const shadow =
    built.value.shadow &&
    features.shadow?.(built.value, { policy, vars: env, log: logging.log, logFailure: write, now });
  const keys = createKeyStore({
    kv: env.JWKS,
    fetch: (input, init) => fetch(input, init),
    now,
    sleep,
    log: write,
    issuers: [...policy.issuers.values()],
  });
  const stepUp = policy.asksForAuthentication && features["step-up"]?.create(now);
  const proofs = dpop && features.dpop?.create(policy, dpop, env, now);
  // Revocations last, because only this check may have to wait for KV.
  const checks = [features.binding?.(policy, proofs?.check) ?? proofs?.check, revocations?.check].filter(
    (check) => check !== undefined,
  );
  const authenticate = createAuthenticator({ policy, keys, now }, undefined, checks, proofs?.tokenOf);
  const serve = createGateway({
    ...logging,
    ...(decisionLog && { log: decisionLog }),
    ...(shadow && { onDecision: shadow }),
    policy,
    authenticate: proofs?.prepared(authenticate) ?? authenticate,
    proofAnswers: proofs?.answers,
    serveEndpoint: createEndpoints({ policy, keys, digest: built.value.digest, revocations }, assertions?.publicKeys),
    ...(stepUp && { withAuthentication: stepUp }),
    openMessage: features.mcp?.open,
    fetcherOf: createFetcherOf(policy.upstreams.values(), env, (input, init) => fetch(input, init)),
    setOwnHeaders: features["own-headers"]?.create(env, { now, sleep }),
    reports: policy.hasReports && features.report?.(now),
    assertCaller: assertions?.assertCaller,
    rateLimits: rateLimits && features["rate-limits"]?.create({ bindings: env, sleep, log: write }),
    limitPauses: features["idle-timeout"] ?? ((response) => response),
  });
  const app: App = {
    fetch: (request, ctx) => serve(request, (work) => ctx.waitUntil(work)),
    scheduled: (ctx) => ctx.waitUntil(keys.refreshAll((work) => ctx.waitUntil(work))),
  };
  return assertions === undefined ? app : withCheckedKeys(app, assertions, logging);
}

/**
 * Serves nothing until the keys that sign assertions are known to work. Only the crypto layer knows, and it takes time.
 */
function withCheckedKeys(app: App, assertions: Assertions, logging: Logging): App {
  let faulty: App | undefined;
  return {
    async fetch(request, ctx) {
      const fault = faulty === undefined ? await assertions.keyFault() : undefined;
      if (fault !== undefined) faulty ??= createFaultyApp([fault], logging);
      return (faulty ?? app).fetch(request, ctx);
    },
    scheduled: (ctx) => (faulty ?? app).scheduled(ctx),
  };
}

type Logging = Pick<ExchangeContext, "now" | "version"> & { readonly log: Log };

const OWN_BINDINGS: ReadonlySet<string> = new Set(Object.values(GATEWAY_BINDINGS));

/** Serves nothing, and says so: alive, but not ready. The faults are logged at the start and by the cron trigger. */
function createFaultyApp(faults: readonly Fault[], logging: Logging): App {
  const lines = faults.map(formatFault);
  const logFaults = (): void =>
    console.error(jsonLine({ event: "policy-invalid", faults: lines } satisfies PolicyInvalidLine));
  logFaults();
  const context: ExchangeContext = { ...logging, policy: {}, challenge: () => undefined };
  return {
    async fetch(request) {
      const exchange = new Exchange(request, context);
      const { pathname } = exchange.url;
      if (pathname !== HEALTH_PATH && pathname !== READY_PATH) return exchange.refuse(new Denial("policy-invalid"));
      const response = pathname === HEALTH_PATH ? health() : notReady({ policy: "invalid" });
      response.headers.set("x-request-id", exchange.identity.requestId);
      return response;
    },
    scheduled: logFaults,
  };
}
