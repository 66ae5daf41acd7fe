import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createIsLooser } from "../../../../../../src/policy/analysis/lint/shared/is-looser.ts";
import type { Policy, Route } from "../../../../../../src/policy/policy.ts";
import { rewritePath } from "../../../../../../src/policy/routing/rewrite-path.ts";
import { lintsWithCode, messagesOf } from "../../../../../support/policy/lints.ts";
import { compiled, policyFileWith } from "../../../../../support/policy/policy-file.ts";
import { ALL_METHODS, methods, pathsUpTo, pattern, runs, served } from "../../../../../support/policy/random-policy.ts";

const CODE = "shared-upstream-path";
type Members = Record<string, unknown>;
const STRICT = { methods: ["GET"], scopes: ["write:orders"], upstream: "orders" };
const LOOSE = { methods: ["GET"], authenticated: true, upstream: "orders" };

const file = (routes: readonly Members[], upstreams: Members = { orders: { url: "https://orders.example" } }) =>
  policyFileWith({ upstreams, routes }) as Members & { readonly routes: unknown };

describe("two routes with one path at the upstream", () => {
  it.each<{ name: string; routes: readonly Members[]; upstreams?: Members; expected: string }>([
    {
      name: "by a template onto the other's path",
      routes: [
        { ...STRICT, path: "/orders/:id" },
        { ...LOOSE, path: "/mine/:id", upstreamPath: "/orders/:id" },
      ],
      expected:
        "`GET /mine/x` reaches `/orders/x` of the upstream, for callers whom `/orders/:id` (routes[0]) refuses there.",
    },
    {
      name: "by two templates with different shapes",
      routes: [
        { ...LOOSE, path: "/a/:x/:y", upstreamPath: "/v2/:y/:x" },
        { ...STRICT, path: "/b/*", upstreamPath: "/v2/admin/*" },
      ],
      expected:
        "`GET /a/x/admin` reaches `/v2/admin/x` of the upstream, for callers whom `/b/*` (routes[1]) refuses there.",
    },
    {
      name: "by two wildcards of which a more specific route takes the short paths",
      routes: [
        { ...STRICT, path: "/a/*", upstreamPath: "/v2/*" },
        { ...LOOSE, path: "/b/*", upstreamPath: "/v2/*" },
        { ...STRICT, path: "/b/:x", upstreamPath: "/other" },
        { ...STRICT, path: "/b/:x/", upstreamPath: "/other" },
      ],
      expected: "`GET /b/x/x2` reaches `/v2/x/x2` of the upstream, for callers whom `/a/*` (routes[0]) refuses there.",
    },
    {
      name: "by a parameter that stands twice",
      routes: [
        { ...STRICT, path: "/a/:x/:y", upstreamPath: "/:x/:y" },
        { ...LOOSE, path: "/b/:z", upstreamPath: "/:z/:z" },
      ],
      expected: "`GET /b/x` reaches `/x/x` of the upstream, for callers whom `/a/:x/:y` (routes[0]) refuses there.",
    },
    {
      name: "by a parameter that is left out",
      routes: [
        { ...STRICT, path: "/a", upstreamPath: "/fixed" },
        { ...LOOSE, path: "/b/:x/*", upstreamPath: "/fixed" },
      ],
      expected: "`GET /b/x/x2` reaches `/fixed` of the upstream, for callers whom `/a` (routes[0]) refuses there.",
    },
    {
      name: "by prefixes of two upstreams with one origin",
      routes: [
        { ...STRICT, path: "/api/x" },
        { ...LOOSE, path: "/x", upstream: "based" },
      ],
      upstreams: { orders: { url: "https://orders.example" }, based: { url: "https://orders.example/api" } },
      expected: "`GET /x` reaches `/api/x` of the upstream, for callers whom `/api/x` (routes[0]) refuses there.",
    },
    {
      name: "by a prefix that is taken off, with a slash behind it and without",
      routes: [
        { ...LOOSE, path: "/shop" },
        { ...STRICT, path: "/shop/" },
      ],
      upstreams: { orders: { url: "https://orders.example", stripPrefix: "/shop" } },
      expected: "`GET /shop` reaches `/` of the upstream, for callers whom `/shop/` (routes[1]) refuses there.",
    },
    {
      name: "by one service in two upstreams",
      routes: [
        { ...STRICT, path: "/x" },
        { ...LOOSE, path: "/y/x", upstream: "cut" },
      ],
      upstreams: { orders: { service: "ORDERS" }, cut: { service: "ORDERS", stripPrefix: "/y" } },
      expected: "`GET /y/x` reaches `/x` of the upstream, for callers whom `/x` (routes[0]) refuses there.",
    },
    {
      name: "by another spelling of a literal",
      routes: [
        { ...STRICT, path: "/%40me" },
        { ...LOOSE, path: "/b", upstreamPath: "/@me" },
      ],
      expected: "`GET /b` reaches `/@me` of the upstream, for callers whom `/%40me` (routes[0]) refuses there.",
    },
  ])("$name", ({ routes, upstreams, expected }) => {
    expect(messagesOf(file(routes, upstreams), CODE)).toEqual([expected]);
  });

  it("several stricter routes are one finding, at the template", () => {
    const routes = [
      { ...STRICT, path: "/a/:x" },
      { ...STRICT, path: "/a/b" },
      { ...LOOSE, path: "/c/:x", upstreamPath: "/a/:x" },
    ];
    expect(lintsWithCode(file(routes), CODE)).toEqual([`${CODE} $.routes[2].upstreamPath`]);
    expect(messagesOf(file(routes), CODE)[0]).toContain("It is looser than 1 more route there.");
  });

  it.each<{ name: string; routes: readonly Members[]; upstreams?: Members }>([
    {
      name: "the same requirement",
      routes: [
        { ...LOOSE, path: "/a" },
        { ...LOOSE, path: "/b", upstreamPath: "/a" },
      ],
    },
    {
      name: "other methods",
      routes: [
        { ...STRICT, path: "/a" },
        { ...LOOSE, methods: ["POST"], path: "/b", upstreamPath: "/a" },
      ],
    },
    {
      name: "another upstream",
      routes: [
        { ...STRICT, path: "/a" },
        { ...LOOSE, path: "/b", upstream: "other", upstreamPath: "/a" },
      ],
      upstreams: { orders: { url: "https://orders.example" }, other: { url: "https://other.example" } },
    },
    {
      name: "a more specific route in between",
      routes: [
        { ...STRICT, path: "/a/b" },
        { ...LOOSE, path: "/c/:x", upstreamPath: "/a/:x" },
        { ...STRICT, path: "/c/b", upstreamPath: "/a/b" },
      ],
    },
    {
      name: "another length",
      routes: [
        { ...STRICT, path: "/a/:x" },
        { ...LOOSE, path: "/b/:x", upstreamPath: "/a/:x/" },
      ],
    },
    {
      name: "a trailing slash that no parameter is",
      routes: [
        { ...STRICT, path: "/a/" },
        { ...LOOSE, path: "/b/:x", upstreamPath: "/a/:x" },
        { ...LOOSE, path: "/c/*", upstreamPath: "/a/*" },
      ],
    },
    {
      name: "no rewriting",
      routes: [
        { ...STRICT, path: "/a/b" },
        { ...LOOSE, path: "/a/:x" },
      ],
    },
  ])("not with $name", ({ routes, upstreams }) => {
    expect(messagesOf(file(routes, upstreams), CODE)).toEqual([]);
  });

  it("a reason suppresses it", () => {
    const lint = { [CODE]: "The upstream shows less without a scope." };
    const routes = [
      { ...STRICT, path: "/a" },
      { ...LOOSE, path: "/b", upstreamPath: "/a", lint },
    ];
    expect(messagesOf(file(routes), CODE)).toEqual([]);
    expect(messagesOf(file(routes), "needless-silence")).toEqual([]);
  });
});

