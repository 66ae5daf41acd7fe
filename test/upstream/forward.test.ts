import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import type { Upstream, UrlUpstream } from "../../src/policy/policy.ts";
import { createFetcherOf, type UpstreamFetch } from "../../src/upstream/fetcher-of.ts";
import { forward, type RetryRecord, type UpstreamRequest } from "../../src/upstream/forward.ts";
import { serviceUpstream, urlUpstream } from "../support/policy/upstreams.ts";

const ORDERS = urlUpstream("orders", "https://orders.internal:8443", { timeoutMs: 1_000 });
const STOCK = serviceUpstream("stock", "STOCK", { timeoutMs: 1_000 });

/** A fetch that notes what it was called with, and answers with what `answer` gives. */
function fakeFetch(answer: (init: RequestInit) => Promise<Response>) {
  const calls: { request: Request; init: RequestInit }[] = [];
  const call = async (input: RequestInfo, init: RequestInit = {}): Promise<Response> => {
    calls.push({ request: new Request(input, init), init });
    return answer(init);
  };
  return { calls, fetch: call as typeof fetch };
}

/** As a connection that never answers. */
function never(): Promise<Response> {
  return new Promise(() => {});
}

function requestTo(url: string, init: RequestInit = {}) {
  const incoming = new Request(url, init);
  const { pathname: path, search: query, origin: gatewayOrigin } = new URL(url);
  return { path, query, gatewayOrigin, headers: new Headers({ "x-auth-subject": "u" }), incoming };
}

const ok = async (): Promise<Response> => new Response("ok");

function send(
  upstream: Upstream,
  request: UpstreamRequest,
  fetch: UpstreamFetch,
  record: RetryRecord = { retried: false },
): ReturnType<typeof forward> {
  return forward(upstream, request, fetch, record);
}

