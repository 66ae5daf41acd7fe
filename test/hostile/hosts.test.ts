/**
 * Requests for other hosts than the policy's, over raw sockets against the built Worker; and `explain` says the same.
 */

import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { nobody } from "../../src/explain/caller.ts";
import { explainRequest } from "../../src/explain/explain-request.ts";
import { isHost } from "../../src/http/host.ts";
import { jsonOf, statusAndReason } from "../support/e2e/call.ts";
import { gatewayPolicy, variable } from "../support/e2e/gateway-policy.ts";
import { openSocket, parseAnswer, sendLines } from "../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";
import { compiled } from "../support/policy/policy-file.ts";

const VARS = { PUBLIC_HOST: "shop.example", SELF: "https://shop.example" };

let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let file: ReturnType<typeof gatewayPolicy>;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  file = gatewayPolicy(issuer, upstream, {
    hosts: [variable("PUBLIC_HOST"), "xn--bcher-kva.example", "my_service", "192.0.2.1", "[2001:db8::1]", "localhost"],
    publicUrl: variable("SELF"),
  });
  gateway = await startGateway({ policy: file, vars: VARS });
});
afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop()]);
});
beforeEach(() => {
  upstream.received.length = 0;
});

const RESERVED = ["/_gateway/health", "/_gateway/ready", "/.well-known/oauth-protected-resource", "/_gateway/x"];

/** Sends each request with this header, and expects this answer to all of them; none may reach the upstream. */
async function expectRefused(host: string, expected: string): Promise<void> {
  for (const request of [
    "GET /open",
    "POST /open",
    "OPTIONS /open",
    "GET /me",
    "GET /none",
    ...RESERVED.map((path) => `GET ${path}`),
  ]) {
    const answer = await sendLines(gateway.origin, [`${request} HTTP/1.1`, `Host: ${host}`, "Content-Length: 0"]);
    expect([request, statusAndReason(answer)]).toEqual([request, expected]);
  }
  expect(upstream.received).toEqual([]);
}

/** What `explain` says of the same request. */
async function explained(host: string): Promise<string> {
  const asked = { method: "GET", url: `http://${host}/open`, host };
  const { refusal } = await explainRequest(compiled(file, VARS), asked, nobody);
  return refusal === undefined ? "200" : `${refusal.status} ${refusal.reason}`;
}

