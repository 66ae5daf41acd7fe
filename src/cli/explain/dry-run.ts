import { Denial } from "../../answer/denial.ts";
import type { Env } from "../../env.ts";
import { createGateway, type GatewayParts } from "../../gateway.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Decision } from "../../telemetry/decision.ts";
import type { Authentication } from "../../token/authenticate.ts";

/** Who is said to call: what the gateway's authentication would give, whatever the request holds. */
export type Authenticate = () => Authentication | Denial | Promise<Authentication | Denial>;

/** A request to be asked about. */
export interface AskedRequest {
  /** As it would be sent: upper or lower case matters. */
  readonly method: string;
  /** Absolute; without a fragment. */
  readonly url: string;
}

/** What the gateway would do with a request. */
export interface DryRun {
  /** The line that it would write to its log. */
  readonly decision: Decision;
  /** Headers of its answer; of a request that is let through, nothing is known of the answer. */
  readonly headers: Headers;
  /** The canonical path, if it is one of the gateway's own endpoints. */
  readonly ownPath: string | undefined;
  /** What would be sent to the upstream, if it came to that. */
  readonly forwarded: Request | undefined;
}

/** Stands in headers for what only a real request has. */
const CALLER_ADDRESS = "(the caller's address)";
const CALLER_CREDENTIALS = "Bearer (the caller's token)";

/**
 * Sends a request through the gateway itself, with nothing behind it: what comes out is not a model of what the Worker
 * does but what it does. Only authentication is given; the network is not touched. Throws what `authenticate` throws.
 */
export async function dryRun(policy: Policy, asked: AskedRequest, authenticate: Authenticate): Promise<DryRun> {
  let decision: Decision | undefined;
  let ownPath: string | undefined;
  let forwarded: Request | undefined;
  let thrown: { readonly error: unknown } | undefined;
  const takeRequest = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    // Without its method: Node refuses some that the gateway lets through.
    forwarded = new Request(input instanceof Request ? input.url : input, { headers: init?.headers ?? {} });
    return emptyResponse();
  };
  const serve = createGateway({
    policy,
    version: undefined,
    log: (line) => {
      decision = line as Decision;
    },
    // The gateway would log an error and answer it: here it is for whoever asked, and no answer to the question.
    authenticate: async () => {
      try {
        return await authenticate();
      } catch (error) {
        thrown = { error };
        return new Denial("keys-unavailable");
      }
    },
    serveReserved: (exchange, path) => {
      ownPath = path;
      return exchange.answer(emptyResponse());
    },
    fetch: takeRequest as GatewayParts["fetch"],
  });
  // Whatever binding an upstream names is there.
  const env = new Proxy({} as Env, { get: () => ({ fetch: takeRequest }) });
  const response = await serve(requestOf(asked), env, { waitUntil: () => {} } as unknown as ExecutionContext);
  if (thrown !== undefined) throw thrown.error;
  if (decision === undefined) throw new Error("The gateway wrote no decision.");
  if (decision.reason === "internal-error") {
    throw new Error(`The gateway failed: ${decision.detail}`);
  }
  return { decision, headers: response.headers, ownPath, forwarded };
}

/** Node refuses some methods and changes the case of others; the gateway has to see them as they were asked about. */
function requestOf({ method, url }: AskedRequest): Request {
  const request = new Request(url, {
    headers: { "cf-connecting-ip": CALLER_ADDRESS, authorization: CALLER_CREDENTIALS },
  });
  return Object.defineProperty(request, "method", { value: method });
}

/** Node's responses lack what the gateway reads of a Worker's. */
function emptyResponse(): Response {
  return Object.defineProperty(new Response(), "webSocket", { value: null });
}
