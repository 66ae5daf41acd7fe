import { call, modern, NEW, PLAIN, type Refused, text } from "../calls.ts";

const MISMATCH = { status: 400, reason: "message-header-mismatch", code: -32020, id: 7 } as const;
const UNKNOWN_REVISION = { ...MISMATCH, code: -32022 } as const;

/** Calls whose headers name an unknown revision, or do not agree with the message. */
export const REFUSED_FOR_HEADERS: readonly Refused[] = [
  {
    ...UNKNOWN_REVISION,
    name: "an older revision than any",
    call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": "2024-11-05" } },
  },
  {
    ...UNKNOWN_REVISION,
    name: "a revision of the future",
    call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": "2030-01-01" } },
  },
  {
    ...MISMATCH,
    name: "two revisions",
    call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": `2025-06-18, ${NEW}` } },
  },
  {
    ...MISMATCH,
    name: "the same revision twice",
    call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": "2025-06-18, 2025-06-18" } },
  },
  {
    ...MISMATCH,
    name: "an empty revision",
    call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": "" } },
  },
  {
    ...MISMATCH,
    name: "the newest revision without a method",
    call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": NEW } },
  },
  {
    ...MISMATCH,
    name: "the newest revision without a name",
    call: { body: call("get_order"), headers: modern("tools/call") },
  },
  {
    ...MISMATCH,
    name: "a harmless name in the header",
    call: { body: call("delete_order"), headers: modern("tools/call", "get_order"), token: "admin" },
  },
  {
    ...MISMATCH,
    name: "a harmless name in the body",
    call: { body: call("get_order"), headers: modern("tools/call", "delete_order") },
  },
  {
    ...MISMATCH,
    name: "a harmless method in the header",
    call: { body: call("get_order"), headers: modern("tools/list") },
  },
  {
    ...MISMATCH,
    name: "another name in an older revision",
    call: { body: call("get_order"), headers: { ...PLAIN, "mcp-name": "delete_order" } },
  },
  {
    ...MISMATCH,
    name: "a name twice",
    call: { body: call("get_order"), headers: modern("tools/call", "get_order, get_order") },
  },
  {
    ...MISMATCH,
    name: "a name in another case",
    call: { body: call("get_order"), headers: modern("tools/call", "GET_ORDER") },
  },
  {
    ...MISMATCH,
    name: "the task's id is another",
    call: { body: text("tasks/get", { taskId: "5" }), headers: modern("tasks/get", "6") },
  },
  {
    ...MISMATCH,
    name: "the task's id is missing",
    call: { body: text("tasks/get", { taskId: "5" }), headers: modern("tasks/get") },
  },
  {
    ...MISMATCH,
    name: "another revision in the message",
    call: {
      body: call("get_order", { _meta: { "io.modelcontextprotocol/protocolVersion": "2025-06-18" } }),
      headers: modern("tools/call", "get_order"),
    },
  },
  {
    ...MISMATCH,
    name: "a revision in the message alone",
    call: { body: call("get_order", { _meta: { "io.modelcontextprotocol/protocolVersion": NEW } }) },
  },
  {
    ...MISMATCH,
    id: null,
    name: "a notification of the newest revision without a method",
    call: {
      body: '{"jsonrpc":"2.0","method":"notifications/x"}',
      headers: { ...PLAIN, "mcp-protocol-version": NEW },
    },
  },
];
