import { describe, expect, it } from "vitest";
import { buildPolicy } from "../../../src/policy/compiled/build-policy.ts";
import type { CompiledPolicy } from "../../../src/policy/compiled/compiled-policy.ts";
import { loadCompiledPolicy } from "../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../../../src/policy/compiled/serialize-policy.ts";
import { formatFault } from "../../../src/policy/fault.ts";
import type { ServedPolicy } from "../../../src/policy/policy.ts";
import { compiled, policyFile, policyFileWith } from "../../support/policy/policy-file.ts";

const READ = { scopes: ["read:orders"] };
const TOOLS = { path: "/mcp", upstream: "orders" };
const RULES = {
  name: "Order tools",
  methods: { "tools/list": { authenticated: true }, "notifications/*": { authenticated: true } },
  tools: { get_order: READ, create_order: { scopes: ["write:orders"], authentication: { acr: ["mfa"] } } },
  resources: { "orders://*": { scopes: [{ claim: "tier", in: ["gold"] }] } },
  streams: READ,
  replies: { authenticated: true },
  origins: ["https://app.example", "https://*.app.example"],
  maxBodyBytes: 4096,
  filterLists: true,
};
const ORDINARY = { path: "/orders", methods: ["GET"], ...READ, upstream: "orders" };

const fileWith = (rules: object, ...others: readonly object[]) =>
  policyFileWith({ routes: [ORDINARY, { ...TOOLS, mcp: rules }, ...others] });

function stored(file: unknown): CompiledPolicy {
  const result = compileForWorker(file, {});
  if (!result.ok) throw new Error(result.failure.map(formatFault).join("\n"));
  return JSON.parse(JSON.stringify(result.value));
}

function restored(file: unknown): ServedPolicy {
  const result = loadCompiledPolicy(stored(file), {}, OPTIONAL_MODULES);
  if (!result.ok) throw new Error(result.failure.map(formatFault).join("\n"));
  return result.value;
}

describe("the rules of messages", () => {
  it.each([
    { name: "all that can be written", file: fileWith(RULES) },
    { name: "the least that can be written", file: fileWith({ tools: { get_order: READ } }) },
    {
      name: "those of two routes",
      file: fileWith(RULES, {
        path: "/more",
        upstream: "orders",
        mcp: { prompts: { a: READ, "*": { authenticated: true } } },
      }),
    },
  ])("are the same after a build: $name", ({ file }) => {
    const { table, hasMessages, testedClaims, asksForAuthentication, resources } = restored(file);
    const policy = compiled(file);
    for (const route of policy.routes) expect(table.match(route.path)?.byMethod.values().next().value).toEqual(route);
    expect({ hasMessages, testedClaims, asksForAuthentication, resources }).toEqual({
      hasMessages: true,
      testedClaims: policy.testedClaims,
      asksForAuthentication: policy.asksForAuthentication,
      resources: policy.resources,
    });
  });

  it("make the metadata of each host", () => {
    const file = policyFileWith({
      hosts: ["a.example", "b.example"],
      routes: [{ ...TOOLS, hosts: ["a.example"], mcp: RULES }],
    });
    const { byHost } = restored(file);
    expect(byHost).toEqual(compiled(file).byHost);
    expect(byHost?.get("a.example")?.resources.get("/mcp")?.scopes).toEqual([
      "https://api.example/read:orders",
      "https://api.example/write:orders",
    ]);
  });

  it("are a fault for a Worker without the module", () => {
    const result = loadCompiledPolicy(stored(fileWith(RULES)), {}, { ...OPTIONAL_MODULES, mcp: undefined });
    expect(result.ok ? [] : result.failure.map(({ message }) => message)).toEqual([
      "The Worker was built for another policy: it has no module for `mcp`.",
    ]);
  });

  it("are refused if one lacks its requirement", () => {
    const damaged = stored(fileWith(RULES));
    const broken = {
      ...damaged,
      routes: { ...damaged.routes, mcp: { 1: { ...damaged.routes.mcp?.[1], streams: 99 } } },
    };
    const result = loadCompiledPolicy(broken as CompiledPolicy, {}, OPTIONAL_MODULES);
    if (!result.ok) throw new Error("It has no fault before its route is asked for.");
    expect(() => result.value.table.match("/mcp")).toThrow("lacks a requirement of a message");
  });

  it("do not change what a policy without them is compiled to", () => {
    expect(JSON.stringify(stored(policyFile()))).not.toContain("mcp");
  });
});

describe("the digest", () => {
  const digestOf = async (file: unknown): Promise<string> => {
    const built = await buildPolicy(file, {});
    if (!built.ok) throw new Error(built.failure.map(formatFault).join("\n"));
    return built.value.digest;
  };

  it("is the same for entries, members, origins and routes in another order", async () => {
    const reversed = Object.fromEntries(
      Object.entries(RULES)
        .reverse()
        .map(([name, value]) => {
          if (Array.isArray(value)) return [name, value.toReversed()];
          return [name, typeof value === "object" ? Object.fromEntries(Object.entries(value).reverse()) : value];
        }),
    );
    const routes = [{ ...TOOLS, mcp: reversed }, ORDINARY];
    expect(await digestOf(policyFileWith({ routes }))).toBe(await digestOf(fileWith(RULES)));
  });

  it.each([
    { name: "a requirement", rules: { tools: { ...RULES.tools, get_order: { scopes: ["write:orders"] } } } },
    { name: "a name", rules: { tools: { get_orders: READ } } },
    { name: "the table of a name", rules: { tools: {}, prompts: RULES.tools } },
    { name: "a method", rules: { methods: {} } },
    { name: "a resource", rules: { resources: {} } },
    { name: "the resource's name", rules: { name: "Tools" } },
    { name: "streams", rules: { streams: { authenticated: true } } },
    { name: "replies", rules: { replies: READ } },
    { name: "origins", rules: { origins: ["https://app.example"] } },
    { name: "the longest message", rules: { maxBodyBytes: 4097 } },
    { name: "lists", rules: { filterLists: false } },
  ])("differs with $name", async ({ rules }) => {
    expect(await digestOf(fileWith({ ...RULES, ...rules }))).not.toBe(await digestOf(fileWith(RULES)));
  });
});