describe("forward to a URL", () => {
  it.each([
    { name: "keeps path and query", url: "https://gw.example/orders/1?a=b&a=%2F", expected: "/orders/1?a=b&a=%2F" },
    { name: "adds no question mark", url: "https://gw.example/orders", expected: "/orders" },
    { name: "asks for the root", url: "https://gw.example/", expected: "/" },
    {
      name: "leaves a query alone that looks like a URL",
      url: "https://gw.example/a?//evil/..",
      expected: "/a?//evil/..",
    },
  ])("$name", async ({ url, expected }) => {
    const { calls, fetch } = fakeFetch(ok);
    await send(ORDERS, requestTo(url), fetch);
    expect(calls.map(({ request }) => request.url)).toEqual([`https://orders.internal:8443${expected}`]);
  });

  it("puts the upstream's prefix before the path", async () => {
    const { calls, fetch } = fakeFetch(ok);
    await send({ ...ORDERS, pathPrefix: "/v1/api" }, requestTo("https://gw.example/orders?x"), fetch);
    expect(calls[0]?.request.url).toBe("https://orders.internal:8443/v1/api/orders?x");
  });

  it("sends the canonical path, not the one that was received", async () => {
    const { calls, fetch } = fakeFetch(ok);
    await send(ORDERS, { ...requestTo("https://gw.example/%6frders"), path: "/orders" }, fetch);
    expect(calls[0]?.request.url).toBe("https://orders.internal:8443/orders");
  });

  it.each(["//evil.example/x", "/@evil.example", "/https://evil.example"])(
    "lets no path choose the host: %s",
    async (path) => {
      const { calls, fetch } = fakeFetch(ok);
      await send(ORDERS, { ...requestTo("https://gw.example/x"), path }, fetch);
      expect(new URL(calls[0]?.request.url ?? "").host).toBe("orders.internal:8443");
    },
  );

  it("sends the method, the prepared headers and no others, and the body", async () => {
    const { calls, fetch } = fakeFetch(ok);
    const headers = { authorization: "Bearer a", "x-auth-subject": "root", "content-type": "application/json" };
    const request = requestTo("https://gw.example/orders", { method: "POST", headers, body: '{"a":1}' });
    await send(ORDERS, request, fetch);
    const sent = calls[0]?.request;
    expect(sent?.method).toBe("POST");
    expect(Object.fromEntries(sent?.headers ?? [])).toEqual({ "x-auth-subject": "u" });
    expect(await sent?.text()).toBe('{"a":1}');
  });

  it.each(["GET", "HEAD", "DELETE"])("sends no body with %s where there is none", async (method) => {
    const { calls, fetch } = fakeFetch(ok);
    await send(ORDERS, requestTo("https://gw.example/orders", { method }), fetch);
    expect(calls[0]?.request.method).toBe(method);
    expect(calls[0]?.request.body).toBeNull();
  });

  it.each(["GET", "HEAD"])("follows no redirect and asks no cache with %s", async (method) => {
    const { calls, fetch } = fakeFetch(ok);
    await send(ORDERS, requestTo("https://gw.example/orders", { method }), fetch);
    expect(calls[0]?.init).toMatchObject({ redirect: "manual", cache: "no-store" });
  });

  it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"])(
    "says nothing of caches with %s, whose answers are not stored",
    async (method) => {
      const { calls, fetch } = fakeFetch(ok);
      await send(ORDERS, requestTo("https://gw.example/orders", { method }), fetch);
      expect(calls[0]?.init).toMatchObject({ redirect: "manual" });
      expect(calls[0]?.init).not.toHaveProperty("cache");
    },
  );

  it.each([600, 999, 101])("takes status %d, which cannot be passed on, for no answer", async (status) => {
    const cancel = vi.fn(async () => {});
    const { fetch } = fakeFetch(async () => ({ status, webSocket: null, body: { cancel } }) as unknown as Response);
    const result = await send(ORDERS, requestTo("https://gw.example/orders"), fetch);
    expect(result).toMatchObject({
      reason: "upstream-unreachable",
      detail: `The upstream answered with status ${status}.`,
    });
    expect(cancel).toHaveBeenCalledOnce();
  });

  it.each([200, 204, 302, 304, 404, 500, 503])("takes status %d for an answer like any other", async (status) => {
    const response = new Response(null, { status, headers: { location: "https://evil.example" } });
    const { calls, fetch } = fakeFetch(async () => response);
    expect(await send(ORDERS, requestTo("https://gw.example/orders"), fetch)).toBe(response);
    expect(calls).toHaveLength(1);
  });

  it.each([new TypeError("connection refused by orders.internal"), "a string", undefined])(
    "turns a fault of the connection into upstream-unreachable: %s",
    async (fault) => {
      const { calls, fetch } = fakeFetch(() => Promise.reject(fault));
      const result = await send(ORDERS, requestTo("https://gw.example/orders"), fetch);
      expect(result).toMatchObject({ reason: "upstream-unreachable" });
      expect(calls).toHaveLength(1);
    },
  );

  it("turns a fetch that throws at once into upstream-unreachable", async () => {
    const fetch = (() => {
      throw new TypeError("bad init");
    }) as unknown as typeof globalThis.fetch;
    const result = await send(ORDERS, requestTo("https://gw.example/orders"), fetch);
    expect(result).toMatchObject({ reason: "upstream-unreachable", detail: "bad init" });
  });
});