describe("by brute force", () => {
  const requirement = fc.constantFrom<Members>(
    { public: true },
    { authenticated: true },
    { scopes: ["read:orders"] },
    { scopes: ["write:orders"] },
  );
  const route = fc
    .record({
      path: pattern,
      methods,
      requirement,
      upstream: fc.constantFrom("one", "two", "cut"),
      template: fc.option(fc.array(fc.constantFrom("a", "b", "0", "1", "2", "*", ""), { maxLength: 3 })),
    })
    .map(({ path, methods, requirement, upstream, template }) => {
      const names = path.split("/").filter((part) => part.startsWith(":"));
      const parts = template?.flatMap((part, at) => {
        const isLast = at === template.length - 1;
        if (part === "*") return isLast && path.endsWith("/*") ? ["*"] : [];
        if (part === "") return isLast && at > 0 ? [""] : [];
        return /\d/.test(part) ? (names[Number(part)] ?? []) : [part];
      });
      const upstreamPath = parts && `/${parts.join("/")}`.replace(/^\/$/, "/");
      const isCut = upstream !== "cut" || path === "/a" || path.startsWith("/a/");
      return {
        ...{ path, methods, ...requirement, upstream: isCut ? upstream : "one" },
        ...(upstreamPath !== undefined && { upstreamPath }),
      };
    });
  const policyFile = fc.array(route, { minLength: 2, maxLength: 6 }).map((routes) => {
    const taken = new Set<string>();
    return policyFileWith({
      upstreams: {
        one: { url: "https://one.example" },
        two: { url: "https://one.example/a" },
        cut: { url: "https://one.example", stripPrefix: "/a" },
      },
      routes: routes.filter(({ path, methods: listed }) => {
        const keys = listed.map((method) => `${method} ${path}`);
        if (keys.some((key) => taken.has(key))) return false;
        for (const key of keys) taken.add(key);
        return true;
      }),
    });
  });

  /** A template can cut two segments off, and the upstream's path may have four. */
  const PATHS = pathsUpTo(6);

  /** The routes by which each request of the upstream is reached. */
  function reaching(policy: Policy): ReadonlyMap<string, ReadonlySet<Route>> {
    const found = new Map<string, Set<Route>>();
    for (const path of PATHS) {
      for (const method of ALL_METHODS) {
        const route = served(policy, method, path);
        if (route?.upstream.kind !== "url") continue;
        const sent = route.rewriting ? rewritePath(route.rewriting, path) : path;
        const request = `${method} ${route.upstream.pathPrefix + sent || "/"}`;
        found.set(request, (found.get(request) ?? new Set()).add(route));
      }
    }
    return found;
  }

  it("a route is reported exactly if some request reaches, through it, a path that a stricter route leads to", () => {
    let count = 0;
    fc.assert(
      fc.property(policyFile, (file) => {
        const policy = compiled(file);
        const isLooser = createIsLooser(policy);
        const expected = new Set<number>();
        for (const routes of reaching(policy).values()) {
          for (const one of routes) {
            for (const other of routes) {
              if (one.index >= other.index) continue;
              if (isLooser(one.requirement, other.requirement)) expected.add(one.index);
              else if (isLooser(other.requirement, one.requirement)) expected.add(other.index);
            }
          }
        }
        count += expected.size;
        const found = lintsWithCode(file as unknown as { routes: unknown }, CODE).map(
          (line) => /\[(\d+)\]/.exec(line)?.[1],
        );
        expect(found.map(Number).sort()).toEqual([...expected].sort());
      }),
      runs(400),
    );
    expect(count).toBeGreaterThan(100);
  }, 60_000);
});
