import { describe, expect, it } from "vitest";
import { messageOf } from "../../../../src/cli/console/why/message-of.ts";

const REVISION = "io.modelcontextprotocol/protocolVersion";
const call = (method: string, params: unknown, id: unknown = 1) =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });
const newest = { revision: "2026-07-28" };

describe("the MCP message that a text means", () => {
  it.each([
    { text: "tools/call create_order", expected: { method: "tools/call", names: ["create_order"], ...newest } },
    { text: "tools/call  two words ", expected: { method: "tools/call", names: ["two words"], ...newest } },
    { text: "tools/list", expected: { method: "tools/list", names: [], ...newest } },
    { text: "reply", expected: { reply: true, revision: "2025-11-25" } },
    {
      text: "completion/complete ref/prompt a b",
      expected: { method: "completion/complete", names: ["ref/prompt", "a b"], ...newest },
    },
    {
      text: "subscriptions/listen orders://1 orders://2",
      expected: { method: "subscriptions/listen", names: ["orders://1", "orders://2"], ...newest },
    },
    {
      text: call("tools/call", { name: "create_order", arguments: { card: "4111" } }),
      expected: { method: "tools/call", names: ["create_order"], ...newest },
    },
    {
      text: call("resources/read", { uri: "orders://17" }),
      expected: { method: "resources/read", names: ["orders://17"], ...newest },
    },
    {
      text: call("tools/call", { name: "a", _meta: { [REVISION]: "2025-11-25" } }),
      expected: { method: "tools/call", names: ["a"], revision: "2025-11-25" },
    },
    {
      text: call("completion/complete", { ref: { type: "ref/resource", uri: "orders://{id}" }, argument: {} }),
      expected: { method: "completion/complete", names: ["ref/resource", "orders://{id}"], ...newest },
    },
    {
      text: call("subscriptions/listen", { notifications: { resourceSubscriptions: ["orders://1"] } }),
      expected: { method: "subscriptions/listen", names: ["orders://1"], ...newest },
    },
    { text: '{"jsonrpc":"2.0","id":1,"result":{}}', expected: { reply: true, revision: "2025-11-25" } },
    {
      text: '{"jsonrpc":"2.0","method":"notifications/initialized"}',
      expected: { method: "notifications/initialized", names: [], ...newest },
    },
  ])("$text", ({ text, expected }) => {
    expect(messageOf(text, undefined)).toEqual(expected);
  });

  it.each([
    { name: "no name", text: "tools/call", revision: undefined, message: "Write `tools/call TOOL`." },
    { name: "an unknown revision", text: "reply", revision: "2026-07-27", message: /not a revision .* Did you mean/ },
    { name: "no JSON", text: "{", revision: undefined, message: "as malformed. The body is not JSON." },
    { name: "a batch", text: "[]", revision: undefined, message: "as malformed. The body is not one message." },
    {
      name: "a member twice",
      text: '{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call"}',
      revision: undefined,
      message: "as malformed. An object in the body has a member twice.",
    },
    {
      name: "a lookalike",
      text: call("tools/call", { name: "a", Name: "b" }),
      revision: undefined,
      message: "as malformed. The member `Name` looks like another one.",
    },
    {
      name: "another revision in the body",
      text: call("tools/list", { _meta: { [REVISION]: "2025-11-25" } }),
      revision: "2026-07-28",
      message: "MCP-Protocol-Version is not the revision in `_meta`.",
    },
    {
      name: "several things",
      text: call("subscriptions/listen", {
        notifications: { toolsListChanged: true, resourceSubscriptions: ["a://1"] },
      }),
      revision: undefined,
      message: "This body asks for several things.",
    },
  ])("is none, with a message: $name", ({ text, revision, message }) => {
    expect(() => messageOf(text, revision)).toThrow(message);
  });
});
