import { describe, expect, test } from "vitest";
import { parsePathPattern, shapeOf } from "../../../src/policy/routing/path-pattern.ts";

const literal = (text: string) => ({ kind: "literal", text });
const parameter = (name: string) => ({ kind: "parameter", name });

describe("a path pattern is read into segments", () => {
  test.each([
    { name: "the root has none", input: "/", expected: [] },
    { name: "literals", input: "/orders/open", expected: [literal("orders"), literal("open")] },
    { name: "a parameter", input: "/orders/:order_id2", expected: [literal("orders"), parameter("order_id2")] },
    { name: "a wildcard", input: "/files/*", expected: [literal("files"), { kind: "wildcard" }] },
    { name: "a wildcard alone", input: "/*", expected: [{ kind: "wildcard" }] },
    { name: "a literal is decoded", input: "/%40me/caf%C3%A9", expected: [literal("@me"), literal("café")] },
    { name: "an escaped asterisk is a literal", input: "/a/%2A", expected: [literal("a"), literal("*")] },
    { name: "an escaped colon is a literal", input: "/%3Aid", expected: [literal(":id")] },
    { name: "a colon within a segment is a literal", input: "/orders:search", expected: [literal("orders:search")] },
    { name: "a path next to the gateway's", input: "/_gateways", expected: [literal("_gateways")] },
    { name: "as long as a path may be", input: `/${"a".repeat(8191)}`, expected: [literal("a".repeat(8191))] },
    {
      name: "as many segments as fit",
      input: "/a".repeat(256),
      expected: Array.from({ length: 256 }, () => literal("a")),
    },
    {
      name: "as many segments as fit, a trailing slash included",
      input: `${"/a".repeat(255)}/`,
      expected: [...Array.from({ length: 255 }, () => literal("a")), literal("")],
    },
    {
      name: "a wildcard for all further segments",
      input: `${"/a".repeat(255)}/*`,
      expected: [...Array.from({ length: 255 }, () => literal("a")), { kind: "wildcard" }],
    },
    { name: "a trailing slash is a literal", input: "/orders/", expected: [literal("orders"), literal("")] },
    {
      name: "a slash after a parameter",
      input: "/orders/:id/",
      expected: [literal("orders"), parameter("id"), literal("")],
    },
    { name: "a slash after an unusual literal", input: "/caf%C3%A9/", expected: [literal("café"), literal("")] },
    {
      name: "a path next to the gateway's, with a slash",
      input: "/_gateways/",
      expected: [literal("_gateways"), literal("")],
    },
    { name: "another well-known path", input: "/.well-known/x", expected: [literal(".well-known"), literal("x")] },
  ])("$name", ({ input, expected }) => {
    expect(parsePathPattern(input)).toEqual({ ok: true, value: expected });
  });
});

