import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RowRequest, rowRequests } from "../../../../src/cli/console/routes/row-requests.ts";
import { accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { compilePolicy } from "../../../../src/policy/compile/compile-policy.ts";
import type { Policy } from "../../../../src/policy/policy.ts";
import { routeFor } from "../../../../src/policy/routing/route-table.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";
import { groupOnHost, HOSTS, randomHostPolicyFile } from "../../../support/policy/random-hosts.ts";
import { ALL_METHODS, ALL_PATHS, randomPolicyFile, runs, served } from "../../../support/policy/random-policy.ts";

const upstream = "orders";
const requestsOf = (routes: readonly object[], more: object = {}): readonly (RowRequest | undefined)[] =>
  rowRequests(compiled(policyFileWith({ ...more, routes: routes.map((route) => ({ upstream, ...route })) })));

describe("the request of a row", () => {
  it.each<{ name: string; routes: readonly object[]; expected: readonly (RowRequest | undefined)[] }>([
    {
      name: "has a sample for each parameter and wildcard",
      routes: [{ path: "/orders/:id/items/*", methods: ["POST", "GET"], public: true }],
      expected: [{ method: "POST", path: "/orders/x/items/x" }],
    },
    {
      name: "is none that a more specific route takes",
      routes: [
        { path: "/orders/:id", methods: ["GET"], public: true },
        { path: "/orders/x", methods: ["GET"], authenticated: true },
      ],
      expected: [
        { method: "GET", path: "/orders/x1" },
        { method: "GET", path: "/orders/x" },
      ],
    },
    {
      name: "has a method that no other route of the path lists",
      routes: [
        { path: "/a", methods: ["*"], public: true },
        { path: "/a", methods: ["GET", "POST"], authenticated: true },
      ],
      expected: [
        { method: "PUT", path: "/a" },
        { method: "GET", path: "/a" },
      ],
    },
    {
      name: "is none for the messages that no entry of a reporting MCP route lists",
      routes: [
        {
          path: "/mcp",
          mcp: { tools: { "*": { authenticated: true } }, streams: { authenticated: true } },
          report: { until: "2999-12-31" },
        },
      ],
      expected: [
        { method: "POST", path: "/mcp", mcp: { method: "tools/call", name: "x" } },
        { method: "GET", path: "/mcp" },
        undefined,
      ],
    },
  ])("$name", ({ routes, expected }) => {
    expect(requestsOf(routes)).toEqual(expected);
  });

  it("names a host where routes name some", () => {
    const hosts = ["api.example", "admin.example"];
    const routes = [
      { path: "/a", methods: ["GET"], public: true },
      { path: "/a", methods: ["GET"], public: true, hosts: ["admin.example"] },
    ];
    expect(requestsOf(routes, { hosts })).toEqual([
      { method: "GET", path: "/a", host: "api.example" },
      { method: "GET", path: "/a", host: "admin.example" },
    ]);
  });

  it("has the message that an entry of an MCP route decides, by a name that no longer entry takes", () => {
    const any = { authenticated: true };
    const mcp = {
      methods: { "tools/list": any },
      tools: { "delete_*": any, delete_x: any, get: any },
      resources: { "orders://*": any },
      streams: any,
      replies: any,
    };
    const route = { path: "/mcp", mcp };
    const issuers = {
      main: { issuer: "https://issuer.example", profile: "rfc9068", audiences: ["https://api.example"] },
    };
    const post = { method: "POST", path: "/mcp" };
    expect(requestsOf([route], { issuers })).toEqual([
      { ...post, mcp: { method: "tools/list" } },
      { ...post, mcp: { method: "tools/call", name: "delete_0" } },
      { ...post, mcp: { method: "tools/call", name: "delete_x" } },
      { ...post, mcp: { method: "tools/call", name: "get" } },
      { ...post, mcp: { method: "resources/read", name: "orders://x" } },
      { ...post, mcp: { reply: true } },
      { method: "GET", path: "/mcp" },
    ]);
  });
});

function policyOf(file: unknown): Policy | undefined {
  const result = compilePolicy(file, {});
  return result.ok ? result.value : undefined;
}

describe("of random policies, every row has a request that its route serves, if there is one", () => {
  it("by path and method", () => {
    fc.assert(
      fc.property(randomPolicyFile, (file) => {
        const policy = compiled(file);
        const requests = rowRequests(policy);
        expect(requests).toHaveLength(accessMatrix(policy).rows.length);
        const reached = new Set(ALL_PATHS.flatMap((path) => ALL_METHODS.map((method) => served(policy, method, path))));
        for (const [at, route] of policy.routes.entries()) {
          const request = requests[at];
          if (request === undefined) expect(reached.has(route)).toBe(false);
          else expect(served(policy, request.method, request.path)).toBe(route);
        }
      }),
      runs(200),
    );
  });

  it("by host, too", () => {
    fc.assert(
      fc.property(randomHostPolicyFile, (file) => {
        const policy = policyOf(file);
        if (policy === undefined) return;
        for (const [at, request] of rowRequests(policy).entries()) {
          const route = policy.routes[at];
          if (request === undefined) continue;
          const hosts = request.host === undefined ? HOSTS : [request.host];
          for (const host of hosts) {
            const group = groupOnHost(policy, host, request.path);
            expect(group && routeFor(group, request.method)).toBe(route);
          }
        }
      }),
      runs(200),
    );
  });
});
