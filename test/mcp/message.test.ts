import { describe, expect, it } from "vitest";
import { INVALID_PARAMS, INVALID_REQUEST, readMessage } from "../../src/mcp/message.ts";
import { MAX_MESSAGE_METHOD_LENGTH, MAX_MESSAGE_NAME_LENGTH } from "../../src/mcp/message-limits.ts";

const request = (method: unknown, params?: unknown, more: object = {}) => ({
  jsonrpc: "2.0",
  id: 1,
  method,
  ...(params !== undefined && { params }),
  ...more,
});
const call = (params: unknown, more: object = {}) => request("tools/call", params, more);
const READ = { kind: "request", id: 1, name: undefined, isNamed: false, revision: undefined };

describe("readMessage", () => {
  it.each([
    {
      name: "a request by its method",
      value: request("tools/list"),
      expected: { method: "tools/list", targets: [{ table: "methods", name: "tools/list" }] },
    },
    {
      name: "a call of a tool by its name",
      value: call({ name: "get_order", arguments: { Name: "x", NAME: "y" } }),
      expected: {
        method: "tools/call",
        targets: [{ table: "tools", name: "get_order" }],
        name: "get_order",
        isNamed: true,
      },
    },
    {
      name: "a prompt by its name",
      value: request("prompts/get", { name: "summary" }),
      expected: {
        method: "prompts/get",
        targets: [{ table: "prompts", name: "summary" }],
        name: "summary",
        isNamed: true,
      },
    },
    {
      name: "a resource by its URI",
      value: request("resources/read", { uri: "orders://1" }),
      expected: {
        method: "resources/read",
        targets: [{ table: "resources", name: "orders://1" }],
        name: "orders://1",
        isNamed: true,
      },
    },
    {
      name: "a subscription by its URI",
      value: request("resources/subscribe", { uri: "orders://1" }),
      expected: {
        method: "resources/subscribe",
        targets: [{ table: "resources", name: "orders://1" }],
        name: "orders://1",
      },
    },
    {
      name: "a task by its method, and with its id as the name",
      value: request("tasks/cancel", { taskId: "7" }),
      expected: {
        method: "tasks/cancel",
        targets: [{ table: "methods", name: "tasks/cancel" }],
        name: "7",
        isNamed: true,
      },
    },
    {
      name: "a completion by the prompt",
      value: request("completion/complete", { ref: { type: "ref/prompt", name: "summary" }, argument: {} }),
      expected: { method: "completion/complete", targets: [{ table: "prompts", name: "summary" }] },
    },
    {
      name: "all URIs of a subscription",
      value: request("subscriptions/listen", { notifications: { resourceSubscriptions: ["a://1", "b://2"] } }),
      expected: {
        method: "subscriptions/listen",
        targets: [
          { table: "resources", name: "a://1" },
          { table: "resources", name: "b://2" },
        ],
      },
    },
    {
      name: "a method of somebody's own with a name",
      value: request("example/run", { name: "x", Name: "y" }),
      expected: { method: "example/run", targets: [{ table: "methods", name: "example/run" }], name: "x" },
    },
    {
      name: "an id that is a string",
      value: request("ping", undefined, { id: "" }),
      expected: { id: "", method: "ping", targets: [{ table: "methods", name: "ping" }] },
    },
    {
      name: "the largest id",
      value: request("ping", undefined, { id: Number.MAX_SAFE_INTEGER }),
      expected: { id: Number.MAX_SAFE_INTEGER, method: "ping", targets: [{ table: "methods", name: "ping" }] },
    },
    {
      name: "the revision in `_meta`",
      value: request("ping", { _meta: { "io.modelcontextprotocol/protocolVersion": 5 } }),
      expected: { method: "ping", targets: [{ table: "methods", name: "ping" }], revision: 5 },
    },
    {
      name: "a notification",
      value: { jsonrpc: "2.0", method: "notifications/initialized" },
      expected: {
        kind: "notification",
        id: undefined,
        method: "notifications/initialized",
        targets: [{ table: "methods", name: "notifications/initialized" }],
      },
    },
    {
      name: "a result",
      value: { jsonrpc: "2.0", id: 1, result: {} },
      expected: { kind: "reply", id: undefined, method: undefined, targets: [] },
    },
    {
      name: "an error",
      value: { jsonrpc: "2.0", id: "1", error: { code: 1, message: "no" } },
      expected: { kind: "reply", id: undefined, method: undefined, targets: [] },
    },
    {
      name: "members that nothing depends on",
      value: request("ping", undefined, {
        extra: 1,
        Other: 2,
        "": 3,

        methods: 5,
        [`method${"_".repeat(300)}`]: 6,
      }),
      expected: { method: "ping", targets: [{ table: "methods", name: "ping" }] },
    },
  ])("reads $name", ({ value, expected }) => {
    expect(readMessage(value)).toEqual({ ok: true, value: { ...READ, ...expected } });
  });

  it.each([
    ...[null, true, 1, "text", [], [request("ping")]].map((value) => ({ name: JSON.stringify(value), value })),
    { name: "an empty object", value: {} },
    { name: "no version", value: { id: 1, method: "ping" } },
    { name: "version 1.0", value: request("ping", undefined, { jsonrpc: "1.0" }) },
    { name: "version 2 as a number", value: request("ping", undefined, { jsonrpc: 2 }) },
    ...[null, true, 1.5, 2 ** 53, -(2 ** 53), Number.POSITIVE_INFINITY, {}, []].map((id) => ({
      name: `the id ${JSON.stringify(id)}`,
      value: request("ping", undefined, { id }),
    })),
    ...[null, 1, {}, ["ping"], "", "tools call", "tools/call\n", "tools/cäll", "\u0000", "ｐing"].map((method) => ({
      name: `the method ${JSON.stringify(method)}`,
      value: request(method),
    })),
    { name: "a too long method", value: request("m".repeat(MAX_MESSAGE_METHOD_LENGTH + 1)) },
    { name: "a method and a result", value: request("ping", undefined, { result: {} }) },
    { name: "a method and an error", value: request("ping", undefined, { error: {} }) },
    { name: "a result and an error", value: { jsonrpc: "2.0", id: 1, result: {}, error: {} } },
    { name: "a result without id", value: { jsonrpc: "2.0", result: {} } },
    { name: "a result with id null", value: { jsonrpc: "2.0", id: null, result: {} } },
    ...["Method", "METHOD", "methOd", "ｍethod", "Params", "paramſ", "ID", "Id", "ıd", "İd"].map((member) => ({
      name: `the member ${member}`,
      value: request("ping", undefined, { [member]: 1 }),
    })),
    ...["JSONRPC", "JsonRpc", "Result", "Error"].map((member) => ({
      name: `the member ${member}`,
      value: request("ping", undefined, { [member]: 1 }),
    })),
    { name: "another spelling of `name`", value: call({ name: "get_order", Name: "delete_order" }) },
    { name: "another spelling of `name` alone", value: call({ NAME: "delete_order" }) },
    { name: "another spelling of `uri`", value: request("resources/read", { uri: "a://1", URI: "b://2" }) },
    {
      name: "another spelling of `uri`, without a dot",
      value: request("resources/read", { uri: "a://1", urı: "b://2" }),
    },
    { name: "another spelling of `taskId`", value: request("tasks/get", { taskId: "1", taskid: "2" }) },
    {
      name: "another spelling of `taskId`, with a Kelvin sign",
      value: request("tasks/get", { taskId: "1", "tas\u212aId": "2" }),
    },
    { name: "another spelling of `_meta`", value: request("ping", { _Meta: {} }) },
    {
      name: "another spelling of the revision",
      value: request("ping", { _meta: { "io.modelcontextprotocol/protocolversion": "2025-06-18" } }),
    },
    {
      name: "another spelling in a reference",
      value: request("completion/complete", { ref: { type: "ref/prompt", name: "a", Name: "b" } }),
    },
    {
      name: "another spelling in a subscription",
      value: request("subscriptions/listen", {
        notifications: { resourceSubscriptions: [], ResourceSubscriptions: ["a://1"] },
      }),
    },
    // GHSA-q382-vc8q-7jhj: the Go SDK took a name with NUL behind it for the name, and the last one won.
    ...["name\u0000", "name\u0000\u0000", "name\u0000x", "na\u0000me", "na\u0001me", "na\u200bme", "\ufeffname"].map(
      (member) => ({
        name: `the member ${JSON.stringify(member)} beside \`name\``,
        value: call({ name: "get_order", [member]: "delete_order" }),
      }),
    ),
    ...["method\u0000", "params\u0000", "id\u0000", "Method\u0000", "_method", "method_", "json_rpc", "json-rpc"].map(
      (member) => ({
        name: `the member ${JSON.stringify(member)} of the message`,
        value: request("ping", undefined, { [member]: "x" }),
      }),
    ),
    // The Python SDK also takes the names of its own members.
    {
      name: "the resources of a subscription, with `_`",
      value: request("subscriptions/listen", { notifications: { resource_subscriptions: ["a://1"] } }),
    },
    { name: "the id of a task, with `_`", value: request("tasks/get", { taskId: "1", task_id: "2" }) },
    { name: "`meta` for `_meta`", value: request("ping", { meta: {} }) },
    { name: "another spelling of `notifications`", value: request("subscriptions/listen", { Notifications: {} }) },
  ])("refuses $name as no valid request", ({ value }) => {
    expect(readMessage(value)).toMatchObject({ ok: false, failure: { code: INVALID_REQUEST } });
  });

  it.each([
    ...[null, 1, "text", [], ["get_order"], true].map((params) => ({
      name: `the params ${JSON.stringify(params)}`,
      value: { jsonrpc: "2.0", id: 1, method: "ping", params },
    })),
    { name: "no params where they are needed", value: call(undefined) },
    { name: "no name", value: call({}) },
    ...[null, 1, {}, ["get_order"], true].map((name) => ({
      name: `the name ${JSON.stringify(name)}`,
      value: call({ name }),
    })),
    { name: "an empty name", value: call({ name: "" }) },
    { name: "a name with NUL", value: call({ name: "get_order\u0000x" }) },
    { name: "a name with a line break", value: call({ name: "get_order\r\nx: y" }) },
    { name: "a name that changes direction", value: call({ name: "get_\u202eredro" }) },
    { name: "a name with a surrogate that stands alone", value: call({ name: "get_\ud800" }) },
    { name: "a too long name", value: call({ name: "n".repeat(MAX_MESSAGE_NAME_LENGTH + 1) }) },
    { name: "a URI with dot segments", value: request("resources/read", { uri: "orders://a/../b" }) },
    { name: "a URI in upper case", value: request("resources/read", { uri: "ORDERS://a" }) },
    { name: "a task without id", value: request("tasks/get", {}) },
    { name: "a task with a number as id", value: request("tasks/get", { taskId: 1 }) },
    { name: "a completion of nothing", value: request("completion/complete", { ref: {} }) },
    {
      name: "a subscription to a number",
      value: request("subscriptions/listen", { notifications: { resourceSubscriptions: [1] } }),
    },
    { name: "`_meta` that is an array", value: request("ping", { _meta: [] }) },
    { name: "`_meta` that is null", value: request("ping", { _meta: null }) },
  ])("refuses $name as invalid params, and keeps the id", ({ value }) => {
    expect(readMessage(value)).toMatchObject({ ok: false, failure: { code: INVALID_PARAMS, id: 1 } });
  });

  it("takes the longest method and the longest name", () => {
    expect(readMessage(request("m".repeat(MAX_MESSAGE_METHOD_LENGTH)))).toMatchObject({ ok: true });
    expect(readMessage(call({ name: "n".repeat(MAX_MESSAGE_NAME_LENGTH) }))).toMatchObject({ ok: true });
  });

  it("keeps the id of a request that is refused for another reason, but not of a reply", () => {
    expect(readMessage(request(5))).toMatchObject({ ok: false, failure: { id: 1 } });
    expect(readMessage({ jsonrpc: "2.0", id: 1 })).toMatchObject({ ok: false, failure: { id: undefined } });
  });
});