describe("a pattern that no request could match as meant is refused", () => {
  test.each([
    { name: "no leading slash", input: "orders", expected: "does not start with a slash. Write `/orders`." },
    { name: "empty", input: "", expected: "does not start with a slash. Write `/`." },
    {
      name: "longer than any path",
      input: `/${"a".repeat(8192)}`,
      expected: "longer than 8192 bytes. The gateway refuses",
    },
    {
      name: "one segment more than fits",
      input: "/a".repeat(257),
      expected: "has 257 segments, more than 256. Shorten it. In a route, a `*` at the end matches all",
    },
    {
      name: "a trailing slash more than fits",
      input: `${"/a".repeat(256)}/`,
      expected: "has 257 segments, more than 256. Shorten it. In a route, a `*` at the end matches all",
    },
    {
      name: "a wildcard more than fits",
      input: `${"/:a".repeat(256)}/*`,
      expected: "has 257 segments, more than 256. Shorten it. In a route, a `*` at the end matches all",
    },
    {
      name: "of more segments than fit",
      input: "/a".repeat(4097),
      expected: "longer than 8192 bytes. The gateway refuses",
    },
    { name: "two slashes at the end", input: "/orders//", expected: "an empty segment. The gateway refuses" },
    { name: "slashes only", input: "//", expected: "an empty segment. The gateway refuses" },
    { name: "parameters at a trailing slash", input: "/orders/;v=1", expected: "contains path parameters. Leave out" },
    { name: "a dot segment before a trailing slash", input: "/a/./", expected: "not in canonical form. Write `/a/`." },
    { name: "a query", input: "/orders?x=1", expected: "contains `?` or `#`. A query is never matched" },
    { name: "path parameters", input: "/orders;v=1", expected: "contains path parameters. Leave out" },
    { name: "encoded path parameters", input: "/orders%3bv", expected: "contains path parameters. Leave out" },
    { name: "an escape that need not be", input: "/%6frders", expected: "not in canonical form. Write `/orders`." },
    { name: "an escape in lower case", input: "/caf%c3%a9", expected: "not in canonical form. Write `/caf%C3%A9`." },
    { name: "a raw character that must be escaped", input: "/café", expected: "canonical form. Write `/caf%C3%A9`." },
    { name: "a dot segment", input: "/a/../b", expected: "not in canonical form. Write `/b`." },
    { name: "a backslash", input: "/a\\b", expected: "not in canonical form. Write `/a/b`." },
    { name: "an empty segment", input: "/a//b", expected: "an empty segment. The gateway refuses" },
    { name: "an empty first segment", input: "//a", expected: "an empty segment. The gateway refuses" },
    { name: "an encoded slash", input: "/a%2Fb", expected: "encoded separator or control. The gateway refuses" },
    { name: "a wildcard before the end", input: "/*/a", expected: "not the whole last segment. Write %2A" },
    {
      name: "a wildcard before a trailing slash",
      input: "/a/*/",
      expected: "after its `*`. Remove the slash",
    },
    { name: "a wildcard within a segment", input: "/a*", expected: "not the whole last segment. Write %2A" },
    { name: "two asterisks", input: "/**", expected: "not the whole last segment. Write %2A" },
    { name: "a parameter without a name", input: "/:", expected: "`:` is not a parameter. Name it" },
    { name: "a parameter whose name begins with a digit", input: "/:1", expected: "`:1` is not a parameter. Name it" },
    { name: "a parameter that is part of a segment", input: "/:id.json", expected: "`:id.json` is not a parameter." },
    { name: "a parameter named twice", input: "/:id/x/:id", expected: "has `:id` twice. Name each" },
    { name: "the gateway's own path", input: "/_gateway", expected: "belongs to the gateway. Choose another" },
    {
      name: "the gateway's own path with a slash",
      input: "/_gateway/",
      expected: "belongs to the gateway. Choose another",
    },
    { name: "a path beneath it", input: "/_gateway/*", expected: "belongs to the gateway. Choose another" },
    {
      name: "the metadata of protected resources",
      input: "/.well-known/oauth-protected-resource/orders",
      expected: "belongs to the gateway. Choose another",
    },
    {
      name: "a path that only begins like it",
      input: "/.well-known/oauth-protected-resources",
      expected: "belongs to the gateway. Choose another",
    },
  ])("$name", ({ input, expected }) => {
    const result = parsePathPattern(input);
    expect(result.ok).toBe(false);
    expect(!result.ok && `${result.failure.message} ${result.failure.hint}`).toContain(expected);
  });
});

test.each([
  { pattern: "/", expected: "/" },
  { pattern: "/orders/:id/lines/:line", expected: "/orders/:/lines/:" },
  { pattern: "/orders/:id/", expected: "/orders/:/" },
  { pattern: "/orders:search/*", expected: "/orders:search/*" },
  { pattern: "/%3Aid", expected: "/%3Aid" },
])("the shape of $pattern is $expected", ({ pattern, expected }) => {
  expect(shapeOf(pattern)).toBe(expected);
});
