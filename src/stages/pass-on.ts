import type { Exchange } from "../exchange.ts";
import type { Route, ServedPolicy, Upstream } from "../policy/policy.ts";
import { logCutOff } from "../telemetry/log.ts";
import { createAddressMaps, hasAddresses } from "../upstream/answer/map-addresses.ts";
import { toClientResponse } from "../upstream/client-response.ts";
import type { UpstreamResponse } from "../upstream/fetcher-of.ts";

/** Cuts off an answer whose body pauses. Passed in, because it needs streams that only workerd has. */
export type LimitPauses = (response: Response, idleTimeoutMs: number, onPause: () => void) => Response;

/** Where the answer comes from, and for whom it is. */
export interface Answered {
  readonly route: Route;
  readonly path: string;
  readonly sentPath: string;
  /** Whether the request had a token, so that the answer may be for its caller only. */
  readonly isProtected: boolean;
}

/** Makes an upstream's answer fit for the client: its headers, its addresses, and how long its body may pause. */
export type PassOn = (exchange: Exchange, answer: UpstreamResponse, answered: Answered) => Response;

/** Makes the end of stage 6. */
export function createPassOn(policy: ServedPolicy, limitPauses: LimitPauses): PassOn {
  const addressMapOf = createAddressMaps(policy);
  return (exchange, answer, { route, path, sentPath, isProtected }) => {
    const { name, originWide, idleTimeoutMs } = route.upstream;
    const isOptional = route.requirement.kind === "optional";
    const isUnenforced = exchange.wouldDeny !== undefined;
    const response = toClientResponse(answer, { isProtected, isUnenforced, isOptional, originWide });
    if (hasAddresses(response.headers)) {
      const { url, origin: gatewayOrigin } = exchange;
      const place = { route, path, sentPath, gatewayOrigin, url };
      exchange.locationUnmapped = addressMapOf(route.upstream)?.(response.headers, place) ?? false;
    }
    if (idleTimeoutMs === undefined) return response;
    // A body of another length would be cut off. Chunks decide how long it is (RFC 9112 6.3), and a bound Worker may
    // keep the length that a body had before the Worker changed it.
    const isUncertain = answer.headers.has("transfer-encoding") || isBound(route.upstream);
    if (isUncertain && response.body !== null) response.headers.delete("content-length");
    const onPause = () => logCutOff(exchange.identity.requestId, name, idleTimeoutMs);
    return limitPauses(response, idleTimeoutMs, onPause);
  };
}

/** Whether answers come through a binding, so that another Worker may have made them. */
function isBound(upstream: Upstream): boolean {
  return upstream.kind === "service" || upstream.via !== undefined;
}
