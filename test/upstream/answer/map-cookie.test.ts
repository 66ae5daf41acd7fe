import { describe, expect, it } from "vitest";
import { rewritePath } from "../../../src/policy/routing/rewrite-path.ts";
import { createAddressMaps } from "../../../src/upstream/answer/map-addresses.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const route = (path: string, upstream: string, upstreamPath?: string) => ({
  ...{ path, methods: ["*"], public: true, upstream },
  ...(upstreamPath !== undefined && { upstreamPath }),
});
const policy = compiled(
  policyFileWith({
    upstreams: {
      plain: { url: "https://plain.corp.example" },
      shop: { url: "https://shop.internal", stripPrefix: "/shop" },
      based: { url: "https://based.internal/base" },
      deep: { url: "https://deep.internal/base", stripPrefix: "/deep" },
      api: { url: "https://api.internal/api" },
      mounted: { service: "MOUNTED", stripPrefix: "/mounted" },
    },
    routes: [
      route("/plain/*", "plain"),
      route("/shop/*", "shop"),
      route("/based/*", "based"),
      route("/deep/*", "deep"),
      route("/orders", "api", "/v2/orders"),
      route("/orders/:id", "api", "/v2/orders/:id"),
      route("/login", "api", "/auth/login"),
      route("/t/orders/:id", "api", "/app/v2/orders/:id"),
      route("/files/*", "api", "/store/*"),
      route("/fixed/:id", "api", "/same"),
      route("/mounted/*", "mounted"),
    ],
  }),
);
const mapOf = createAddressMaps(policy);

/** The cookies as the caller of a path gets them. */
function mapped(
  path: string,
  cookies: readonly string[],
  gatewayOrigin = "https://gw.corp.example",
): readonly string[] {
  const found = policy.table.match(path)?.anyMethod;
  if (found === undefined) throw new Error(`No route serves ${path}.`);
  const sentPath = found.rewriting ? rewritePath(found.rewriting, path) : path;
  const headers = new Headers(cookies.map((cookie) => ["set-cookie", cookie] as [string, string]));
  const url = new URL(gatewayOrigin + path);
  mapOf(found.upstream)?.(headers, { route: found, path, sentPath, gatewayOrigin, url });
  return headers.getSetCookie();
}