describe("forward waits", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("for the headers as long as the time limit, and no longer", async () => {
    const { fetch } = fakeFetch(never);
    const pending = send(ORDERS, requestTo("https://gw.example/orders"), fetch);
    const settled = vi.fn();
    pending.then(settled);
    await vi.advanceTimersByTimeAsync(ORDERS.timeoutMs - 1);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledOnce();
    expect(await pending).toMatchObject({ reason: "upstream-timeout", retryAfterSeconds: undefined });
  });

  it("for an answer in the last millisecond", async () => {
    const response = new Response("late");
    const { fetch } = fakeFetch(
      () => new Promise((resolve) => setTimeout(() => resolve(response), ORDERS.timeoutMs - 1)),
    );
    const pending = send(ORDERS, requestTo("https://gw.example/orders"), fetch);
    await vi.advanceTimersByTimeAsync(ORDERS.timeoutMs - 1);
    expect(await pending).toBe(response);
  });

  it("for a body without any limit", async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const { calls, fetch } = fakeFetch(async () => new Response(readable));
    const response = (await send(ORDERS, requestTo("https://gw.example/orders"), fetch)) as Response;
    expect(calls[0]?.init.signal).toBeUndefined();
    await vi.advanceTimersByTimeAsync(ORDERS.timeoutMs * 100);
    const writer = writable.getWriter();
    const written = writer.write(new TextEncoder().encode("late")).then(() => writer.close());
    expect(await response.text()).toBe("late");
    await written;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("and leaves no timer behind when the upstream fails", async () => {
    const { fetch } = fakeFetch(() => Promise.reject(new Error("refused")));
    await send(ORDERS, requestTo("https://gw.example/orders"), fetch);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the Host of a request", () => {
  it.each<{ name: string; upstream: Upstream; expected: string }>([
    { name: "through a binding is the URL's", upstream: { ...ORDERS, via: "VPC" }, expected: "orders.internal:8443" },
    { name: "to the network is left to it", upstream: ORDERS, expected: "gw.example" },
    { name: "to a service is the gateway's", upstream: STOCK, expected: "gw.example" },
  ])("$name", async ({ upstream, expected }) => {
    const { calls, fetch } = fakeFetch(ok);
    const request = requestTo("https://gw.example/orders");
    request.headers.set("host", "gw.example");
    await send(upstream, request, fetch);
    expect(new Headers(calls[0]?.init.headers).get("host")).toBe(expected);
  });
});

describe("forward to a service binding", () => {
  const fetcher = (bindings: Readonly<Record<string, unknown>>, outside: typeof fetch) =>
    createFetcherOf([STOCK], bindings, outside)(STOCK);

  it("asks the binding, at the caller's own origin, and nobody else", async () => {
    const service = fakeFetch(ok);
    const outside = fakeFetch(ok);
    const request = requestTo("https://gw.example/stock/1?a=b", { method: "DELETE" });
    const result = await send(STOCK, request, fetcher({ STOCK: { fetch: service.fetch } }, outside.fetch));
    expect(result).toBeInstanceOf(Response);
    expect(service.calls).toHaveLength(1);
    const sent = service.calls[0]?.request;
    expect(sent?.url).toBe("https://gw.example/stock/1?a=b");
    expect(sent?.method).toBe("DELETE");
    expect(sent?.redirect).toBe("manual");
    expect(Object.fromEntries(sent?.headers ?? [])).toEqual({ "x-auth-subject": "u" });
    expect(outside.calls).toEqual([]);
  });

  it.each([
    { name: "is missing", env: {} },
    { name: "is a text", env: { STOCK: "https://stock.example" } },
    { name: "is null", env: { STOCK: null } },
    { name: "is something else", env: { STOCK: { get: () => null } } },
  ])("is upstream-unreachable when the binding $name, and asks nobody", async ({ env }) => {
    const outside = fakeFetch(ok);
    const result = await send(STOCK, requestTo("https://gw.example/stock"), fetcher(env, outside.fetch));
    expect(result).toBeInstanceOf(Denial);
    expect(result).toMatchObject({ reason: "upstream-unreachable", detail: "The service binding STOCK is missing." });
    expect(outside.calls).toEqual([]);
  });

  it("has a time limit, too", async () => {
    vi.useFakeTimers();
    try {
      const service = fakeFetch(never);
      const resolved = fetcher({ STOCK: { fetch: service.fetch } }, service.fetch);
      const pending = send(STOCK, requestTo("https://gw.example/stock"), resolved);
      await vi.advanceTimersByTimeAsync(STOCK.timeoutMs);
      expect(await pending).toMatchObject({ reason: "upstream-timeout" });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("forward repeats a request", () => {
  const RETRIED: UrlUpstream = { ...ORDERS, retry: true };
  const lost = () => Object.assign(new Error("Network connection lost."), { retryable: true });
  const cloudflare = (status: number) =>
    new Response(`error code: ${status}`, { status, headers: { server: "cloudflare" } });

  /** Sends a request to an upstream that fails once, and says how often it was asked. */
  async function outcome(upstream: Upstream, init: RequestInit, first: () => Promise<Response>) {
    const answers = [first, ok];
    const { calls, fetch } = fakeFetch(() => answers.shift()?.() ?? ok());
    const record = { retried: false };
    const result = await send(upstream, requestTo("https://gw.example/orders?a=b", init), fetch, record);
    return { calls, retried: record.retried, status: result instanceof Denial ? result.reason : result.status };
  }
  const twice = { calls: 2, retried: true, status: 200 };
  const once = (status: number | string) => ({ calls: 1, retried: false, status });

  it.each<{
    name: string;
    upstream?: Upstream;
    init?: RequestInit;
    first: () => Promise<Response>;
    expected: { calls: number; retried: boolean; status: number | string };
  }>([
    { name: "GET whose connection was lost", first: () => Promise.reject(lost()), expected: twice },
    { name: "HEAD", init: { method: "HEAD" }, first: () => Promise.reject(lost()), expected: twice },
    ...[520, 521, 522, 523].map((status) => ({
      name: `GET that Cloudflare answers with ${status}`,
      first: async () => cloudflare(status),
      expected: twice,
    })),
    {
      name: "GET without `retry`",
      upstream: ORDERS,
      first: () => Promise.reject(lost()),
      expected: once("upstream-unreachable"),
    },
    ...["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"].map((method) => ({
      name: method,
      init: { method },
      first: () => Promise.reject(lost()),
      expected: once("upstream-unreachable"),
    })),
    {
      name: "GET that failed otherwise",
      first: () => Promise.reject(new Error("internal error")),
      expected: once("upstream-unreachable"),
    },
    {
      name: "GET to an overloaded Worker",
      first: () => Promise.reject(Object.assign(lost(), { overloaded: true })),
      expected: once("upstream-unreachable"),
    },
    ...[200, 404, 500, 502, 503, 504, 519, 524].map((status) => ({
      name: `GET that Cloudflare answers with ${status}`,
      first: async () => cloudflare(status),
      expected: once(status),
    })),
    {
      name: "GET that the upstream answers with 521",
      first: async () => new Response("", { status: 521 }),
      expected: once(521),
    },
  ])("$name: $expected", async ({ upstream = RETRIED, init = {}, first, expected }) => {
    const { calls, ...rest } = await outcome(upstream, init, first);
    expect({ calls: calls.length, ...rest }).toEqual(expected);
  });

  it("in the same words", async () => {
    const { calls } = await outcome(RETRIED, { method: "HEAD" }, () => Promise.reject(lost()));
    const sent = calls.map(({ request }) => [request.method, request.url, ...request.headers]);
    expect(sent[1]).toEqual(sent[0]);
  });

  it("not more than once", async () => {
    const { fetch, calls } = fakeFetch(() => Promise.reject(lost()));
    expect(await send(RETRIED, requestTo("https://gw.example/orders"), fetch)).toMatchObject({
      reason: "upstream-unreachable",
    });
    expect(calls).toHaveLength(2);
  });

  it("within one time limit, and not after it", async () => {
    vi.useFakeTimers();
    try {
      let asked = 0;
      const { fetch } = fakeFetch(() => {
        asked += 1;
        if (asked > 1) return never();
        return new Promise((_, reject) => setTimeout(() => reject(lost()), ORDERS.timeoutMs - 1));
      });
      const pending = send(RETRIED, requestTo("https://gw.example/orders"), fetch);
      await vi.advanceTimersByTimeAsync(ORDERS.timeoutMs - 1);
      expect(asked).toBe(2);
      await vi.advanceTimersByTimeAsync(1);
      expect(await pending).toMatchObject({ reason: "upstream-timeout" });
      expect(asked).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });
});
