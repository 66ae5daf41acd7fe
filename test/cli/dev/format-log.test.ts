import { describe, expect, it } from "vitest";
import { formatLog } from "../../../src/cli/dev/format-log.ts";

const DECISION = { event: "decision", method: "POST", route: "/orders", client_id: "customer" };

describe("formatLog", () => {
  it.each([
    {
      name: "shows where a permitted request went",
      input: [{ ...DECISION, decision: "allow", status: 201, upstream: "orders" }],
      expected: "allow      201 POST    /orders              customer   -> orders",
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
      expected:
        "deny       403 POST    /orders              customer   scope-insufficient (needs write:orders; has none)",
    },
    {
      name: "shows that a route only reports, where the request went, and why it would be refused",
      input: [
        {
          ...{ ...DECISION, decision: "would-deny", status: 201, upstream: "orders", reason: "scope-insufficient" },
          ...{ required: ["https://api.test/write:orders"], granted: ["https://api.test/read:orders"] },
        },
      ],
      expected:
        "would-deny 201 POST    /orders              customer   -> orders; would be refused: scope-insufficient (needs write:orders; has read:orders)",
    },
    {
      name: "shows which rate limit refused a request",
      input: [
        {
          ...{ ...DECISION, decision: "deny", status: 429, reason: "rate-limited" },
          detail: "The rate limit `writers` is exceeded.",
        },
      ],
      expected:
        "deny       429 POST    /orders              customer   rate-limited (The rate limit `writers` is exceeded.)",
    },
    {
      name: "shows the method and the name of an MCP message",
      input: [
        {
          ...{ ...DECISION, route: "/mcp", decision: "allow", status: 200, upstream: "tools" },
          ...{ mcp_method: "tools/call", mcp_name: "get_order" },
        },
      ],
      expected: "allow      200 POST    /mcp tools/call get_order customer   -> tools",
    },
    {
      name: "shows a refusal that came before there was a route and a client",
      input: [{ event: "decision", method: "GET", decision: "deny", status: 404, reason: "route-unknown" }],
      expected: "deny       404 GET     (no route)           -          route-unknown",
    },
    {
      name: "shows a failure that is no refusal",
      input: [{ ...DECISION, decision: "error", status: 502, reason: "upstream-unreachable", upstream: "orders" }],
      expected: "error      502 POST    /orders              customer   upstream-unreachable",
    },
    {
      name: "shows what failed",
      input: [{ ...DECISION, decision: "error", status: 504, reason: "upstream-timeout", detail: "It took too long." }],
      expected: "error      504 POST    /orders              customer   upstream-timeout (It took too long.)",
    },
    {
      name: "shows for how long a token has been expired",
      input: [{ ...DECISION, decision: "deny", status: 401, reason: "token-expired", expired_seconds: 42 }],
      expected: "deny       401 POST    /orders              customer   token-expired (42 s ago)",
    },
    {
      name: "shows the issuer that nobody knows",
      input: [
        {
          ...{ ...DECISION, client_id: undefined, decision: "deny", status: 401, reason: "issuer-unknown" },
          unverified_iss: "https://other.example",
        },
      ],
      expected: "deny       401 POST    /orders              -          issuer-unknown (iss https://other.example)",
    },
    {
      name: "shows where the candidate policy would refuse",
      input: [
        {
          ...{
            event: "shadow",
            method: "POST",
            route: "/orders",
            client_id: "web",
            decision: "allow",
            upstream: "orders",
          },
          ...{ shadow_route: "/orders", shadow_decision: "deny", shadow_reason: "scope-insufficient" },
        },
      ],
      expected:
        "shadow         POST    /orders              web        allow -> orders; the candidate: deny scope-insufficient",
    },
    {
      name: "shows where it is not known what the candidate policy would do",
      input: [
        {
          ...{ event: "shadow", method: "GET", decision: "deny", reason: "route-unknown" },
          ...{ shadow_route: "/new", shadow_decision: "unknown" },
        },
      ],
      expected: "shadow         GET     /new                 -          deny route-unknown; the candidate: not known",
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
