import { describe, expect, it } from "vitest";
import { mcpRules } from "../../../src/policy/mcp/mcp-rules.ts";
import { messageRequirements, messageTargets } from "../../../src/policy/mcp/message-targets.ts";
import { NameTable } from "../../../src/policy/mcp/name-table.ts";
import type { Requirement } from "../../../src/policy/policy.ts";

describe("what a message asks for", () => {
  it.each([
    { name: "a list", method: "tools/list", params: undefined, expected: ["methods tools/list"] },
    { name: "a list with params", method: "tools/list", params: { cursor: "2" }, expected: ["methods tools/list"] },
    {
      name: "a method with a name that decides nothing",
      method: "tasks/get",
      params: { taskId: "1" },
      expected: ["methods tasks/get"],
    },
    { name: "a tool", method: "tools/call", params: { name: "get_order" }, expected: ["tools get_order"] },
    {
      name: "a tool in another case of the method",
      method: "Tools/call",
      params: { name: "x" },
      expected: ["methods Tools/call"],
    },
    { name: "a prompt", method: "prompts/get", params: { name: "summary" }, expected: ["prompts summary"] },
    { name: "a resource", method: "resources/read", params: { uri: "orders://1" }, expected: ["resources orders://1"] },
    {
      name: "a subscription",
      method: "resources/subscribe",
      params: { uri: "orders://1" },
      expected: ["resources orders://1"],
    },
    {
      name: "its end",
      method: "resources/unsubscribe",
      params: { uri: "orders://1" },
      expected: ["resources orders://1"],
    },
    {
      name: "a completion of a prompt",
      method: "completion/complete",
      params: { ref: { type: "ref/prompt", name: "summary" } },
      expected: ["prompts summary"],
    },
    {
      name: "a completion of a template",
      method: "completion/complete",
      params: { ref: { type: "ref/resource", uri: "orders://{id}" } },
      expected: ["resources orders://{id}"],
    },
    {
      name: "notifications of resources",
      method: "subscriptions/listen",
      params: { notifications: { resourceSubscriptions: ["orders://1", "orders://2"] } },
      expected: ["resources orders://1", "resources orders://2"],
    },
    {
      name: "other notifications, too",
      method: "subscriptions/listen",
      params: { notifications: { toolsListChanged: true, resourceSubscriptions: ["orders://1"] } },
      expected: ["methods subscriptions/listen", "resources orders://1"],
    },
    {
      name: "other notifications that it declines",
      method: "subscriptions/listen",
      params: { notifications: { toolsListChanged: false, resourceSubscriptions: ["orders://1"] } },
      expected: ["resources orders://1"],
    },
    {
      name: "no resource",
      method: "subscriptions/listen",
      params: { notifications: { resourceSubscriptions: [] } },
      expected: ["methods subscriptions/listen"],
    },
    { name: "nothing", method: "subscriptions/listen", params: {}, expected: ["methods subscriptions/listen"] },
  ])("$name", ({ method, params, expected }) => {
    expect(messageTargets(method, params)?.map(({ table, name }) => `${table} ${name}`)).toEqual(expected);
  });
});

describe("a message is malformed that", () => {
  it.each([
    { name: "calls no tool", method: "tools/call", params: {} },
    { name: "has no params", method: "tools/call", params: undefined },
    { name: "has a list for params", method: "tools/call", params: ["get_order"] },
    { name: "has null for params", method: "prompts/get", params: null },
    { name: "calls a number", method: "tools/call", params: { name: 1 } },
    { name: "calls a list of tools", method: "tools/call", params: { name: ["get_order"] } },
    { name: "reads no resource", method: "resources/read", params: { name: "orders://1" } },
    { name: "reads a URI in another form", method: "resources/read", params: { uri: "orders://a/../b" } },
    { name: "completes nothing", method: "completion/complete", params: {} },
    {
      name: "completes an unknown kind",
      method: "completion/complete",
      params: { ref: { type: "ref/tool", name: "a" } },
    },
    {
      name: "completes two things",
      method: "completion/complete",
      params: { ref: { type: "ref/prompt", name: "a", uri: "orders://1" } },
    },
    {
      name: "completes two things of the other kind",
      method: "completion/complete",
      params: { ref: { type: "ref/resource", name: "a", uri: "orders://1" } },
    },
    {
      name: "completes a template in another form",
      method: "completion/complete",
      params: { ref: { type: "ref/resource", uri: "Orders://{id}" } },
    },
    { name: "listens to a text", method: "subscriptions/listen", params: { notifications: "all" } },
    {
      name: "listens to resources that are no list",
      method: "subscriptions/listen",
      params: { notifications: { resourceSubscriptions: "orders://1" } },
    },
    {
      name: "listens to a resource in another form",
      method: "subscriptions/listen",
      params: { notifications: { resourceSubscriptions: ["orders://1", "orders://A/"] } },
    },
  ])("$name", ({ method, params }) => {
    expect(messageTargets(method, params)).toBeUndefined();
  });
});

describe("what a message requires", () => {
  const any: Requirement = { kind: "authenticated" };
  const bound: Requirement = { kind: "authenticated", senderConstrained: true };
  const rules = mcpRules({
    methods: new NameTable([["tools/list", any]]),
    tools: new NameTable([["get_order", any]]),
    resources: new NameTable([
      ["orders://*", any],
      ["orders://secret", bound],
    ]),
    prompts: new NameTable([]),
    maxBodyBytes: 1024,
    filterLists: false,
  });

  it.each([
    { name: "its method", method: "tools/list", params: {}, expected: [any] },
    { name: "its tool", method: "tools/call", params: { name: "get_order" }, expected: [any] },
    {
      name: "an unlisted tool: it is refused",
      method: "tools/call",
      params: { name: "tools/list" },
      expected: undefined,
    },
    {
      name: "an unlisted method: it is refused",
      method: "tools/calls",
      params: { name: "get_order" },
      expected: undefined,
    },
    {
      name: "each of its resources",
      method: "subscriptions/listen",
      params: { notifications: { resourceSubscriptions: ["orders://1", "orders://secret", "orders://2"] } },
      expected: [any, bound],
    },
    {
      name: "resources of which one is unlisted: it is refused",
      method: "subscriptions/listen",
      params: { notifications: { resourceSubscriptions: ["orders://1", "products://2"] } },
      expected: undefined,
    },
    {
      name: "an unlisted method with no resource: it is refused",
      method: "subscriptions/listen",
      params: {},
      expected: undefined,
    },
  ])("$name", ({ method, params, expected }) => {
    expect(messageRequirements(rules, messageTargets(method, params) ?? [])).toEqual(expected);
  });

  it("nothing to ask for: it is refused", () => {
    expect(messageRequirements(rules, [])).toBeUndefined();
  });

  it("all requirements are listed, each once", () => {
    expect(rules.requirements).toEqual([any, bound]);
  });
});
