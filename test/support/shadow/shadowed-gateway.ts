import type { Exchange } from "../../../src/exchange.ts";
import createReports from "../../../src/features/report.ts";
import { createGateway } from "../../../src/gateway.ts";
import type { KeyStore } from "../../../src/keys/key-store.ts";
import { buildPolicy } from "../../../src/policy/compiled/build-policy.ts";
import type { BuiltPolicy } from "../../../src/policy/compiled/compiled-policy.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { createShadow, type Shadow, type ShadowParts } from "../../../src/shadow/create-shadow.ts";
import type { Decision } from "../../../src/telemetry/decision.ts";
import { type Authenticate, createAuthenticator } from "../../../src/token/authenticate.ts";
import { compiled } from "../policy/policy-file.ts";
import { NOW_MS } from "../token/tokens.ts";

/** What a gateway did with a request, all that a caller and an upstream see included. */
export interface Outcome {
  readonly answer: string;
  /** Each request to an upstream: its URL, headers and body. */
  readonly reached: readonly string[];
  readonly line: Decision;
  /** The canonical path. */
  readonly path: string | undefined;
  readonly hasReadToken: boolean;
}

/** Sends a request through a gateway with a policy. The shadow is told the decision, as in the Worker. */
export async function sendThrough(
  policy: Policy,
  keys: KeyStore,
  request: Request,
  shadow?: Shadow,
  answer: () => Response = () => new Response("served"),
): Promise<Outcome> {
  const reached: string[] = [];
  let line: Decision | undefined;
  let path: string | undefined;
  let hasReadToken = false;
  const authenticate = createAuthenticator({ policy, keys, now: () => NOW_MS });
  const noting: Authenticate = (...given) => {
    hasReadToken = true;
    return authenticate(...given);
  };
  const serve = createGateway({
    policy,
    now: () => NOW_MS,
    log: (it) => {
      line = it;
    },
    version: undefined,
    authenticate: noting,
    reports: createReports(() => NOW_MS),
    serveEndpoint: (exchange) => exchange.answer(new Response("own endpoint")),
    fetcherOf: () => async (input, init) => {
      const sent = new Request(input, { ...init, ...(input instanceof Request && { duplex: "half" }) });
      reached.push(await textOf(sent.url, sent.headers, sent.text()));
      return answer();
    },
    setOwnHeaders: () => undefined,
    limitPauses: (response) => response,
    onDecision: (exchange: Exchange, denial) => {
      path = exchange.path;
      shadow?.(exchange, denial);
    },
  });
  const response = await serve(request, () => {});
  const text = await textOf(response.status, response.headers, response.text());
  if (line === undefined) throw new Error("The gateway has decided nothing.");
  return { answer: text, reached, line, path, hasReadToken };
}

/** Each request gets a new `traceparent`. */
async function textOf(first: unknown, headers: Headers, body: Promise<string>): Promise<string> {
  return JSON.stringify([first, [...headers].filter(([name]) => name !== "traceparent"), await body]);
}

/** A shadow, and what it has logged. */
export interface NotedShadow {
  readonly shadow: Shadow;
  readonly lines: Readonly<Record<string, unknown>>[];
  readonly failures: Readonly<Record<string, unknown>>[];
  readonly built: BuiltPolicy;
}

/**
 * Makes the shadow of a policy, which notes its lines.
 *
 * @param change changes what the build has written
 */
export async function shadowOf(
  enforced: object,
  candidate: unknown,
  change: (built: BuiltPolicy) => BuiltPolicy = (built) => built,
  parts: Partial<ShadowParts> = {},
): Promise<NotedShadow> {
  const result = await buildPolicy(enforced, {}, candidate);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  const built = change(result.value);
  const lines: NotedShadow["lines"] = [];
  const failures: NotedShadow["failures"] = [];
  const shadow = createShadow(built, {
    policy: compiled(enforced),
    vars: {},
    log: (line) => lines.push({ ...line }),
    logFailure: (line) => failures.push({ ...line }),
    now: () => NOW_MS,
    ...parts,
  });
  return { shadow, lines, failures, built };
}
