import { Denial } from "../../../src/answer/denial.ts";
import type { ObservedLine } from "../../../src/cli/replay/observed.ts";
import { nobody } from "../../../src/explain/caller.ts";
import { callerWithClaims } from "../../../src/explain/claims-caller.ts";
import { createGateway } from "../../../src/gateway.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { createDecisionLog } from "../../../src/telemetry/decision-log.ts";
import type { Authenticate } from "../../../src/token/authenticate.ts";
import type { Claims } from "../../../src/token/jws.ts";
import { createWithAuthentication } from "../../../src/token/step-up/with-authentication.ts";

/** A request, with the claims of its token. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** `undefined`: it has no token. */
  readonly claims: Claims | undefined;
}

/** What the gateway did with a request. */
export interface GatewayLine {
  /** As it is written. */
  readonly line: ObservedLine & Readonly<Record<string, unknown>>;
  /** Whether an upstream got the request. */
  readonly wasSent: boolean;
}

const NOW_MS = Date.UTC(2026, 10, 28, 15);

/** Sends a request through the gateway itself, which has no upstream, and returns its line with the path. */
export async function gatewayLine(policy: Policy, { method, path, host, claims }: SentRequest): Promise<GatewayLine> {
  const lines: object[] = [];
  let wasSent = false;
  const caller = claims === undefined ? nobody : callerWithClaims(claims, policy, [...policy.issuers.values()], NOW_MS);
  const authenticate: Authenticate = async (...of) => {
    const found = (await caller.authenticate?.(...of)) ?? new Denial("credentials-missing");
    if (!(found instanceof Denial) || claims === undefined) return found;
    // As for a token whose signature was found valid.
    const [issuer = ""] = policy.issuers.keys();
    const clientId = String(claims["client_id"]);
    return found.of({ isVerified: true, issuer, clientId, subject: undefined, audience: undefined });
  };
  const serve = createGateway({
    policy,
    now: () => NOW_MS,
    version: undefined,
    log: createDecisionLog(
      { allow: 1, deny: 1, path: true },
      { log: (line) => lines.push(line), logFailure: () => {}, bindings: {}, random: () => 0 },
    ),
    withAuthentication: createWithAuthentication(() => NOW_MS),
    authenticate,
    serveEndpoint: (exchange) => exchange.answer(new Response()),
    fetcherOf: () => async () => {
      wasSent = true;
      // The member that responses of Workers have.
      return Object.assign(new Response(), { webSocket: null });
    },
    setOwnHeaders: () => undefined,
    limitPauses: (response) => response,
  });
  const request = new Request(`https://${host}${path}`, {
    headers: { host, ...(claims !== undefined && { authorization: "Bearer assumed" }) },
  });
  // Node refuses some methods.
  await serve(Object.defineProperty(request, "method", { value: method }), () => {});
  return { line: JSON.parse(JSON.stringify(lines[0])), wasSent };
}
