/** A decision line as the gateway writes it, with other values for some of its members. */
export function decisionLine(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    event: "decision",
    time: "2026-11-28T15:00:00.000Z",
    request_id: "0af7651916cd43dd8448eb211c80319c",
    method: "GET",
    route: "/orders/{id}",
    decision: "allow",
    status: 200,
    issuer: "https://issuer.example",
    client_id: "mobile",
    granted: ["https://api.example/orders/read"],
    upstream: "orders",
    v: 1,
    ...members,
  };
}
