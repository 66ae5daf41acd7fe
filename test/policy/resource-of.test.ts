import { describe, expect, it } from "vitest";
import { isPrefix, resourceOf, segmentsOf } from "../../src/policy/resource-of.ts";

describe("isPrefix", () => {
  it.each([
    { resource: "", pattern: "/", expected: true },
    { resource: "", pattern: "/*", expected: true },
    { resource: "/mcp", pattern: "/mcp", expected: true },
    { resource: "/mcp", pattern: "/mcp/", expected: true },
    { resource: "/mcp", pattern: "/mcp/:id", expected: true },
    { resource: "/mcp", pattern: "/mcp/*", expected: true },
    { resource: "/mcp", pattern: "/mcps", expected: false },
    { resource: "/mcp", pattern: "/MCP", expected: false },
    { resource: "/mcp", pattern: "/", expected: false },
    { resource: "/mcp", pattern: "/*", expected: false },
    { resource: "/mcp", pattern: "/:mcp", expected: false },
    { resource: "/mcp/a", pattern: "/mcp", expected: false },
    { resource: "/mcp/a", pattern: "/mcp/:id", expected: false },
    { resource: "/mcp/", pattern: "/mcp/", expected: true },
    { resource: "/mcp/", pattern: "/mcp/x", expected: true },
    { resource: "/mcp/", pattern: "/mcp/*", expected: true },
    { resource: "/mcp/", pattern: "/mcp", expected: false },
    { resource: "/@me", pattern: "/%40me/x", expected: true },
    { resource: "/%40me", pattern: "/@me", expected: true },
    { resource: "/%3Aid", pattern: "/:id", expected: false },
    { resource: "/%3Aid", pattern: "/%3Aid", expected: true },
    { resource: "/%2A", pattern: "/*", expected: false },
  ])("of '$resource' and $pattern is $expected", ({ resource, pattern, expected }) => {
    expect(isPrefix(segmentsOf(resource), segmentsOf(pattern))).toBe(expected);
  });
});

describe("resourceOf", () => {
  const resources = new Map(
    ["/a/b", "/a", ""].map((path) => [path, { path, name: undefined, scopes: [], acceptsTokens: true }]),
  );

  it.each([
    { pattern: "/a/b/c", expected: "/a/b" },
    { pattern: "/a/:b", expected: "/a" },
    { pattern: "/c", expected: "" },
  ])("is the longest of $pattern: '$expected'", ({ pattern, expected }) => {
    expect(resourceOf(resources, pattern).path).toBe(expected);
  });

  it("fails where a damaged policy has none", () => {
    expect(() => resourceOf(new Map(), "/a")).toThrow("A route belongs to no protected resource.");
  });
});
