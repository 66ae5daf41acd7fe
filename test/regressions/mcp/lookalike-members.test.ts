/**
 * A server that takes `name` with NUL behind it for `name` (GHSA-q382-vc8q-7jhj), or `resource_subscriptions` for
 * `resourceSubscriptions` (MCP's SDK for Python), got another message than the gateway had judged.
 */
import { expect, it } from "vitest";
import { readMessage } from "../../../src/mcp/message.ts";
import { parseStrictJson } from "../../../src/mcp/strict-json.ts";

it.each([
  String.raw`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_order","name\u0000":"delete_order"}}`,
  String.raw`{"jsonrpc":"2.0","id":1,"method":"tools/list","method\u0000":"tools/call","params":{"name":"delete_order"}}`,
  String.raw`{"jsonrpc":"2.0","id":1,"method":"ping","params":{},"params\u0000":{"name":"delete_order"}}`,
  '{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"resource_subscriptions":["a://1"]}}}',
  '{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"taskId":"1","task_id":"2"}}',
])("refuses a member that a server could take for another: %s", (text) => {
  const json = parseStrictJson(new TextEncoder().encode(text));
  expect(json.ok && readMessage(json.value)).toMatchObject({ ok: false, failure: { id: 1 } });
});

it.each([
  String.raw`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_order","arguments":{"name\u0000":1,"task_id":2,"Name":3}}}`,
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_order","names":1,"nam":2}}',
])("takes members that nothing depends on: %s", (text) => {
  const json = parseStrictJson(new TextEncoder().encode(text));
  expect(json.ok && readMessage(json.value)).toMatchObject({ ok: true });
});