describe("a host that the policy names is served", () => {
  it.each([
    ...["shop.example", "SHOP.Example", "shop.example:8443", "shop.example:", "shop.example:0", "shop.example:080"],
    ...["xn--bcher-kva.example", "XN--BCHER-KVA.example", "my_service:8080"],
    ...["192.0.2.1", "192.0.2.1:80", "[2001:db8::1]", "[2001:DB8::1]:8787"],
    ...["localhost", "LOCALHOST:8787", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8787"],
  ])("%s", async (host) => {
    const answer = await sendLines(gateway.origin, ["GET /open HTTP/1.1", `Host: ${host}`]);
    expect(statusAndReason(answer)).toBe("200");
    expect(upstream.received).toHaveLength(1);
    expect(await explained(host)).toBe("200");
    const health = await sendLines(gateway.origin, ["GET /_gateway/health HTTP/1.1", `Host: ${host}`]);
    expect(health.status).toBe(200);
  });
});

describe("any other host is 421, on every path", () => {
  it.each([
    ...["evil.example", "shop.example.", "shop.example.:443", "www.shop.example", "shop.example.evil.example"],
    ...["example", "xshop.example", "shop-example", "shop_example", "scopegate.example.workers.dev", "_", "-"],
    ...["bcher.example", "xn--bcher-kva.example.", "xn--bcher-kva"],
    // Other spellings of addresses that are listed.
    ...["192.0.2.1.", "0xc0.0.2.1", "0xC0000201", "3221225985", "192.0.513", "0300.0.2.1"],
    ...["[2001:db8:0::1]", "[2001:0db8::1]", "[2001:db8::2]", "[::ffff:192.0.2.1]"],
    ...["127.0.0.2", "127.1", "2130706433", "0.0.0.0", "0", "[::]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]"],
    ...["localhost.", "a.localhost", "localhost.localdomain", "127.0.0.1."],
  ])("%s", async (host) => {
    await expectRefused(host, "421 host-unknown");
    expect(await explained(host)).toBe("421 host-unknown");
  });

  it("says nothing of the hosts that are served, and the log names the one that is not", async () => {
    const lines = ["GET /open HTTP/1.1", "Host: Evil.example:8443", "X-Request-Id: other-host"];
    const answer = await sendLines(gateway.origin, lines);
    expect(jsonOf(answer)).toEqual({
      type: "https://scopegate.dev/problems/host-unknown",
      title: "Unknown host",
      status: 421,
      detail: "This gateway does not serve the host of the request.",
      instance: "other-host",
    });
    expect(JSON.stringify([...answer.headers])).not.toContain("shop.example");
    expect(await gateway.decision("other-host")).toMatchObject({
      decision: "deny",
      reason: "host-unknown",
      status: 421,
      detail: "The host `evil.example` is not one of the policy's `hosts`.",
    });
  });

  it.each([
    "X-Forwarded-Host: shop.example",
    "Forwarded: host=shop.example",
    "X-Host: shop.example",
    "X-Original-Host: shop.example",
    "X-HTTP-Host-Override: shop.example",
    ":authority: shop.example",
    "Host_: shop.example",
    "Origin: https://shop.example",
  ])("and another header does not change it: %s", async (line) => {
    const answer = await sendLines(gateway.origin, ["GET /open HTTP/1.1", "Host: evil.example", line]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(upstream.received).toEqual([]);
  });
});

describe("a Host that is no host name with an optional port is 400, on every path", () => {
  it.each([
    ...["shop.example/open?", "shop.example\\open", "shop.example#", "shop.example?", "evil@shop.example"],
    ...[
      "a:b@shop.example",
      "shop.example,evil.example",
      "shop.example evil.example",
      "shop.example:x",
      "shop.example:-1",
    ],
    ...["shop.example:443:80", "shop.example:999999", "shop.example:65536", "%73hop.example", "b\xc3\xbccher.example"],
    ...["shop..example", ".shop.example", "*", "*.example", "[::1", "[::g]", "::1", "256.0.2.1", "1.2.3.4.5"],
  ])("%s", async (host) => {
    await expectRefused(host, "400 path-ambiguous");
    if (isHost(host)) expect(URL.parse(`http://${host}`)).toBeNull();
  });

  it.each([
    { name: "twice", fields: "Host: shop.example\r\nHost: shop.example\r\n" },
    { name: "twice, with another one", fields: "Host: shop.example\r\nHost: evil.example\r\n" },
    { name: "in two spellings", fields: "host: evil.example\r\nHOST: shop.example\r\n" },
    { name: "empty", fields: "Host:\r\n" },
    { name: "not at all", fields: "" },
    { name: "in two lines", fields: "Host: shop.example\r\n evil.example\r\n" },
  ])("$name", async ({ fields }) => {
    for (const version of ["HTTP/1.1", "HTTP/1.0"]) {
      const socket = await openSocket(gateway.origin);
      socket.write(`GET /open ${version}\r\n${fields}Connection: close\r\n\r\n`);
      expect(parseAnswer((await buffer(socket)).toString("latin1")).status).toBe(400);
    }
    expect(upstream.received).toEqual([]);
  });
});

describe("the host of a target that is a whole URL does not count: the runtime drops it", () => {
  it.each([
    { target: "http://evil.example/open", host: "shop.example", expected: "200" },
    { target: "http://shop.example/open", host: "evil.example", expected: "421 host-unknown" },
    { target: "https://shop.example/open", host: "evil.example", expected: "421 host-unknown" },
    { target: "http://a:b@shop.example:80/open", host: "evil.example", expected: "421 host-unknown" },
    { target: "//shop.example/open", host: "evil.example", expected: "400 path-ambiguous" },
    { target: "//evil.example/open", host: "shop.example", expected: "400 path-ambiguous" },
    { target: "*", host: "shop.example", expected: "400 path-ambiguous" },
    { target: "*", host: "shop.example:80", expected: "400 path-ambiguous" },
  ])("$target, Host: $host", async ({ target, host, expected }) => {
    const answer = await sendLines(gateway.origin, [`OPTIONS ${target} HTTP/1.1`, `Host: ${host}`]);
    expect(statusAndReason(answer)).toBe(expected);
    expect(upstream.received).toHaveLength(expected === "200" ? 1 : 0);
  });
});

it("a var that is no host name stops the gateway, and does not open it to every host", async () => {
  const running = await startGateway({ policy: file, vars: { ...VARS, PUBLIC_HOST: "https://shop.example" } });
  try {
    for (const path of ["/open", "/me"]) {
      const answer = await sendLines(running.origin, [`GET ${path} HTTP/1.1`, "Host: shop.example"]);
      expect(statusAndReason(answer)).toBe("500 policy-invalid");
    }
    expect(upstream.received).toEqual([]);
  } finally {
    await running.dispose();
  }
});
