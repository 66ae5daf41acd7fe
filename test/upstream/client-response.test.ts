import { describe, expect, it } from "vitest";
import { toClientResponse } from "../../src/upstream/client-response.ts";

describe("toClientResponse", () => {
  it("passes on status, headers and body", async () => {
    const upstream = new Response("made", {
      status: 201,
      statusText: "Made",
      headers: { "content-type": "text/plain", etag: '"1"', location: "/orders/1" },
    });
    const response = toClientResponse(upstream, false);
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
    const response = toClientResponse(new Response(readable), true);
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
    const response = toClientResponse(new Response(null, { status }), true);
    expect(response.status).toBe(status);
    expect(response.body).toBeNull();
  });

  it.each([301, 302, 307, 308])("passes on a redirect, status %d", (status) => {
    const upstream = new Response(null, { status, headers: { location: "https://elsewhere.example/" } });
    const response = toClientResponse(upstream, false);
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
    const response = toClientResponse(new Response("x", { headers }), false);
    expect([...response.headers.keys()].sort()).toEqual(["content-type", "x-kept"]);
  });

  it("keeps several cookies apart", () => {
    const headers = new Headers();
    headers.append("set-cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT");
    headers.append("set-cookie", "b=2");
    const response = toClientResponse(new Response("x", { headers }), false);
    expect(response.headers.getSetCookie()).toEqual(["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"]);
  });

  it("takes headers that cannot be changed", () => {
    const immutable = Response.redirect("https://elsewhere.example/");
    expect(toClientResponse(immutable, true).headers.get("cache-control")).toBe("private, no-store");
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
    const response = toClientResponse(new Response(null, { status, headers }), isProtected);
    expect(response.headers.get("cache-control")).toBe(expected);
  });

  it("does not believe a Cache-Control that was meant for the hop behind", () => {
    const upstream = new Response("x", { headers: { connection: "cache-control", "cache-control": "max-age=60" } });
    expect(toClientResponse(upstream, true).headers.get("cache-control")).toBe("private, no-store");
  });

  it("hands a WebSocket over", () => {
    const { 0: client, 1: server } = new WebSocketPair();
    const headers = { "sec-websocket-protocol": "chat" };
    const upstream = new Response(null, { status: 101, webSocket: client, headers });
    const response = toClientResponse(upstream, true);
    expect(response.status).toBe(101);
    expect(response.webSocket).toBe(client);
    expect(response.headers.get("sec-websocket-protocol")).toBe("chat");
    expect(response.headers.has("cache-control")).toBe(false);
    server.accept();
    server.close();
  });
});
