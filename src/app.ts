import { Denial } from "./answer/denial.ts";
import { assertionFaults } from "./assertion/assertion-faults.ts";
import { type Assertions, createAssertions } from "./assertion/create-assertions.ts";
import { createEndpoints } from "./endpoints/endpoints.ts";
import { HEALTH_PATH, health } from "./endpoints/health.ts";
import { notReady, READY_PATH } from "./endpoints/ready.ts";
import { type Env, GATEWAY_BINDINGS } from "./env.ts";
import { Exchange, type ExchangeContext } from "./exchange.ts";
import { createGateway } from "./gateway.ts";
import { createKeyStore } from "./keys/key-store.ts";
import type { BuiltPolicy } from "./policy/compiled/compiled-policy.ts";
import { loadCompiledPolicy } from "./policy/compiled/load-compiled-policy.ts";
import { type Fault, formatFault } from "./policy/fault.ts";
import type { ServedPolicy } from "./policy/policy.ts";
import { type Result, success } from "./result.ts";
import { createRevocations, MISSING_REVOCATIONS } from "./revocations/revocation-check.ts";
import { createDecisionLog } from "./telemetry/decision-log.ts";
import type { PolicyInvalidLine } from "./telemetry/lines.ts";
import { jsonLine, type Log, logToConsole, namingPolicy } from "./telemetry/log.ts";
import { missingMetrics } from "./telemetry/metrics.ts";
import { createAuthenticator, type TokenCheck } from "./token/authenticate.ts";
import { createBindingCheck } from "./token/binding/binding-check.ts";
import { createWithAuthentication } from "./token/step-up/with-authentication.ts";
import { createFetcherOf } from "./upstream/fetcher-of.ts";
import { limitPauses } from "./upstream/limit-pauses.ts";
import { missingBindings } from "./upstream/missing-bindings.ts";
import { createOwnHeaders } from "./upstream/own-headers.ts";

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
 */
export function createApp(policyModule: BuiltPolicy | Result<BuiltPolicy, readonly Fault[]>, env: Env): App {
  const built = "ok" in policyModule ? policyModule : success(policyModule);
  const write = built.ok ? namingPolicy(built.value.digest, logToConsole) : logToConsole;
  const now = (): number => Date.now();
  const logging: Logging = {
    log: env.DECISION_LOG === "off" ? () => {} : write,
    now,
    version: env.VERSION?.id,
  };
  if (!built.ok) return createFaultyApp(built.failure, logging);
  const loaded = loadCompiledPolicy(built.value, env);
  if (!loaded.ok) return createFaultyApp(loaded.failure, logging);
  const policy = loaded.value;
  const { telemetry, revocation } = policy;
  const missing = [
    ...missingBindings(policy.upstreams.values(), env, OWN_BINDINGS),
    ...(telemetry === undefined ? [] : missingMetrics(telemetry, env, OWN_BINDINGS)),
    ...(policy.assertion ? assertionFaults(policy.assertion, env, OWN_BINDINGS) : []),
    ...(revocation !== undefined && env.REVOCATIONS === undefined ? [MISSING_REVOCATIONS] : []),
  ];
  if (missing.length > 0) return createFaultyApp(missing, logging);
  const decisionLog =
    telemetry &&
    createDecisionLog(telemetry, { log: logging.log, logFailure: write, bindings: env, random: Math.random });
  const sleep = (ms: number): Promise<void> => scheduler.wait(ms);
  const assertions = policy.assertion && createAssertions(policy.assertion, env, { now, sleep });
  const revocations =
    revocation && env.REVOCATIONS && createRevocations(revocation, { kv: env.REVOCATIONS, now, sleep, log: write });
  const keys = createKeyStore({
    kv: env.JWKS,
    fetch: (input, init) => fetch(input, init),
    now,
    sleep,
    log: write,
    issuers: [...policy.issuers.values()],
  });
  const serve = createGateway({
    ...logging,
    ...(decisionLog && { log: decisionLog }),
    policy,
    authenticate: createAuthenticator({ policy, keys, now }, undefined, [
      ...checksOf(policy),
      // Last, because only this check may have to wait for KV.
      ...(revocations ? [revocations.check] : []),
    ]),
    serveEndpoint: createEndpoints({ policy, keys, digest: built.value.digest, revocations }, assertions?.publicKeys),
    ...(policy.asksForAuthentication && { withAuthentication: createWithAuthentication(now) }),
    fetcherOf: createFetcherOf(policy.upstreams.values(), env, (input, init) => fetch(input, init)),
    setOwnHeaders: createOwnHeaders(env, { now, sleep }),
    assertCaller: assertions?.assertCaller,
    limitPauses,
  });
  const app: App = {
    fetch: (request, ctx) => serve(request, (work) => ctx.waitUntil(work)),
    scheduled: (ctx) => ctx.waitUntil(keys.refreshAll((work) => ctx.waitUntil(work))),
  };
  return assertions === undefined ? app : withCheckedKeys(app, assertions, logging);
}

/** Serves nothing until the keys that sign assertions are known to work. Only the crypto layer knows, and it takes time. */
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

/** What is checked of a verified token on every request, in this order. */
function checksOf(policy: ServedPolicy): readonly TokenCheck[] {
  const binding = createBindingCheck(policy);
  return binding === undefined ? [] : [binding];
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
