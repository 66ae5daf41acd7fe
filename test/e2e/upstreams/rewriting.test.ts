/** Upstreams behind prefixes, with redirects and cookies, seen by a browser: it never sees an upstream's address. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rawRequest } from "../../../src/local/raw-request.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";

/** A service that builds addresses from the URL of its request, as Workers do. */
const SERVICE = `
export default {
  fetch(request) {
    const url = new URL(request.url);
    if (url.pathname === "/") return Response.redirect(new URL("/home?from=root", url), 302);
    if (url.pathname === "/relative") return new Response(null, { status: 307, headers: { location: "home" } });
    const headers = new Headers({ "content-location": new URL("/home", url).href });
    headers.append("set-cookie", "one=1; Path=/");
    headers.append("set-cookie", "two=2; Path=/home; Domain=" + url.hostname);
    return new Response("service " + url.pathname, { headers });
  },
};`;

let django: TestUpstream;
let express: TestUpstream;
let gateway: TestGateway;

/** As Django does: a slash is added, the login is elsewhere, and addresses are built from the Host header. */
function asDjango(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? "", "http://django.invalid");
  const base = `http://${request.headers.host}`;
  const cookies = request.headers.cookie ?? "";
  if (!pathname.endsWith("/")) return void response.writeHead(301, { location: `${pathname}/${search}` }).end();
  if (pathname === "/app/login/") {
    const cookie = [
      `sessionid=s; Path=/app/; HttpOnly; Domain=127.0.0.1`,
      "csrftoken=c; Path=/app/admin/",
      "lang=en; Path=/",
    ];
    return void response.writeHead(302, { location: `${base}/app/admin/?next#top`, "set-cookie": cookie }).end();
  }
  if (!cookies.includes("sessionid=s")) return void response.writeHead(302, { location: `${base}/app/login/` }).end();
  response.end(`django ${request.url} ${cookies}`);
}

/** As Express does: addresses are relative, or those of the forwarded host if it trusts the proxy. */
function asExpress(request: IncomingMessage, response: ServerResponse): void {
  const forwarded = `${request.headers["x-forwarded-proto"]}://${request.headers["x-forwarded-host"]}`;
  const answers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "/v2/orders": { location: "/v2/orders/7" },
    "/v2/orders/7": {},
    "/v2/orders/8": { location: "./7" },
    "/v2/orders/9": { location: `${forwarded}/v2/orders/7` },
    "/v2/orders/10": { location: `${forwarded}/shop/orders/7` },
    "/internal": { location: "/v2/orders/7", "content-location": "//EXPRESS.internal/x" },
  };
  const headers = answers[request.url ?? ""];
  if (headers === undefined) return void response.writeHead(404).end();
  response.writeHead(headers["location"] === undefined ? 200 : request.method === "POST" ? 201 : 303, headers);
  response.end(`express ${request.url}`);
}

beforeAll(async () => {
  [django, express] = await Promise.all([startUpstream(), startUpstream()]);
  django.handler = asDjango;
  express.handler = asExpress;
  const open = { methods: ["*"], public: true };
  gateway = await startGateway({
    policy: {
      upstreams: {
        django: { url: `${django.origin}/app`, stripPrefix: "/site" },
        express: { url: express.origin },
        service: { service: "MOUNTED", stripPrefix: "/worker" },
      },
      routes: [
        { ...open, path: "/site", upstream: "django" },
        { ...open, path: "/site/", upstream: "django" },
        { ...open, path: "/site/*", upstream: "django" },
        { ...open, path: "/shop/orders", upstream: "express", upstreamPath: "/v2/orders" },
        { ...open, path: "/shop/orders/:id", upstream: "express", upstreamPath: "/v2/orders/:id" },
        { ...open, path: "/internal", upstream: "express" },
        { ...open, path: "/double/:id", upstream: "express", upstreamPath: "/:id/:id" },
        { ...open, path: "/worker", upstream: "service" },
        { ...open, path: "/worker/*", upstream: "service" },
      ],
    },
    services: { MOUNTED: "mounted" },
    workers: [{ name: "mounted", script: SERVICE }],
  });
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), django?.stop(), express?.stop()]);
});

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** A browser as far as addresses go: it follows redirects and keeps cookies (RFC 6265 5.3), of one host. */
class Browser {
  readonly seen: string[] = [];
  #cookies: Cookie[] = [];

