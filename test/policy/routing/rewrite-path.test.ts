import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalPath } from "../../../src/policy/routing/canonical-path.ts";
import { parsePathPattern } from "../../../src/policy/routing/path-pattern.ts";
import { PatternIndex } from "../../../src/policy/routing/pattern-index.ts";
import { rewritePath, rewritingOf } from "../../../src/policy/routing/rewrite-path.ts";

interface Case {
  readonly path: string;
  readonly upstreamPath?: string;
  readonly stripPrefix?: string;
  readonly sent: Readonly<Record<string, string>>;
}

describe("the path for the upstream", () => {
  const cases: readonly Case[] = [
    { path: "/orders/:id", sent: { "/orders/7": "/orders/7" } },
    {
      path: "/orders/:id",
      upstreamPath: "/v2/orders/:id",
      sent: {
        "/orders/7": "/v2/orders/7",
        "/orders/a%20b": "/v2/orders/a%20b",
        "/orders/%40me": "/v2/orders/%40me",
        "/orders/caf%C3%A9": "/v2/orders/caf%C3%A9",
        "/orders/a%2Fb": "/v2/orders/a%2Fb",
        "/orders/7;v=1": "/v2/orders/7;v=1",
        "/orders;v=1/7": "/v2/orders/7",
        "/orders/:id": "/v2/orders/:id",
        "/orders/*": "/v2/orders/*",
      },
    },
    { path: "/:a/:b", upstreamPath: "/:b/:a/:b", sent: { "/x/y": "/y/x/y" } },
    { path: "/:a/:b", upstreamPath: "/fixed", sent: { "/x/y": "/fixed" } },
    { path: "/:a/:b", upstreamPath: "/", sent: { "/x/y": "/" } },
    { path: "/", upstreamPath: "/home", sent: { "/": "/home" } },
    { path: "/orders/", upstreamPath: "/v2/orders/", sent: { "/orders/": "/v2/orders/" } },
    { path: "/:id/", upstreamPath: "/v2/:id", sent: { "/7/": "/v2/7" } },
    { path: "/:id", upstreamPath: "/v2/:id/", sent: { "/7": "/v2/7/" } },
    {
      path: "/files/*",
      upstreamPath: "/store/*",
      sent: { "/files/a": "/store/a", "/files/a/": "/store/a/", "/files/a/b%2Fc/d": "/store/a/b%2Fc/d" },
    },
    { path: "/:tenant/files/*", upstreamPath: "/store/:tenant/*", sent: { "/t/files/a/b": "/store/t/a/b" } },
    { path: "/*", upstreamPath: "/*", sent: { "/a/b/": "/a/b/" } },
    { path: "/@me", upstreamPath: "/users/@me", sent: { "/@me": "/users/@me", "/%40me": "/users/@me" } },
    {
      path: "/shop/*",
      stripPrefix: "/shop",
      sent: { "/shop/a": "/a", "/shop/a/b/": "/a/b/", "/shop;v=1/a": "/a", "/shop/shop/a": "/shop/a" },
    },
    { path: "/shop", stripPrefix: "/shop", sent: { "/shop": "" } },
    { path: "/shop/", stripPrefix: "/shop", sent: { "/shop/": "/" } },
    { path: "/@a/b/:c", stripPrefix: "/@a/b", sent: { "/@a/b/c": "/c", "/%40a/b/c": "/c" } },
    { path: "/shop/a", upstreamPath: "/whole", stripPrefix: "/shop", sent: { "/shop/a": "/whole" } },
  ];

  it.each(cases)("$path, as $upstreamPath and without $stripPrefix", ({ path, upstreamPath, stripPrefix, sent }) => {
    const rewriting = rewritingOf(path, upstreamPath, stripPrefix);
    const found = Object.keys(sent).map((from) => [from, rewriting ? rewritePath(rewriting, from) : from]);
    expect(Object.fromEntries(found)).toEqual(sent);
  });

  it("is refused if a damaged policy names a parameter that the path lacks", () => {
    expect(() => rewritingOf("/a/:id", "/b/:other", undefined)).toThrow("has no :other");
  });
});

describe("canonical by construction", () => {
  const literal = fc.constantFrom("a", "orders", "@me", "%40me", "a.b", "caf%C3%A9", "%20", "..a");
  const parameter = fc.constantFrom(":id", ":name", ":x");
  const segment = fc.constantFrom("7", "a%2Fb", "%20", "%25", "x;v=1", "caf%C3%A9", ".x", "a%3Bb", ":id", "*", "'");
  const route = fc
    .record({
      parts: fc.uniqueArray(fc.oneof(literal, parameter), { maxLength: 4 }),
      end: fc.constantFrom("", "/", "/*"),
      template: fc.array(fc.oneof(literal, fc.nat(3)), { maxLength: 5 }),
      templateEnd: fc.constantFrom("", "/", "*"),
    })
    .map(({ parts, end, template, templateEnd }) => {
      const path = `/${parts.join("/")}`.replace(/\/$/, "") + end || "/";
      const names = parts.filter((part) => part.startsWith(":"));
      const built = template.flatMap((part) => (typeof part === "string" ? part : (names[part] ?? [])));
      const last = templateEnd === "*" ? (end === "/*" ? "/*" : "") : templateEnd;
      return { path, upstreamPath: (built.length > 0 ? `/${built.join("/")}` : "") + last || "/" };
    })
    .filter(({ path }) => parsePathPattern(path).ok);

  it("a template makes of a canonical path a canonical path, and keeps the segments that it names", () => {
    fc.assert(
      fc.property(route, fc.array(segment, { minLength: 6, maxLength: 6 }), fc.boolean(), (route, fill, slash) => {
        let at = 0;
        const next = () => fill[at++ % fill.length] ?? "x";
        const raw = route.path.replace(/:\w+|\*$/g, (part) =>
          part === "*" ? `${next()}/${next()}${slash ? "/" : ""}` : next(),
        );
        const path = canonicalPath(raw, true);
        if (!path.ok) return;
        expect(new PatternIndex([route.path]).find(path.value)).toBe(1);
        const rewriting = rewritingOf(route.path, route.upstreamPath, undefined);
        const sent = rewriting === undefined ? path.value : rewritePath(rewriting, path.value);
        expect(canonicalPath(sent, true)).toEqual({ ok: true, value: sent });
        // A server that decodes an encoded slash sees the same number of segments beside it.
        expect(new PatternIndex([route.upstreamPath]).find(sent)).toBe(1);
      }),
      { numRuns: 2000 },
    );
  });
});
