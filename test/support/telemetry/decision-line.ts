import type { Decision } from "../../../src/telemetry/decision.ts";

/** The line of a permitted request, with some members replaced. */
export function decisionLine(changes: Partial<Decision> = {}): Decision {
  return {
    event: "decision",
    time: "2027-01-15T08:00:00.000Z",
    request_id: "request-1",
    method: "GET",
    route: "/orders/:id",
    decision: "allow",
    reason: undefined,
    detail: undefined,
    status: 200,
    issuer: "https://issuer.example",
    client_id: "app",
    subject: "user-1",
    required: ["read"],
    granted: ["read"],
    upstream: "orders",
    upstream_status: 200,
    duration_ms: 12,
    upstream_ms: 10,
    retried: undefined,
    location_unmapped: undefined,
    key_source: "memory",
    token_cache: "hit",
    cf_ray: undefined,
    version: "version-1",
    ...changes,
  };
}