  async open(target: string, method = "GET"): Promise<{ url: URL; status: number; body: string }> {
    let url = new URL(target, gateway.origin);
    for (let hops = 0; hops < 8; hops += 1) {
      expect(url.origin).toBe(gateway.origin);
      const cookie = this.#cookies
        .filter(({ path }) => isBelow(url.pathname, path))
        .map((it) => `${it.name}=${it.value}`);
      const headers = cookie.length > 0 ? { cookie: cookie.join("; ") } : {};
      const { pathname, search } = url;
      const answer = await rawRequest({ origin: gateway.origin, method, path: pathname + search, headers });
      for (const name of ["location", "content-location", "set-cookie"]) {
        const value = answer.headers.get(name);
        if (value !== null) this.seen.push(value);
      }
      for (const line of answer.headers.getSetCookie()) this.#keep(line, url);
      const location = answer.headers.get("location");
      if (location === null || answer.status < 300) {
        const body = answer.body;
        return { url: location === null ? url : new URL(location, url), status: answer.status, body };
      }
      url = new URL(location, url);
    }
    throw new Error(`${target} redirects without an end.`);
  }

  #keep(line: string, url: URL): void {
    const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
    const attribute = (wanted: string) =>
      attributes.map((it) => it.split("=")).findLast(([name]) => name?.toLowerCase() === wanted)?.[1];
    const domain = attribute("domain")?.replace(/^\./, "");
    if (domain !== undefined && domain !== url.hostname) return;
    const [name = "", value = ""] = pair.split("=");
    const path = attribute("path") ?? (url.pathname.replace(/\/[^/]*$/, "") || "/");
    this.#cookies = [...this.#cookies.filter((it) => it.name !== name || it.path !== path), { name, value, path }];
  }
}

/** RFC 6265 5.1.4. */
function isBelow(pathname: string, path: string): boolean {
  return pathname === path || (pathname.startsWith(path) && (path.endsWith("/") || pathname[path.length] === "/"));
}

let browser: Browser;
beforeEach(() => {
  browser = new Browser();
});

describe("a browser never sees an upstream's address, and every link works", () => {
  it("with an upstream like Django", async () => {
    const { url, status, body } = await browser.open("/site/admin?x=1");
    expect([url.pathname + url.search + url.hash, status]).toEqual(["/site/admin/?next#top", 200]);
    expect(body).toBe("django /app/admin/?next sessionid=s; csrftoken=c; lang=en");
    expect(browser.seen).toEqual([
      "/site/admin/?x=1",
      `${gateway.origin}/site/login/`,
      `${gateway.origin}/site/admin/?next#top`,
      "sessionid=s; Path=/site/; HttpOnly, csrftoken=c; Path=/site/admin/, lang=en; Path=/",
    ]);
    const root = await browser.open("/site");
    expect([root.url.pathname, root.body]).toEqual(["/site/", "django /app/ sessionid=s; lang=en"]);
  });

  it.each(["/shop/orders/8", "/shop/orders/9", "/shop/orders/10", "/internal"])(
    "with an upstream like Express: %s",
    async (target) => {
      const { url, status, body } = await browser.open(target);
      expect([url.pathname, status, body]).toEqual(["/shop/orders/7", 200, "express /v2/orders/7"]);
    },
  );

  it("with an upstream like Express that creates something", async () => {
    const { url, status } = await browser.open("/shop/orders", "POST");
    expect([url.href, status]).toEqual([`${gateway.origin}/shop/orders/7`, 201]);
    expect((await browser.open(url.href)).status).toBe(200);
  });

  it.each([
    { target: "/worker", ends: "/worker/home?from=root" },
    { target: "/worker/relative", ends: "/worker/home" },
  ])("with a service: $target", async ({ target, ends }) => {
    const { url, status, body } = await browser.open(target);
    expect([url.pathname + url.search, status, body]).toEqual([ends, 200, "service /home"]);
    expect(browser.seen.slice(1)).toEqual([
      `${gateway.origin}/worker/home`,
      "one=1; Path=/worker, two=2; Path=/worker/home; Domain=127.0.0.1",
    ]);
  });
});

describe("the log line", () => {
  it.each([
    { location: "/app/x", unmapped: undefined },
    { location: "/login", unmapped: true },
    { location: "https://elsewhere.example/", unmapped: undefined },
  ])("says whether $location had no way back: $unmapped", async ({ location, unmapped }) => {
    django.handler = (_request, response) => response.writeHead(302, { location }).end();
    const answer = await rawRequest({ origin: gateway.origin, method: "GET", path: "/site/a", headers: {} });
    django.handler = asDjango;
    const line = await gateway.decision(answer.headers.get("x-request-id") ?? "");
    expect(line["location_unmapped"]).toBe(unmapped);
  });
});

it("a path that becomes too long is refused, and one that just fits is not", async () => {
  const reached: string[] = [];
  express.handler = (request, response) => {
    reached.push(request.url ?? "");
    response.end();
  };
  const statusOf = async (length: number) => {
    const path = `/double/${"a".repeat(length)}`;
    return (await rawRequest({ origin: gateway.origin, method: "GET", path, headers: {} })).status;
  };
  const longest = (8 * 1024 - "//".length) / 2;
  expect([await statusOf(longest), await statusOf(longest + 1)]).toEqual([200, 414]);
  express.handler = asExpress;
  expect(reached.map(({ length }) => length)).toEqual([8 * 1024]);
});
