import { describe, expect, it } from "vitest";
import { type AnswerRules, toClientResponse } from "../../src/upstream/client-response.ts";

const PUBLIC: AnswerRules = { isProtected: false, isUnenforced: false, isOptional: false, originWide: false };
const PROTECTED: AnswerRules = { ...PUBLIC, isProtected: true };
const OPTIONAL: AnswerRules = { ...PUBLIC, isOptional: true };

describe("toClientResponse", () => {
  it("passes on status, headers and body", async () => {
    const upstream = new Response("made", {
      status: 201,
      statusText: "Made",
      headers: { "content-type": "text/plain", etag: '"1"', location: "/orders/1" },
    });
    const response = toClientResponse(upstream, PUBLIC);
    expect(response.status).toBe(201);
    expect(response.statusText).toBe("Made");
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": "text/plain",
      etag: '"1"',
      location: "/orders/1",
    });
    expect(await response.text()).toBe("made");
  });

  it("hands the body over as a stream, before it is complete", async () => {
    const { readable, writable } = new IdentityTransformStream();
    const response = toClientResponse(new Response(readable), PROTECTED);
    const writer = writable.getWriter();
    const reader = response.body?.getReader();
    const writing = writer.write(new TextEncoder().encode("data: 1\n\n"));
    const chunk = await reader?.read();
    await writing;
    expect(new TextDecoder().decode(chunk?.value)).toBe("data: 1\n\n");
    expect(chunk?.done).toBe(false);
    await reader?.cancel();
  });

  it.each([204, 304])("passes on status %d without a body", (status) => {
    const response = toClientResponse(new Response(null, { status }), PROTECTED);
    expect(response.status).toBe(status);
    expect(response.body).toBeNull();
  });

  it.each([301, 302, 307, 308])("passes on a redirect, status %d", (status) => {
    const upstream = new Response(null, { status, headers: { location: "https://elsewhere.example/" } });
    const response = toClientResponse(upstream, PUBLIC);
    expect(response.status).toBe(status);
    expect(response.headers.get("location")).toBe("https://elsewhere.example/");
  });

  it("removes the headers of the hop behind", () => {
    const headers = {
      connection: "close, x-hop",
      "keep-alive": "timeout=5",
      "proxy-authenticate": "Basic",
      "proxy-connection": "close",
      te: "trailers",
      trailer: "x-checksum",
      upgrade: "h2c",
      "x-hop": "1",
      "x-kept": "2",
    };
    const response = toClientResponse(new Response("x", { headers }), PUBLIC);
    expect([...response.headers.keys()].sort()).toEqual(["content-type", "x-kept"]);
  });

  it("keeps several cookies apart", () => {
    const headers = new Headers();
    headers.append("set-cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT");
    headers.append("set-cookie", "b=2");
    const response = toClientResponse(new Response("x", { headers }), PUBLIC);
    expect(response.headers.getSetCookie()).toEqual(["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"]);
  });

  it("takes headers that cannot be changed", () => {
    const immutable = Response.redirect("https://elsewhere.example/");
    expect(toClientResponse(immutable, PROTECTED).headers.get("cache-control")).toBe("private, no-store");
  });

  it.each([
    {
      name: "lets no one cache a protected answer",
      isProtected: true,
      status: 200,
      given: null,
      expected: "private, no-store",
    },
    { name: "nor a protected error", isProtected: true, status: 404, given: null, expected: "private, no-store" },
    { name: "nor one without a body", isProtected: true, status: 204, given: null, expected: "private, no-store" },
    {
      name: "leaves what the upstream says",
      isProtected: true,
      status: 200,
      given: "max-age=60",
      expected: "max-age=60",
    },
    {
      name: "adds nothing to a 304, which updates what is stored",
      isProtected: true,
      status: 304,
      given: null,
      expected: null,
    },
    { name: "adds nothing to a public answer", isProtected: false, status: 200, given: null, expected: null },
  ])("$name", ({ isProtected, status, given, expected }) => {
    const headers = new Headers(given === null ? {} : { "cache-control": given });
    const response = toClientResponse(new Response(null, { status, headers }), { ...PUBLIC, isProtected });
    expect(response.headers.get("cache-control")).toBe(expected);
  });

  it.each([
    { name: "none", status: 200, given: {} },
    { name: "one for everybody", status: 200, given: { "cache-control": "public, max-age=31536000, immutable" } },
    { name: "one for shared caches", status: 404, given: { "cache-control": "s-maxage=60", vary: "accept" } },
    {
      name: "one beside targeted fields",
      status: 200,
      given: { "cache-control": "no-store", "cdn-cache-control": "max-age=9" },
    },
    { name: "none in a 304", status: 304, given: { etag: '"a"' } },
    { name: "one in a 304", status: 304, given: { "cache-control": "max-age=60" } },
  ])(
    "lets no one cache an answer to a request that will be refused, with a Cache-Control of the upstream: $name",
    (given) => {
      const upstream = new Response(null, { status: given.status, headers: new Headers(given.given) });
      const { headers } = toClientResponse(upstream, { ...PUBLIC, isUnenforced: true });
      expect([headers.get("cache-control"), headers.get("cdn-cache-control")]).toEqual(["private, no-store", null]);
    },
  );

  it("ignores a Cache-Control that was meant for the connection to the upstream", () => {
    const upstream = new Response("x", { headers: { connection: "cache-control", "cache-control": "max-age=60" } });
    expect(toClientResponse(upstream, PROTECTED).headers.get("cache-control")).toBe("private, no-store");
  });

  it.each([
    "CDN-Cache-Control",
    "Cloudflare-CDN-Cache-Control",
    "Vercel-CDN-Cache-Control",
    "Netlify-CDN-Cache-Control",
    "Akamai-Cache-Control",
    "Surrogate-Control",
    "Edge-Control",
    "X-Accel-Expires",
  ])("lets no %s of a protected answer overrule Cache-Control", (name) => {
    for (const status of [200, 304, 404]) {
      const upstream = () => new Response(null, { status, headers: { [name]: "max-age=600" } });
      expect(toClientResponse(upstream(), PROTECTED).headers.has(name)).toBe(false);
      expect(toClientResponse(upstream(), PUBLIC).headers.get(name)).toBe("max-age=600");
    }
  });

  it.each([
    { name: "may be stored", given: "max-age=60", vary: null, expected: "Authorization" },
    { name: "may be stored by browsers only", given: "private", vary: null, expected: "Authorization" },
    { name: "may be stored, but not used unasked", given: "no-cache", vary: null, expected: "Authorization" },
    { name: "has an empty Cache-Control", given: "", vary: null, expected: "Authorization" },
    { name: "varies by something else", given: "max-age=60", vary: "Accept", expected: "Accept, Authorization" },
    {
      name: "varies by the token already",
      given: "public",
      vary: "Accept, authorization",
      expected: "Accept, authorization",
    },
    { name: "varies by everything", given: "public", vary: "*", expected: "*" },
    { name: "may not be stored", given: "no-store", vary: null, expected: null },
    { name: "may not be stored, by a directive among others", given: "private , No-Store", vary: null, expected: null },
    {
      name: "may be stored, as a directive only resembles no-store",
      given: "no-storey",
      vary: null,
      expected: "Authorization",
    },
    {
      name: "may be stored by caches that know more",
      given: "no-store, must-understand",
      vary: null,
      expected: "Authorization",
    },
    { name: "quotes no-store", given: 'x="a, no-store, b"', vary: null, expected: "Authorization" },
    { name: "says nothing about storing", given: null, vary: null, expected: null },
  ])("keeps a protected answer apart for each token where it $name", ({ given, vary, expected }) => {
    const headers = new Headers();
    if (given !== null) headers.set("cache-control", given);
    if (vary !== null) headers.set("vary", vary);
    expect(toClientResponse(new Response("x", { headers }), PROTECTED).headers.get("vary")).toBe(expected);
    expect(toClientResponse(new Response("x", { headers }), PUBLIC).headers.get("vary")).toBe(vary);
  });

  it.each([
    { name: "without Cache-Control", headers: { vary: "Accept" }, expected: "Accept, Authorization" },
    { name: "that may be stored", headers: { "cache-control": "max-age=60" }, expected: "Authorization" },
    { name: "that may not be stored", headers: { "cache-control": "no-store" }, expected: null },
  ])("leaves what is stored apart for each token: a 304 $name", ({ headers, expected }) => {
    const response = toClientResponse(
      new Response(null, { status: 304, headers: new Headers(headers as HeadersInit) }),
      PROTECTED,
    );
    expect(response.headers.get("vary")).toBe(expected);
  });

  it.each([
    { name: "says nothing about storing", headers: {}, expected: "Authorization" },
    { name: "may be stored", headers: { "cache-control": "public, max-age=60" }, expected: "Authorization" },
    {
      name: "may be stored by some caches only",
      headers: { "cache-control": "no-store", "cdn-cache-control": "max-age=60" },
      expected: "Authorization",
    },
    { name: "varies by something else", headers: { vary: "Accept" }, expected: "Accept, Authorization" },
    { name: "updates what is stored", status: 304, headers: {}, expected: "Authorization" },
  ])("keeps an answer without a token on an optional route apart where it $name", ({ status, headers, expected }) => {
    const given = new Headers(headers as HeadersInit);
    const response = toClientResponse(new Response(null, { status: status ?? 200, headers: given }), OPTIONAL);
    expect(response.headers.get("vary")).toBe(expected);
    expect(response.headers.get("cache-control")).toBe(given.get("cache-control"));
  });

  it("gives an answer with a token the same headers on an optional route as on any other", () => {
    for (const given of [{}, { "cache-control": "max-age=60" }, { "cdn-cache-control": "max-age=60" }]) {
      const headersFor = (rules: AnswerRules) =>
        Object.fromEntries(toClientResponse(new Response("x", { headers: given as HeadersInit }), rules).headers);
      expect(headersFor({ ...OPTIONAL, isProtected: true })).toEqual(headersFor(PROTECTED));
    }
  });

  it.each(["Alt-Svc", "Clear-Site-Data", "Service-Worker-Allowed"])(
    "lets an upstream send %s only where it may act on the whole origin",
    (name) => {
      for (const isProtected of [true, false]) {
        const upstream = () => new Response("x", { headers: { [name]: "x" } });
        expect(toClientResponse(upstream(), { ...PUBLIC, isProtected }).headers.has(name)).toBe(false);
        expect(toClientResponse(upstream(), { ...PUBLIC, isProtected, originWide: true }).headers.get(name)).toBe("x");
      }
    },
  );

  it("holds an upgrade to the same rules, except about storing", () => {
    const { 0: client, 1: server } = new WebSocketPair();
    const headers = { "alt-svc": "h3", "cdn-cache-control": "max-age=60", "sec-websocket-protocol": "chat" };
    const upstream = new Response(null, { status: 101, webSocket: client, headers });
    const response = toClientResponse(upstream, PROTECTED);
    expect(Object.fromEntries(response.headers)).toEqual({ "sec-websocket-protocol": "chat" });
    server.accept();
    server.close();
  });

  it("hands a WebSocket over", () => {
    const { 0: client, 1: server } = new WebSocketPair();
    const headers = { "sec-websocket-protocol": "chat" };
    const upstream = new Response(null, { status: 101, webSocket: client, headers });
    const response = toClientResponse(upstream, PROTECTED);
    expect(response.status).toBe(101);
    expect(response.webSocket).toBe(client);
    expect(response.headers.get("sec-websocket-protocol")).toBe("chat");
    expect(response.headers.has("cache-control")).toBe(false);
    server.accept();
    server.close();
  });
});
