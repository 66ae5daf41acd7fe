import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rewritePath } from "../../../src/policy/routing/rewrite-path.ts";
import { routeFor } from "../../../src/policy/routing/route-table.ts";
import { createAddressMaps, hasAddresses } from "../../../src/upstream/answer/map-addresses.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const GATEWAY = "https://gw.example";
const route = (path: string, upstream: string, members: Record<string, unknown> = {}) => ({
  ...{ path, methods: ["*"], public: true, upstream },
  ...members,
});
const policy = compiled(
  policyFileWith({
    upstreams: {
      plain: { url: "https://plain.internal" },
      port: { url: "https://port.internal:8443" },
      based: { url: "https://based.internal/base" },
      shop: { url: "https://shop.internal", stripPrefix: "/shop" },
      deep: { url: "https://deep.internal/base/v1", stripPrefix: "/deep" },
      local: { url: "http://127.0.0.1:9001", stripPrefix: "/local" },
      api: { url: "https://api.internal" },
      root: { url: "https://root.internal", stripPrefix: "/root" },
      worker: { service: "WORKER" },
      mounted: { service: "MOUNTED", stripPrefix: "/mounted" },
      idn: { url: "https://b\u00fccher.internal" },
    },
    routes: [
      route("/plain/*", "plain"),
      route("/port/*", "port"),
      route("/based/*", "based"),
      route("/shop/*", "shop"),
      route("/shop", "shop"),
      route("/deep/*", "deep"),
      route("/deep", "deep"),
      route("/root", "root"),
      route("/root/", "root", { upstreamPath: "/elsewhere" }),
      route("/local/*", "local"),
      route("/orders/:id", "api", { upstreamPath: "/v2/orders/:id" }),
      route("/orders", "api", { upstreamPath: "/v2/orders" }),
      route("/twice/:id", "api", { upstreamPath: "/twice/:id/:id" }),
      route("/lossy/:id", "api", { upstreamPath: "/lossy" }),
      route("/files/*", "api", { upstreamPath: "/store/*" }),
      route("/swap/:a/:b", "api", { upstreamPath: "/s/:b/:a" }),
      route("/taken/*", "api", { upstreamPath: "/elsewhere/*" }),
      route("/kept/*", "api"),
      route("/worker/*", "worker"),
      route("/mounted/*", "mounted"),
      route("/idn/*", "idn"),
    ],
  }),
);
const mapOf = createAddressMaps(policy);

/** The headers as the caller of a path gets them. */
function mapped(path: string, headers: Headers, at = GATEWAY, gatewayOrigin = GATEWAY) {
  const group = policy.table.match(path);
  const found = group && routeFor(group, "GET");
  if (found === undefined) throw new Error(`No route serves ${path}.`);
  const sentPath = found.rewriting ? rewritePath(found.rewriting, path) : path;
  const answered = { route: found, path, sentPath, gatewayOrigin, url: new URL(at + path) };
  const isUnmapped = mapOf(found.upstream)?.(headers, answered) ?? false;
  return { headers, isUnmapped };
}

interface Case {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly isUnmapped?: true;
}

