import { expect, it } from "vitest";
import { groupPaths } from "../../../../src/cli/console/routes/route-groups.ts";

function groupsOf(paths: readonly string[]): Record<string, readonly string[]> {
  const { names, groupOf } = groupPaths(paths);
  expect(new Set(names).size).toBe(names.length);
  return Object.fromEntries(names.map((name, at) => [name, paths.filter((_, index) => groupOf[index] === at)]));
}

const many = (count: number, path: (at: number) => string) => Array.from({ length: count }, (_, at) => path(at));

it.each<{ name: string; paths: readonly string[]; names: readonly string[] }>([
  { name: "no path", paths: [], names: ["/"] },
  { name: "one path", paths: ["/orders/:id"], names: ["/orders/:id"] },
  { name: "the root alone", paths: ["/", "/"], names: ["/"] },
  {
    name: "the first segment",
    paths: ["/orders", "/products/:id", "/orders/:id", "/products"],
    names: ["/orders", "/products"],
  },
  {
    name: "the first segment after what all begin with",
    paths: ["/api/v1/a", "/api/v1/a/x", "/api/v1/b"],
    names: ["/api/v1/a", "/api/v1/b"],
  },
  { name: "nothing, where each path would be a group", paths: ["/api/a", "/api/b", "/api/c"], names: ["/api"] },
  { name: "whole segments only", paths: ["/order", "/orders", "/orders/:id"], names: ["/order", "/orders"] },
  {
    name: "the next segment in a group of more than 50",
    paths: ["/x", ...many(51, (at) => `/:tenant/r${at % 5}`)],
    names: ["/x", ...many(5, (at) => `/:tenant/r${at}`)],
  },
  {
    name: "only the first segment in a group of 50",
    paths: ["/x", ...many(50, (at) => `/:tenant/r${at % 5}`)],
    names: ["/x", "/:tenant"],
  },
  {
    name: "only the first segment where a large group would fall into single paths",
    paths: ["/x", ...many(80, (at) => `/things/t${at}`)],
    names: ["/x", "/things"],
  },
  // The tools of an MCP server, and one path on many hosts.
  { name: "the path that many rows have", paths: ["/x", ...many(51, () => "/mcp")], names: ["/x", "/mcp"] },
  { name: "the only path there is", paths: many(2_000, () => "/mcp"), names: ["/mcp"] },
  {
    name: "a path that many rows have, and what is beneath it",
    paths: ["/x", ...many(60, () => "/mcp"), "/mcp/health", "/mcp/health"],
    names: ["/x", "/mcp", "/mcp/health"],
  },
])("groups by $name", ({ paths, names }) => {
  const groups = groupsOf(paths);
  expect(Object.keys(groups)).toEqual(names);
  for (const [name, members] of Object.entries(groups))
    for (const path of members) expect(name === "/" || path === name || path.startsWith(`${name}/`)).toBe(true);
});
