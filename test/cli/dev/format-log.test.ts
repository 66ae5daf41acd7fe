import { describe, expect, it } from "vitest";
import { formatLog } from "../../../src/cli/dev/format-log.ts";

const DECISION = { event: "decision", method: "POST", route: "/orders", client_id: "customer" };

describe("formatLog", () => {
  it.each([
    {
      name: "shows where a permitted request went",
      input: [{ ...DECISION, decision: "allow", status: 201, upstream: "orders" }],
      expected: "allow 201 POST    /orders              customer   -> orders",
    },
    {
      name: "shows why a request was refused, with short scope names",
      input: [
        {
          ...DECISION,
          decision: "deny",
          status: 403,
          reason: "scope-insufficient",
          required: ["https://api.test/write:orders"],
          granted: [],
        },
      ],
      expected: "deny  403 POST    /orders              customer   scope-insufficient (needs write:orders; has none)",
    },
    {
      name: "shows a refusal that came before there was a route and a client",
      input: [{ event: "decision", method: "GET", decision: "deny", status: 404, reason: "route-unknown" }],
      expected: "deny  404 GET     (no route)           -          route-unknown",
    },
    {
      name: "shows a failure that is no refusal",
      input: [{ ...DECISION, decision: "error", status: 502, reason: "upstream-unreachable", upstream: "orders" }],
      expected: "error 502 POST    /orders              customer   upstream-unreachable",
    },
    {
      name: "leaves everything else as it is",
      input: ["keys", { event: "keys-refreshed", count: 2 }],
      expected: 'gateway log: keys {"event":"keys-refreshed","count":2}',
    },
  ])("$name", ({ input, expected }) => {
    expect(formatLog({ worker: "gateway", level: "log", message: input })).toEqual([expected]);
  });
});