describe("an address of the upstream becomes the gateway's", () => {
  const cases: readonly Case[] = [
    // The upstream's origin.
    { path: "/plain/a", from: "https://plain.internal/plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "http://plain.internal/plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "https://plain.internal:443/plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "http://plain.internal:443/plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "http://plain.internal:80/plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "HTTPS://PLAIN.Internal/plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "https://plain.internal./plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "https://user:secret@plain.internal/plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "//plain.internal/plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "\\\\plain.internal\\plain\\b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "https:\\\\plain.internal/plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "wss://plain.internal/plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "ht\ttps://plain.internal/plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "/\t/plain.internal/plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/shop/a", from: "/\t\\shop.internal/b", to: `${GATEWAY}/shop/b` },
    { path: "/plain/a", from: "https://plain.internal", to: `${GATEWAY}/` },
    {
      path: "/plain/a",
      from: "https://plain.internal/plain/b?x=1&y=%2F#part?",
      to: `${GATEWAY}/plain/b?x=1&y=%2F#part?`,
    },
    { path: "/plain/a", from: "https://plain.internal?x", to: `${GATEWAY}/?x` },
    { path: "/plain/a", from: "https://plain.internal/plain/../plain/b", to: `${GATEWAY}/plain/b` },
    { path: "/plain/a", from: "https://plain.internal//evil.example/b", to: `${GATEWAY}//evil.example/b` },
    { path: "/port/a", from: "https://port.internal:8443/port/b", to: `${GATEWAY}/port/b` },
    { path: "/port/a", from: "http://port.internal:8443/port/b", to: `${GATEWAY}/port/b` },
    { path: "/port/a", from: "http://port.internal/port/b", to: `${GATEWAY}/port/b` },
    { path: "/idn/a", from: "https://b\u00dccher.internal/idn/b", to: `${GATEWAY}/idn/b` },
    { path: "/idn/a", from: "https://xn--bcher-kva.internal/idn/b", to: `${GATEWAY}/idn/b` },
    { path: "/local/a", from: "http://127.0.0.1:9001/b", to: `${GATEWAY}/local/b` },
    { path: "/local/a", from: "http://localhost:9001/b", to: `${GATEWAY}/local/b` },
    { path: "/local/a", from: "http://[::1]:9001/b", to: `${GATEWAY}/local/b` },
    { path: "/local/a", from: "http://127.1:9001/b", to: `${GATEWAY}/local/b` },
    { path: "/local/a", from: "https://localhost/b", to: `${GATEWAY}/local/b` },
    // The path of the upstream's URL.
    { path: "/based/a", from: "https://based.internal/base/based/b", to: `${GATEWAY}/based/b` },
    { path: "/based/a", from: "/base/based/b", to: "/based/b" },
    { path: "/based/a", from: "/base", to: "/" },
    { path: "/based/a", from: "/base/", to: "/" },
    { path: "/based/a", from: "b", to: "/based/b" },
    { path: "/based/a", from: "../x", to: "/x" },
    { path: "/based/a", from: "./", to: "/based/" },
    { path: "/based/a", from: "/base//evil.example/x", to: `${GATEWAY}//evil.example/x` },
    { path: "/based/a", from: "https://based.internal/base//evil.example/x", to: `${GATEWAY}//evil.example/x` },
    // The prefix that was taken off.
    { path: "/shop/a", from: "https://shop.internal/b", to: `${GATEWAY}/shop/b` },
    { path: "/shop/a", from: "/b", to: "/shop/b" },
    { path: "/shop/a", from: "/b/?x#y", to: "/shop/b/?x#y" },
    { path: "/shop/a", from: "/shop/b", to: "/shop/shop/b" },
    { path: "/shop/a", from: "b", to: "/shop/b" },
    { path: "/shop/a/b", from: "../c", to: "/shop/c" },
    { path: "/shop/a", from: "../../../b", to: "/shop/b" },
    { path: "/shop/a", from: "/", to: "/shop" },
    { path: "/shop", from: "/", to: "/shop" },
    { path: "/root/", from: "/", to: "/root" },
    { path: "/shop", from: "https://shop.internal/", to: `${GATEWAY}/shop` },
    { path: "/shop/a", from: "/caf%c3%a9/%7Eb", to: "/shop/caf%C3%A9/~b" },
    { path: "/shop/a", from: "/b//c", to: "/shop/b//c" },
    { path: "/shop/a", from: "/b;jsessionid=1", to: "/shop/b;jsessionid=1" },
    { path: "/deep/a", from: "https://deep.internal/base/v1/b", to: `${GATEWAY}/deep/b` },
    { path: "/deep/a", from: "/base/v1/b", to: "/deep/b" },
    { path: "/deep/a", from: "/base/v1", to: "/deep" },
    { path: "/deep", from: "/base/v1/", to: "/deep/" },
    // A template.
    { path: "/orders", from: "/v2/orders/7", to: "/orders/7" },
    { path: "/orders/8", from: "https://api.internal/v2/orders/7?x", to: `${GATEWAY}/orders/7?x` },
    { path: "/orders/8", from: "/v2/orders", to: "/orders" },
    { path: "/orders/8", from: "7", to: "/orders/7" },
    { path: "/orders/8", from: "/v2/orders/%40me", to: "/orders/%40me" },
    { path: "/orders/8", from: "/store/a/b/", to: "/files/a/b/" },
    { path: "/swap/1/2", from: "/s/3/4", to: "/swap/4/3" },
    { path: "/lossy/7", from: "/lossy", to: "/lossy/7" },
    { path: "/twice/7", from: "/twice/7/7", to: "/twice/7" },
    { path: "/kept/a", from: "/kept/b", to: "/kept/b" },
    { path: "/orders/8", from: "/kept/b", to: "/kept/b" },
    { path: "/orders/8", from: "/unserved/b", to: "/unserved/b" },
    // A service.
    { path: "/mounted/a", from: "/b", to: "/mounted/b" },
    { path: "/mounted/a", from: `${GATEWAY}/b`, to: `${GATEWAY}/mounted/b` },
    { path: "/mounted/a", from: "http://gw.example/b", to: `${GATEWAY}/mounted/b` },
    { path: "/worker/a", from: "/b", to: "/b" },
    { path: "/worker/a", from: `${GATEWAY}/b`, to: `${GATEWAY}/b` },
    // The gateway's host, which the upstream knows from X-Forwarded-Host.
    { path: "/shop/a", from: `${GATEWAY}/b`, to: `${GATEWAY}/shop/b` },
    { path: "/shop/a", from: `${GATEWAY}/shop/b`, to: `${GATEWAY}/shop/b` },
    { path: "/shop/a", from: `${GATEWAY}/kept/b`, to: `${GATEWAY}/kept/b` },
    { path: "/deep/a", from: `${GATEWAY}/base/v1/b`, to: `${GATEWAY}/deep/b` },
    { path: "/deep/a", from: `${GATEWAY}/other`, to: `${GATEWAY}/other` },
    { path: "/orders/8", from: `${GATEWAY}/v2/orders/7`, to: `${GATEWAY}/orders/7` },
    { path: "/plain/a", from: `${GATEWAY}/b`, to: `${GATEWAY}/b` },
    // The caller's own path, and other origins.
    ...["?page=2", "#part", ""].map((from) => ({ path: "/shop/a", from, to: from })),
    ...[
      "https://elsewhere.example/b",
      "//elsewhere.example/b",
      "https://shop.internal.example/b",
      "https://notshop.internal/b",
      "https://elsewhere.example/?next=https://shop.internal/b",
      "mailto:shop@shop.internal",
      "https://elsewhere.example:99999/",
      "https://elsewhere.example@evil.example/",
    ].map((from) => ({ path: "/shop/a", from, to: from })),
    { path: "/local/a", from: "http://127.0.0.1:9002/b", to: "http://127.0.0.1:9002/b" },
    { path: "/plain/a", from: "/anything//at/all", to: "/anything//at/all" },
    // No way back.
    { path: "/based/a", from: "/login", to: "/login", isUnmapped: true },
    { path: "/based/a", from: "https://based.internal/login?x#y", to: "/login?x#y", isUnmapped: true },
    { path: "/based/a", from: "https://based.internal/based", to: "/based", isUnmapped: true },
    {
      path: "/based/a",
      from: "https://based.internal//evil.example/",
      to: `${GATEWAY}//evil.example/`,
      isUnmapped: true,
    },
    { path: "/based/a", from: "https://based.internal/basement", to: "/basement", isUnmapped: true },
    { path: "/plain/a", from: "https://plain.internal:9999/b", to: "/b", isUnmapped: true },
    { path: "/orders/8", from: "/orders/7", to: "/orders/7", isUnmapped: true },
    { path: "/orders/8", from: "/taken/7", to: "/taken/7", isUnmapped: true },
    { path: "/lossy/7", from: "https://api.internal/twice/1/2", to: `${GATEWAY}/twice/1/2` },
  ];

  describe.each(["location", "content-location"])("in %s", (name) => {
    it.each(cases)("answering $path, $from is $to", ({ path, from, to, isUnmapped = false }) => {
      const answer = mapped(path, new Headers({ [name]: from }));
      expect([answer.headers.get(name), answer.isUnmapped]).toEqual([to, isUnmapped]);
    });
  });
});

describe("headers", () => {
  it("an answer without an address stays as it is", () => {
    const before = { "content-type": "text/plain", link: "<https://shop.internal/a>", refresh: "1; /a" };
    const { headers, isUnmapped } = mapped("/shop/a", new Headers(before));
    expect([Object.fromEntries(headers), isUnmapped]).toEqual([before, false]);
    expect(hasAddresses(new Headers(before))).toBe(false);
  });

  it.each(["location", "content-location", "set-cookie"])("%s is one with an address", (name) => {
    expect(hasAddresses(new Headers({ [name]: "/" }))).toBe(true);
  });

  it.each([
    { value: "/a, https://shop.internal/b", expected: "/shop/a" },
    { value: "https://shop.internal/a, https://shop.internal/b", expected: `${GATEWAY}/shop/a` },
    { value: "/a, /b", expected: "/shop/a" },
    { value: "/a?x=1,2, 3", expected: "/shop/a?x=1,2, 3" },
    { value: "/a,b", expected: "/shop/a,b" },
  ])("of two addresses only the first is sent: $value", ({ value, expected }) => {
    expect(mapped("/shop/a", new Headers({ location: value })).headers.get("location")).toBe(expected);
  });

  it.each(["https://shop.internal:99999/b", "https://shop.internal:x/", "http://SHOP.internal:99999"])(
    "an address of the upstream that is no URL is not sent: %s",
    (location) => {
      const { headers, isUnmapped } = mapped("/shop/a", new Headers({ location }));
      expect([headers.get("location"), isUnmapped]).toEqual([null, true]);
    },
  );

  it.each([
    { at: "https://gw.example", expected: "https://api.example/shop/b" },
    { at: "http://127.0.0.1:8787", expected: "https://api.example/shop/b" },
  ])("the gateway's origin is that of publicUrl, asked at $at", ({ at, expected }) => {
    for (const from of ["https://shop.internal/b", `${at}/b`, "https://api.example/b", "https://api.example/shop/b"]) {
      const { headers } = mapped("/shop/a", new Headers({ location: from }), at, "https://api.example");
      expect(headers.get("location")).toBe(expected);
    }
  });
});

describe("a property of all answers", () => {
  const HOSTS = ["shop.internal", "deep.internal", "based.internal", "plain.internal", "port.internal", "api.internal"];
  const path = fc.constantFrom(
    "/shop/a",
    "/shop",
    "/deep/x/y",
    "/based/a",
    "/plain/a",
    "/port/a",
    "/orders/7",
    "/files/a/",
  );
  const scheme = fc.constantFrom("https:", "http:", "HTTP:", "ws:", "ftp:", "");
  const port = fc.constantFrom("", ":443", ":80", ":8443", ":0", ":65535", ":99999", ":");
  const userinfo = fc.constantFrom("", "user@", "user:pass@", "@");
  const slashes = fc.constantFrom("//", "\\\\", "/\\", "//");
  const letters = fc.constantFrom("", "UPPER", "dot", "tab");
  const rest = fc.oneof(
    fc.constantFrom(
      "",
      "/",
      "/base",
      "/base/v1/x",
      "/v2/orders/7",
      "//evil.example/",
      "/..//x",
      "?q",
      "#f",
      "/%zz",
      "/a b",
    ),
    fc.string({ maxLength: 12, unit: "grapheme-ascii" }),
  );

  it("no address names the upstream of its request, and none leads to a host that the upstream did not name", () => {
    fc.assert(
      fc.property(
        path,
        scheme,
        slashes,
        userinfo,
        letters,
        port,
        rest,
        (path, scheme, slashes, userinfo, letters, port, rest) => {
          const upstream = policy.table.match(path)?.anyMethod?.upstream;
          const own = upstream?.kind === "url" ? new URL(upstream.origin).hostname : "";
          expect(HOSTS).toContain(own);
          const spelled =
            { "": own, UPPER: own.toUpperCase(), dot: `${own}.`, tab: own.replace(".", "\t.") }[letters] ?? own;
          const value = `${scheme}${slashes}${userinfo}${spelled}${port}${rest}`;
          let headers: Headers;
          try {
            headers = new Headers({ location: value, "content-location": value });
          } catch {
            return;
          }
          for (const name of ["location", "content-location"]) {
            const sent = mapped(path, new Headers(headers)).headers.get(name);
            if (sent === null) continue;
            const seen = URL.parse(sent, GATEWAY + path);
            const meant = URL.parse(headers.get(name) ?? "", `https://${own}/`);
            expect(seen?.hostname.replace(/\.$/, "")).not.toBe(own);
            expect(["gw.example", meant?.hostname]).toContain(seen?.hostname);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("the way back leads to the very path that the upstream named, or the log says that there is none", () => {
    const segment = fc.constantFrom(
      "a",
      "7",
      "v2",
      "orders",
      "store",
      "base",
      "shop",
      "twice",
      "%40me",
      "x;y",
      "caf%C3%A9",
      "s",
    );
    const target = fc.tuple(fc.array(segment, { maxLength: 5 }), fc.boolean()).map(([parts, slash]) => {
      return parts.length === 0 ? "/" : `/${parts.join("/")}${slash ? "/" : ""}`;
    });
    fc.assert(
      fc.property(path, target, fc.boolean(), (path, target, isAbsolute) => {
        const upstream = policy.table.match(path)?.anyMethod?.upstream;
        if (upstream?.kind !== "url") throw new Error(path);
        const location = isAbsolute ? upstream.origin + target : target;
        const { headers, isUnmapped } = mapped(path, new Headers({ location }));
        const back = new URL(headers.get("location") ?? "", GATEWAY).pathname;
        if (isUnmapped) return;
        const route = policy.table.match(back)?.anyMethod;
        // A path that no route of this upstream serves leads nowhere.
        if (route?.upstream !== upstream) return;
        const inner = route.rewriting ? rewritePath(route.rewriting, back) : back;
        expect(upstream.pathPrefix + inner || "/").toBe(target);
      }),
      { numRuns: 3000 },
    );
  });
});
