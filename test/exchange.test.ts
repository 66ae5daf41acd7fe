import { describe, expect, it, vi } from "vitest";
import { Denial } from "../src/answer/denial.ts";
import { Exchange, type ExchangeContext } from "../src/exchange.ts";
import type { CorsPolicy } from "../src/policy/policy.ts";

const NOW_MS = 1_800_000_000_000;
const CORS: CorsPolicy = { origins: "*", maxAgeSeconds: 600, exposedHeaders: [], credentials: false };

function exchangeWith(changes: Partial<ExchangeContext> = {}, request = new Request("https://gw.example/orders")) {
  const log: Record<string, unknown>[] = [];
  const context: ExchangeContext = {
    policy: {},
    challenge: () => undefined,
    log: (line) => log.push(line as Record<string, unknown>),
    version: "version-1",
    now: () => NOW_MS,
    ...changes,
  };
  return { exchange: new Exchange(request, context), log };
}

describe("an exchange", () => {
  it("knows the gateway's own origin: the one of the policy, or the one of the request", () => {
    expect(exchangeWith().exchange.origin).toBe("https://gw.example");
    expect(exchangeWith({ policy: { publicUrl: "https://api.example" } }).exchange.origin).toBe("https://api.example");
  });

  it("has a URL whose path is no path, if the request has none", () => {
    const request = Object.defineProperty(new Request("https://gw.example"), "url", { value: "*" });
    expect(exchangeWith({}, request).exchange.url.pathname).toBe("invalid");
  });
});

describe("each way to end an exchange logs one line and tells the listener", () => {
  const ends: readonly {
    readonly name: string;
    readonly end: (exchange: Exchange) => Response;
    readonly line: Readonly<Record<string, unknown>>;
  }[] = [
    {
      name: "answer",
      end: (exchange) => exchange.answer(new Response("x", { status: 201 })),
      line: { decision: "allow", status: 201, reason: undefined },
    },
    {
      name: "answerPreflight",
      end: (exchange) => exchange.answerPreflight(new Response(null, { status: 204 })),
      line: { decision: "allow", status: 204, reason: undefined },
    },
    {
      name: "refuse",
      end: (exchange) => exchange.refuse(new Denial("route-unknown", "why")),
      line: { decision: "deny", status: 404, reason: "route-unknown", detail: "why" },
    },
    {
      name: "fail",
      end: (exchange) => exchange.fail(new TypeError("refused Bearer a.b.c")),
      line: { decision: "error", status: 500, reason: "internal-error", detail: "TypeError: refused [token]" },
    },
  ];

  it.each(ends)("$name", async ({ end, line }) => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const onDecision = vi.fn();
    const { exchange, log } = exchangeWith({ onDecision });
    const response = end(exchange);
    logged.mockRestore();
    expect(response.headers.get("x-request-id")).toBe(exchange.identity.requestId);
    expect(log).toEqual([expect.objectContaining({ event: "decision", version: "version-1", ...line })]);
    const { reason } = line;
    const denial = reason === undefined ? undefined : expect.objectContaining({ reason });
    expect(onDecision).toHaveBeenCalledExactlyOnceWith(exchange, denial);
  });
});

it("an answer does not depend on its line: a log that throws changes nothing", async () => {
  const onDecision = vi.fn();
  const log = () => {
    throw new Error("full");
  };
  const { exchange } = exchangeWith({ log, onDecision });
  const response = exchange.refuse(new Denial("route-unknown"));
  expect(response.status).toBe(404);
  expect(onDecision).toHaveBeenCalledOnce();
});

it("the detail of a refusal breaks no line, has no token and is bounded", () => {
  const { exchange, log } = exchangeWith();
  exchange.refuse(new Denial("upstream-unreachable", `a\r\n\u001b[2J Bearer s3cr3t ${"x".repeat(2_000)}`));
  const { detail } = log[0] ?? {};
  expect(detail).toMatch(/^a\\u\{d\}\\u\{a\}\\u\{1b\}\[2J \[token\] x+\.\.\.$/);
  expect(detail).toHaveLength(1_024);
});

describe("the CORS headers of the policy", () => {
  const upstreams = (): Response =>
    new Response("x", { headers: { "access-control-allow-origin": "https://a.example" } });
  const request = new Request("https://gw.example/orders", { headers: { origin: "https://app.example" } });

  it.each([
    { name: "replace those of an answer", end: (it: Exchange) => it.answer(upstreams()), expected: "*" },
    { name: "are on a refusal", end: (it: Exchange) => it.refuse(new Denial("route-unknown")), expected: "*" },
    {
      name: "leave those of a preflight alone",
      end: (it: Exchange) => it.answerPreflight(upstreams()),
      expected: "https://a.example",
    },
  ])("$name", ({ end, expected }) => {
    const { exchange } = exchangeWith({ policy: { cors: CORS } }, request);
    expect(end(exchange).headers.get("access-control-allow-origin")).toBe(expected);
  });

  it("are on no answer if the policy has none", () => {
    const { exchange } = exchangeWith({}, request);
    expect(exchange.answer(upstreams()).headers.get("access-control-allow-origin")).toBe("https://a.example");
  });
});
