import { describe, expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { Exchange } from "../../src/exchange.ts";
import { createCanonicalize } from "../../src/stages/canonicalize.ts";
import { createMatchRoute } from "../../src/stages/match.ts";
import { createPrepare } from "../../src/stages/prepare.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

const POLICY = compiled(
  policyFileWith({
    hosts: ["gw.example"],
    routes: [{ path: "/orders/:id", methods: ["GET"], public: true, upstream: "orders" }],
  }),
);

function exchangeTo(url: string, init: RequestInit = {}): Exchange {
  const context = { policy: {}, challenge: () => undefined, log: () => {}, version: undefined, now: () => 0 };
  return new Exchange(new Request(url, init), context);
}

describe("stage 1", () => {
  const canonicalize = createCanonicalize(POLICY);

  it.each([
    { url: "https://gw.example/orders/%37", expected: "/orders/7" },
    { url: "https://gw.example/_gateway/health", expected: "/_gateway/health" },
  ])("gives $url the one spelling $expected", ({ url, expected }) => {
    expect(canonicalize(exchangeTo(url))).toBe(expected);
  });

  it.each([
    { name: "an encoded slash", url: "https://gw.example/orders%2F7", reason: "path-ambiguous" },
    { name: "another host", url: "https://other.example/orders/7", reason: "host-unknown" },
    { name: "a path in Host", url: "https://gw.example/orders/7", host: "gw.example/x", reason: "path-ambiguous" },
    { name: "a path that is too long", url: `https://gw.example/${"x".repeat(9000)}`, reason: "path-too-long" },
  ])("refuses $name", ({ url, host, reason }) => {
    expect(canonicalize(exchangeTo(url, host === undefined ? {} : { headers: { host } }))).toMatchObject({ reason });
  });
});

describe("stage 2", () => {
  const matchRoute = createMatchRoute(POLICY);

  it("finds the route, and notes it in the exchange", () => {
    const exchange = exchangeTo("https://gw.example/orders/7");
    expect(matchRoute(exchange, "/orders/7")).toMatchObject({ route: { path: "/orders/:id" } });
    expect(exchange).toMatchObject({ pattern: "/orders/:id", route: { path: "/orders/:id" } });
  });

  it.each([
    { name: "a path that no route has", path: "/other", status: 404 },
    { name: "path parameters, which the upstream does not take", path: "/orders/7;v=1", status: 400 },
    { name: "a method that the path lacks", path: "/orders/7", method: "PUT", status: 405 },
  ])("answers $name", ({ path, method = "GET", status }) => {
    const answer = matchRoute(exchangeTo(`https://gw.example${path}`, { method }), path);
    expect(answer).toBeInstanceOf(Response);
    expect(answer).toMatchObject({ status });
  });
});

describe("stage 5", () => {
  const exchange = exchangeTo("https://gw.example/orders/7", {
    headers: { "x-auth-subject": "forged", accept: "a/b" },
  });
  const match = createMatchRoute(POLICY)(exchange, "/orders/7");
  if (match instanceof Response) throw new Error("no route");

  it("strips what callers must not send", async () => {
    const prepared = await createPrepare(POLICY, {})(exchange, match, "/orders/7", undefined);
    if (prepared instanceof Response) throw new Error("refused");
    expect(prepared.sentPath).toBe("/orders/7");
    expect(prepared.headers.get("x-auth-subject")).toBeNull();
    expect(prepared.headers.get("accept")).toBe("a/b");
  });

  it("sends nothing if the upstream's own headers cannot be set", async () => {
    const upstream = { ...match.route.upstream, headers: [{ header: "x-key", value: { kind: "text", text: "k" } }] };
    const own = { ...match, route: { ...match.route, upstream: upstream as typeof match.route.upstream } };
    const setOwnHeaders = () => new Denial("upstream-unreachable", "no secret");
    expect(await createPrepare(POLICY, { setOwnHeaders })(exchange, own, "/orders/7", undefined)).toMatchObject({
      status: 502,
    });
    await expect(createPrepare(POLICY, {})(exchange, own, "/orders/7", undefined)).rejects.toThrow(TypeError);
  });
});
