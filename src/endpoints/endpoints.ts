import { Hono } from "hono/tiny";
import { isPreflight, preflightResponse } from "../answer/cors.ts";
import { Denial } from "../answer/denial.ts";
import type { Assertions } from "../assertion/create-assertions.ts";
import type { Exchange } from "../exchange.ts";
import type { WaitUntil } from "../keys/key-io.ts";
import type { ServedPolicy } from "../policy/policy.ts";
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

/** What Hono knows of a call. */
interface EndpointEnv {
  readonly Bindings: Call;
  readonly Variables: Pick<Call, "exchange">;
}

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
  let endpoints: Hono<EndpointEnv> | undefined;
  return (exchange, path, waitUntil) => {
    // Most isolates never answer here. Their start, which the first request for a route waits for, does not pay for it.
    endpoints ??= routeEndpoints(readiness, assertionKeys);
    return endpoints.fetch(exchange.request, { exchange, path, waitUntil });
  };
}

function routeEndpoints(readiness: Readiness, assertionKeys?: Assertions["publicKeys"]): Hono<EndpointEnv> {
  const { policy } = readiness;
  const own = [HEALTH_PATH, READY_PATH, ...(assertionKeys === undefined ? [] : [JWKS_PATH])];
  const endpoints = new Hono<EndpointEnv>({
    // The canonical path, never the request's own: its spelling could lead Hono to another endpoint.
    getPath: (_request, options) => options?.env?.path ?? "",
  });
  endpoints.use(async (c, next) => {
    const { exchange, path } = c.env;
    c.set("exchange", exchange);
    const isKnown = own.includes(path) || isMetadataPath(policy, path, exchange.origin);
    // The log has the pattern. Any other path is the caller's text: it may hold a token, and there is no end of them.
    if (isKnown) exchange.pattern = path;
    if (policy.cors === undefined || !isPreflight(exchange.request)) {
      // Hono's router serves `/x/` like `/x`. To the gateway they are two paths. Only a resource's path can end so.
      return path.endsWith("/") && !isKnown ? c.notFound() : next();
    }
    return exchange.answerPreflight(
      preflightResponse(exchange.request, GATEWAY_ENDPOINT_METHODS, policy.cors, () => false),
    );
  });
  endpoints.get(HEALTH_PATH, (c) => c.var.exchange.answer(health()));
  endpoints.get(READY_PATH, async (c) => c.var.exchange.answer(await ready(readiness, c.env.waitUntil)));
  endpoints.on("GET", [WELL_KNOWN_PATH, `${WELL_KNOWN_PATH}/*`], (c) => {
    const { exchange } = c.var;
    const metadata = protectedResource(policy, resourcePathIn(c.env.path), exchange.origin);
    return metadata === undefined ? c.notFound() : exchange.answer(jsonResponse(metadata));
  });
  if (assertionKeys !== undefined) {
    endpoints.get(JWKS_PATH, async (c) => {
      const keys = await assertionKeys();
      const { exchange } = c.var;
      return keys instanceof Denial ? exchange.refuse(keys) : exchange.answer(assertionJwks(keys));
    });
  }
  endpoints.on("ALL", [...own, WELL_KNOWN_PATH, `${WELL_KNOWN_PATH}/*`], (c) =>
    c.var.exchange.refuse(new Denial("method-not-allowed"), { allow: GATEWAY_ENDPOINT_METHODS }),
  );
  endpoints.notFound((c) => c.var.exchange.refuse(new Denial("route-unknown")));
  endpoints.onError((error, c) => c.env.exchange.fail(error));
  return endpoints;
}

/** Whether a path is that of the metadata of a protected resource. */
function isMetadataPath(policy: ServedPolicy, path: string, origin: string): boolean {
  return path.startsWith(WELL_KNOWN_PATH) && resourcesAt(policy, origin).has(resourcePathIn(path));
}

/** The path of a protected resource in the path of its metadata (RFC 9728 3.1). */
function resourcePathIn(path: string): string {
  return path.slice(WELL_KNOWN_PATH.length);
}
