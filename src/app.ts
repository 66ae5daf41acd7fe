import { Hono } from "hono";
import { isPreflight, preflightResponse } from "./answer/cors.ts";
import { Denial } from "./answer/denial.ts";
import { problemResponse } from "./answer/problem.ts";
import { protectedResource } from "./answer/protected-resource.ts";
import type { Env } from "./env.ts";
import type { Exchange } from "./exchange.ts";
import { createGateway } from "./gateway.ts";
import { identifyRequest } from "./http/trace-context.ts";
import { createKeyStore } from "./keys/create-key-store.ts";
import type { KeyStore } from "./keys/key-store.ts";
import type { CompiledPolicy } from "./policy/compiled/compiled-policy.ts";
import { loadCompiledPolicy } from "./policy/compiled/load-compiled-policy.ts";
import { type Fault, formatFault } from "./policy/fault.ts";
import type { ServedPolicy } from "./policy/policy.ts";
import { WELL_KNOWN_PATH } from "./policy/routing/reserved-paths.ts";
import { type Result, success } from "./result.ts";
import { jsonLine, type Log, logToConsole } from "./telemetry/log.ts";
import { createAuthenticator } from "./token/authenticate.ts";

/** The Worker's two handlers. */
export interface App {
  fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response>;
  /** The cron trigger: reads every issuer's keys into KV. */
  scheduled(ctx: ExecutionContext): void;
}

const HEALTH_PATH = "/_gateway/health";
const READY_PATH = "/_gateway/ready";
/** Of all the gateway's own endpoints. */
const OWN_METHODS = "GET, HEAD";

/**
 * Wires the Worker: the policy, the gateway's own endpoints, and everything else through `gateway.ts`. A policy with a
 * fault is never served: every request is answered with `policy-invalid`, and the faults are logged.
 *
 * @param policyModule as the build wrote it, or the result of compiling it at the start
 */
export function createApp(policyModule: CompiledPolicy | Result<CompiledPolicy, readonly Fault[]>, env: Env): App {
  const compiled = "ok" in policyModule ? policyModule : success(policyModule);
  const loaded = compiled.ok ? loadCompiledPolicy(compiled.value, env) : compiled;
  const log: Log = env["DECISION_LOG"] === "off" ? () => {} : logToConsole;
  if (!loaded.ok) return createFaultyApp(loaded.failure, log);
  const policy = loaded.value;
  const now = (): number => Date.now();
  const keys = createKeyStore({
    kv: env.JWKS,
    fetch: (input, init) => fetch(input, init),
    now,
    sleep: (ms) => scheduler.wait(ms),
    log: logToConsole,
    issuers: [...policy.issuers.values()],
  });
  const own = createOwnEndpoints(policy, keys);
  const serve = createGateway({
    policy,
    log,
    version: env.VERSION?.id,
    authenticate: createAuthenticator({ policy, keys, now }),
    serveReserved: (exchange, path, ctx) => own.fetch(exchange.request, { exchange, path }, ctx),
    fetch: (input, init) => fetch(input, init),
  });
  return {
    fetch: (request, requestEnv, ctx) => serve(request, requestEnv, ctx),
    scheduled: (ctx) => ctx.waitUntil(keys.refreshAll((work) => ctx.waitUntil(work))),
  };
}

/** What one of the gateway's own endpoints is given: the exchange, and the canonical path, which is what is routed. */
interface OwnBindings {
  readonly exchange: Exchange;
  readonly path: string;
}

function createOwnEndpoints(policy: ServedPolicy, keys: KeyStore): Hono<{ Bindings: OwnBindings }> {
  const own = new Hono<{ Bindings: OwnBindings }>({ getPath: (_request, options) => options?.env?.path ?? "" });
  own.use(async (c, next) => {
    const { exchange, path } = c.env;
    exchange.pattern = path;
    if (policy.cors === undefined || !isPreflight(exchange.request)) return next();
    return exchange.answer(preflightResponse(exchange.request, OWN_METHODS, policy.cors, () => false));
  });
  own.get(HEALTH_PATH, (c) => c.env.exchange.answer(json({ status: "ok" })));
  own.get(READY_PATH, async (c) =>
    c.env.exchange.answer(await readiness(policy, keys, (work) => c.executionCtx.waitUntil(work))),
  );
  own.on("GET", [WELL_KNOWN_PATH, `${WELL_KNOWN_PATH}/*`], (c) => {
    const { exchange, path } = c.env;
    const metadata = protectedResource(policy, path.slice(WELL_KNOWN_PATH.length), exchange.origin);
    return metadata === undefined ? c.notFound() : exchange.answer(json(metadata));
  });
  own.on("ALL", [HEALTH_PATH, READY_PATH, WELL_KNOWN_PATH, `${WELL_KNOWN_PATH}/*`], (c) =>
    c.env.exchange.refuse(new Denial("method-not-allowed"), { allow: OWN_METHODS }),
  );
  own.notFound((c) => c.env.exchange.refuse(new Denial("route-unknown")));
  own.onError((error, c) => c.env.exchange.fail(error));
  return own;
}

/** Looks every issuer's keys up as a request would. */
async function readiness(
  policy: ServedPolicy,
  keys: KeyStore,
  waitUntil: (work: Promise<unknown>) => void,
): Promise<Response> {
  const issuers = [...policy.issuers.values()];
  await Promise.all(issuers.map((issuer) => keys.of(issuer).ensureLoaded(waitUntil)));
  const report = issuers.map((issuer) => [issuer.name, keys.of(issuer).status()] as const);
  const ready = report.every(([, status]) => status.usable);
  return json({ status: ready ? "ready" : "not-ready", issuers: Object.fromEntries(report) }, ready ? 200 : 503);
}

function createFaultyApp(faults: readonly Fault[], log: Log): App {
  const lines = faults.map(formatFault);
  const logFaults = (): void => console.error(jsonLine({ event: "policy-invalid", faults: lines }));
  logFaults();
  return {
    async fetch(request) {
      const pathname = URL.parse(request.url)?.pathname;
      const { requestId } = identifyRequest(request.headers);
      const own = { "x-request-id": requestId };
      if (pathname === HEALTH_PATH) return json({ status: "ok" }, 200, own);
      if (pathname === READY_PATH) return json({ status: "not-ready", policy: "invalid" }, 503, own);
      const { method } = request;
      log({
        event: "decision",
        request_id: requestId,
        method,
        decision: "deny",
        reason: "policy-invalid",
        status: 500,
      });
      return problemResponse(new Denial("policy-invalid"), { instance: requestId });
    },
    scheduled: logFaults,
  };
}

function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(value, { status, headers: { "cache-control": "no-store", ...headers } });
}