describe("the Path of a cookie", () => {
  it.each([
    { path: "/shop/a", from: "/", to: "/shop" },
    { path: "/shop/a", from: "/cart", to: "/shop/cart" },
    { path: "/shop/a", from: "/cart/", to: "/shop/cart/" },
    { path: "/shop/a", from: "/shop", to: "/shop/shop" },
    { path: "/based/a", from: "/base", to: "/" },
    { path: "/based/a", from: "/base/", to: "/" },
    { path: "/based/a", from: "/base/based", to: "/based" },
    { path: "/based/a", from: "/", to: "/" },
    { path: "/based/a", from: "/other", to: "/other" },
    { path: "/based/a", from: "/basement", to: "/basement" },
    { path: "/deep/a", from: "/base", to: "/deep" },
    { path: "/deep/a", from: "/base/", to: "/deep/" },
    { path: "/deep/a", from: "/base/x", to: "/deep/x" },
    { path: "/deep/a", from: "/", to: "/" },
    { path: "/orders/7", from: "/api/v2/orders", to: "/orders" },
    { path: "/orders/7", from: "/api/v2/orders/", to: "/orders/" },
    { path: "/orders/7", from: "/api/v2/orders/7", to: "/orders/7" },
    { path: "/orders/7", from: "/api/v2", to: "/" },
    { path: "/orders/7", from: "/api/v2/", to: "/" },
    { path: "/login", from: "/api/v2/orders", to: "/orders" },
    { path: "/login", from: "/api", to: "/" },
    { path: "/login", from: "/api/auth/login", to: "/login" },
    { path: "/login", from: "/api/auth", to: "/" },
    { path: "/t/orders/7", from: "/api/app", to: "/t" },
    { path: "/t/orders/7", from: "/api/app/", to: "/t/" },
    { path: "/t/orders/7", from: "/api/app/v2", to: "/t" },
    { path: "/t/orders/7", from: "/api/app/v2/orders", to: "/t/orders" },
    { path: "/t/orders/7", from: "/api/app/v3", to: "/app/v3" },
    { path: "/t/orders/7", from: "/api/ap", to: "/ap" },
    { path: "/files/a/b", from: "/api/store", to: "/files" },
    { path: "/files/a/b", from: "/api/store/a", to: "/files/a" },
    { path: "/fixed/7", from: "/api/same", to: "/fixed/7" },
    { path: "/mounted/a", from: "/", to: "/mounted" },
    { path: "/mounted/a", from: "/b", to: "/mounted/b" },
    { path: "/plain/a", from: "/anything", to: "/anything" },
    { path: "/shop/a", from: "", to: "" },
    { path: "/shop/a", from: "cart", to: "cart" },
  ])("of an answer to $path, $from, is $to", ({ path, from, to }) => {
    expect(mapped(path, [`sid=1; Path=${from}; HttpOnly`])).toEqual([`sid=1; Path=${to}; HttpOnly`]);
  });

  it.each([
    { from: "sid=1;path=/", to: "sid=1;path=/shop" },
    { from: "sid=1; PATH = /cart ; Secure", to: "sid=1; PATH = /shop/cart; Secure" },
    { from: "sid=1; Path=/a; Path=/b", to: "sid=1; Path=/shop/a; Path=/shop/b" },
    { from: "sid=1; Path", to: "sid=1; Path" },
    { from: "sid=1", to: "sid=1" },
    { from: "path=/x; Max-Age=5", to: "path=/x; Max-Age=5" },
    { from: "__Host-sid=1; Path=/; Secure", to: "__Host-sid=1; Path=/; Secure" },
    { from: "__HOST-sid=1; Path=/; Secure", to: "__HOST-sid=1; Path=/; Secure" },
    { from: "__Secure-sid=1; Path=/; Secure", to: "__Secure-sid=1; Path=/shop; Secure" },
    { from: "x__Host-sid=1; Path=/", to: "x__Host-sid=1; Path=/shop" },
    { from: "sid=__Host-1; Path=/", to: "sid=__Host-1; Path=/shop" },
    {
      from: "a=b=c; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/",
      to: "a=b=c; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/shop",
    },
  ])("is found in $from", ({ from, to }) => {
    expect(mapped("/shop/a", [from])).toEqual([to]);
  });
});

describe("the Domain of a cookie", () => {
  it.each([
    { path: "/shop/a", domain: "shop.internal", isKept: false },
    { path: "/shop/a", domain: ".shop.internal", isKept: false },
    { path: "/shop/a", domain: "SHOP.internal", isKept: false },
    { path: "/shop/a", domain: "shop.internal.", isKept: false },
    { path: "/shop/a", domain: "internal", isKept: false },
    { path: "/shop/a", domain: "shop.internal:8443", isKept: false },
    { path: "/shop/a", domain: "https://shop.internal/", isKept: false },
    { path: "/shop/a", domain: "//shop.internal:80", isKept: false },
    { path: "/shop/a", domain: "https://elsewhere.example", isKept: true },
    { path: "/shop/a", domain: "corp.example:443", isKept: true },
    { path: "/shop/a", domain: "gw.corp.example", isKept: true },
    { path: "/shop/a", domain: "corp.example", isKept: true },
    { path: "/shop/a", domain: "elsewhere.example", isKept: true },
    { path: "/shop/a", domain: "p.internal", isKept: true },
    { path: "/shop/a", domain: "", isKept: true },
    { path: "/plain/a", domain: "plain.corp.example", isKept: false },
    { path: "/plain/a", domain: "corp.example", isKept: true },
    { path: "/mounted/a", domain: "gw.corp.example", isKept: true },
  ])("$domain, of an answer to $path, is kept: $isKept", ({ path, domain, isKept }) => {
    const [cookie] = mapped(path, [`sid=1; Domain=${domain}; Secure`]);
    expect(cookie).toBe(isKept ? `sid=1; Domain=${domain}; Secure` : "sid=1; Secure");
  });

  it("above both hosts goes if the gateway's host is not below it", () => {
    expect(mapped("/plain/a", ["sid=1; Domain=corp.example"], "https://gw.example")).toEqual(["sid=1"]);
  });
});

it("each of several cookies is mapped, in order", () => {
  expect(mapped("/shop/a", ["a=1; Path=/", "b=2; Domain=shop.internal", "a=3; Path=/x, y"])).toEqual([
    "a=1; Path=/shop",
    "b=2",
    "a=3; Path=/shop/x, y",
  ]);
});
