import { Hono } from "hono/tiny";
import { isPreflight, preflightResponse } from "../answer/cors.ts";
import { Denial } from "../answer/denial.ts";
import type { Assertions } from "../assertion/create-assertions.ts";
import type { Exchange } from "../exchange.ts";
import type { WaitUntil } from "../keys/key-io.ts";
import { WELL_KNOWN_PATH } from "../policy/routing/reserved-paths.ts";
import { assertionJwks, JWKS_PATH } from "./assertion-jwks.ts";
import { HEALTH_PATH, health } from "./health.ts";
import { jsonResponse } from "./json-response.ts";
import { protectedResource, resourcesAt } from "./protected-resource.ts";
import { READY_PATH, type Readiness, ready } from "./ready.ts";

/** What every endpoint serves, for `Allow`. */
const GATEWAY_ENDPOINT_METHODS = "GET, HEAD";

/** One request. Hono takes it as the environment of a call. */
interface Call {
  readonly exchange: Exchange;
  readonly path: string;
  readonly waitUntil: WaitUntil;
}

type Endpoints = Hono<{ readonly Bindings: Call }>;

/**
 * Makes the endpoints under the reserved paths: health, readiness, protected resource metadata, and the keys of
 * assertions if there are any. The returned function answers one request, by its canonical path, and ends the exchange.
 *
 * @param assertionKeys the keys that upstreams verify assertions with; left out: the policy has none
 */
export function createEndpoints(
  readiness: Readiness,
  assertionKeys?: Assertions["publicKeys"],
): (exchange: Exchange, path: string, waitUntil: WaitUntil) => Response | Promise<Response> {
  let endpoints: Endpoints | undefined;
  return (exchange, path, waitUntil) => {
    // Most isolates never answer here. Their start, which the first request for a route waits for, does not pay for it.
    endpoints ??= routeEndpoints(readiness, assertionKeys);
    return endpoints.fetch(exchange.request, { exchange, path, waitUntil });
  };
}

function routeEndpoints(readiness: Readiness, assertionKeys?: Assertions["publicKeys"]): Endpoints {
  const { policy } = readiness;
  const endpoints: Endpoints = new Hono({
    // The canonical path, never the request's own: its spelling could lead Hono to another endpoint.
    getPath: (_request, options) => options?.env?.path ?? "",
  });
  const unknown = ({ exchange }: Call): Response => exchange.refuse(new Denial("route-unknown"));
  const preflight = ({ exchange }: Call): Response | undefined => {
    const { request } = exchange;
    if (policy.cors === undefined || !isPreflight(request)) return undefined;
    return exchange.answerPreflight(preflightResponse(request, GATEWAY_ENDPOINT_METHODS, policy.cors, () => false));
  };

  /**
   * Serves the paths of a pattern for which `isServed` holds. Each path has this one handler: Hono would need more time
   * and code for a chain of them, and the first answer of a Worker is often that of an endpoint.
   */
  const serve = (
    pattern: string,
    isServed: (call: Call) => boolean,
    answer: (call: Call) => Response | Promise<Response>,
  ): void => {
    endpoints.all(pattern, ({ env: call }) => {
      const { exchange, path } = call;
      const isKnown = isServed(call);
      // The log has the pattern. Any other path is the caller's text: it may hold a token, and there is no end of them.
      if (isKnown) exchange.pattern = path;
      const allowed = preflight(call);
      if (allowed !== undefined) return allowed;
      // Hono's router serves `/x/` like `/x`. To the gateway they are two paths. Only a resource's path can end so.
      if (path.endsWith("/") && !isKnown) return unknown(call);
      if (exchange.method !== "GET" && exchange.method !== "HEAD") {
        return exchange.refuse(new Denial("method-not-allowed"), { allow: GATEWAY_ENDPOINT_METHODS });
      }
      return isKnown ? answer(call) : unknown(call);
    });
  };
  const serveAt = (own: string, answer: (call: Call) => Response | Promise<Response>): void =>
    serve(own, ({ path }) => path === own, answer);

  serveAt(HEALTH_PATH, ({ exchange }) => exchange.answer(health()));
  serveAt(READY_PATH, async ({ exchange, waitUntil }) => exchange.answer(await ready(readiness, waitUntil)));
  serve(
    `${WELL_KNOWN_PATH}/*`,
    ({ exchange, path }) => resourcesAt(policy, exchange.origin).has(resourcePathIn(path)),
    ({ exchange, path }) =>
      exchange.answer(jsonResponse(protectedResource(policy, resourcePathIn(path), exchange.origin))),
  );
  if (assertionKeys !== undefined) {
    serveAt(JWKS_PATH, async ({ exchange }) => {
      const keys = await assertionKeys();
      return keys instanceof Denial ? exchange.refuse(keys) : exchange.answer(assertionJwks(keys));
    });
  }
  endpoints.notFound(({ env: call }) => preflight(call) ?? unknown(call));
  endpoints.onError((error, { env: { exchange } }) => exchange.fail(error));
  return endpoints;
}

/** The path of a protected resource in the path of its metadata (RFC 9728 3.1). */
function resourcePathIn(path: string): string {
  return path.slice(WELL_KNOWN_PATH.length);
}
