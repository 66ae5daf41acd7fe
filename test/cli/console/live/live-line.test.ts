import { describe, expect, it } from "vitest";
import { liveLines } from "../../../../src/cli/console/live/live-line.ts";
import { decisionLine } from "../../../support/decisions/decision-lines.ts";
import { compiled } from "../../../support/policy/policy-file.ts";

const POLICY = compiled({
  issuers: { main: { profile: "rfc9068", issuer: "https://issuer.example", audiences: ["https://api.example"] } },
  resourceServers: { "https://api.example": { scopes: { read: "Read", write: "Write" } } },
  upstreams: { orders: { url: "https://orders.example" } },
  clients: { mobile: { id: "4k2j", name: "Mobile app", scopes: ["read"] } },
  routes: [{ path: "/orders/:id", methods: ["GET"], scopes: ["read"], upstream: "orders" }],
});

function shown(line: object | string, worker = "gateway") {
  const [live] = liveLines(
    [{ id: 7, atMs: Date.UTC(2026, 10, 28), log: { worker, level: "log", message: [line] } }],
    POLICY,
  );
  return live;
}

describe("liveLines", () => {
  it("shows a decision with the name that the client has in the policy", () => {
    const line = decisionLine({ route: "/orders/:id", client_id: "4k2j", granted: ["read"] });
    expect(shown(line)).toEqual({
      id: 7,
      kind: "allow",
      time: "2026-11-28T15:00:00.000Z",
      status: "200",
      target: "GET /orders/:id",
      client: "mobile (Mobile app), 4k2j",
      reason: "",
      outcome: "-> orders",
      why: {
        href: "/why?method=GET&path=/orders/%7Eany%7E&client=mobile&scope=read",
        assumed: "the path /orders/~any~",
      },
    });
  });

  it.each([
    {
      name: "a refusal",
      line: decisionLine({
        decision: "deny",
        status: 403,
        reason: "scope-insufficient",
        required: ["read"],
        granted: [],
      }),
      expected: {
        kind: "deny",
        status: "403",
        reason: "scope-insufficient",
        outcome: "scope-insufficient (needs read; has none)",
      },
    },
    {
      name: "a refusal that is only reported",
      line: decisionLine({ decision: "would-deny", reason: "condition-not-met" }),
      expected: {
        kind: "would-deny",
        reason: "condition-not-met",
        outcome: "-> orders; would be refused: condition-not-met",
      },
    },
    {
      name: "an error of the gateway",
      line: decisionLine({ decision: "error", status: 502, reason: "upstream-unreachable" }),
      expected: { kind: "error", status: "502", reason: "upstream-unreachable" },
    },
    {
      name: "an MCP message",
      line: decisionLine({ route: "/mcp", mcp_method: "tools/call", mcp_name: "refund" }),
      expected: { kind: "allow", target: "GET /mcp tools/call refund" },
    },
    {
      name: "a disagreement of the candidate",
      line: {
        ...{ event: "shadow", request_id: "r", method: "GET", route: "/orders", decision: "allow", upstream: "orders" },
        ...{ shadow_decision: "deny", shadow_reason: "scope-insufficient" },
      },
      expected: {
        kind: "shadow",
        target: "GET /orders",
        reason: "scope-insufficient",
        outcome: "allow -> orders; the candidate: deny scope-insufficient",
      },
    },
    {
      name: "a change of an issuer's keys",
      line: {
        event: "keys",
        issuer: "main",
        change: "refreshed",
        source: "issuer",
        keys: 2,
        fetched_at: "2026-11-27T23:59:58.000Z",
        v: 1,
      },
      expected: {
        kind: "event",
        time: "2026-11-28T00:00:00.000Z",
        target: "keys refreshed",
        outcome: "main: The gateway uses 2 keys from the issuer, fetched at 2026-11-27 23:59:58.",
      },
    },
    {
      name: "an issuer that cannot be read",
      line: {
        ...{ event: "keys", issuer: "main", change: "refresh-failed", code: "jwks-unreachable" },
        ...{ message: "The issuer cannot be reached.", cause: "ECONNREFUSED", jwks_uri: "https://issuer.example/jwks" },
      },
      expected: {
        ...{ kind: "event", target: "keys refresh-failed", reason: "jwks-unreachable" },
        outcome: "main: The issuer cannot be reached. ECONNREFUSED",
      },
    },
    {
      name: "a change of keys that it does not know, with its members",
      line: { event: "keys", issuer: "main", change: "melted", code: "hot" },
      expected: { kind: "event", target: "keys melted", reason: "hot", outcome: "issuer=main  code=hot" },
    },
    {
      name: "an answer that was cut off",
      line: { event: "body-cut-off", request_id: "r", upstream: "orders", idle_timeout_ms: 10 },
      expected: { kind: "event", target: "body-cut-off", outcome: "request_id=r  upstream=orders  idle_timeout_ms=10" },
    },
    {
      name: "an exception that left the Worker",
      line: "TypeError: no",
      expected: { kind: "event", target: "log", outcome: "TypeError: no" },
    },
    {
      name: "a line in a form that it does not know, without guessing",
      line: decisionLine({ v: 99 }),
      expected: { kind: "event", target: "decision", status: "" },
    },
  ])("shows $name", ({ line, expected }) => {
    expect(shown(line)).toMatchObject(expected);
  });

  it("leaves out what other Workers log: they could write what looks like a decision", () => {
    expect(shown(decisionLine({}), "orders")).toBeUndefined();
  });

  it.each(["\u001b[2J", "\u202e", "\u0007", "\n"])("writes %j in a value as an escape", (character) => {
    const line = decisionLine({ client_id: `a${character}b`, reason: `r${character}`, route: `/${character}` });
    const all = JSON.stringify({ ...shown(line), why: undefined });
    expect(all).not.toContain(JSON.stringify(character).slice(1, -1));
    expect(all).toContain("u{");
  });

  it.each([
    { name: "just not cut", length: 2_048, expected: 2_048 },
    { name: "cut, if it is one longer", length: 2_049, expected: 2_051 },
  ])("has texts of at most 2,048 characters: $name", ({ length, expected }) => {
    expect(shown("x".repeat(length))?.outcome).toHaveLength(expected);
  });
});
