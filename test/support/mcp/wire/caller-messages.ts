import {
  call,
  LONG,
  MISMATCH,
  message,
  modern,
  NO_TOKEN,
  OK,
  ORIGIN,
  PARSE,
  REQUEST,
  type Row,
  rows,
  TYPE,
  type WireMessage,
} from "./wire-message.ts";

/** What the headers say of the body. */
export const TYPES: readonly WireMessage[] = rows([
  ...[
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    'application/json; charset="utf-8"',
  ].map((type): Row => [`the type ${type}`, call("get_order"), OK, { type }]),
  ...[
    ...["text/json", "text/plain", "application/jsonx", "application/json-rpc", "application/problem+json", "*/*", ""],
    ...[
      "application/json; charset=utf-16",
      "application/json; charset=latin1",
      "application/json; charset=utf-8; charset=utf-16",
    ],
    ...["application/json, application/json", "application/json;", "application/json; x=y", "application/json/x"],
    ...[
      "multipart/form-data; boundary=x",
      "application/x-www-form-urlencoded",
      "application/x-ndjson",
      "application/json charset=utf-8",
    ],
  ].map((type): Row => [`the type ${type}`, call("get_order"), TYPE, { type, id: null }]),
  ["no type", call("get_order"), TYPE, { type: undefined, id: null }],
  ["two types", call("get_order"), TYPE, { headers: ["Content-Type: text/plain"], id: null }],
  ...["gzip", "GZIP", "br", "deflate", "identity", "gzip, identity", "aws-chunked"].map(
    (encoding): Row => [
      `the encoding ${encoding}`,
      call("get_order"),
      TYPE,
      { headers: [`Content-Encoding: ${encoding}`], id: null },
    ],
  ),
  ["the longest body", call("get_order", { a: "x".repeat(4096 - call("get_order", { a: "" }).length) }), OK],
  [
    "a body that is too long",
    call("get_order", { a: "x".repeat(4097 - call("get_order", { a: "" }).length) }),
    LONG,
    { id: null },
  ],
  ["a body that is too long in bytes alone", call("get_order", { a: "ä".repeat(2040) }), LONG, { id: null }],
  [
    "too much nesting",
    `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_order","arguments":${"[".repeat(63)}${"]".repeat(63)}}}`,
    PARSE,
  ],
  ["endless nesting", "[".repeat(4000), PARSE],
  ["endless objects", '{"a":'.repeat(700), PARSE],
]);

/** Who is asking. */
export const CALLERS: readonly WireMessage[] = rows([
  ["no token", call("get_order"), NO_TOKEN, { token: "absent", id: null }],
  ["no token, and no message", "[", NO_TOKEN, { token: "absent", id: null }],
  ["no token, and a long body", "x".repeat(9000), NO_TOKEN, { token: "absent", id: null }],
  ["no token, and another type", "x", NO_TOKEN, { token: "absent", type: "text/plain", id: null }],
  ["a route that reports: less", call("delete_order"), OK, { path: "/trial" }],
  ["a route that reports: an unlisted tool", call("drop"), OK, { path: "/trial" }],
  ["a route that reports: an unlisted method", message("other"), OK, { path: "/trial", headers: modern("other") }],
  ["a route that reports: no token", call("get_order"), OK, { path: "/trial", token: "absent" }],
  ["a route that reports: a batch", `[${call("get_order")}]`, REQUEST, { path: "/trial", id: null }],
  [
    "a route that reports: a batch without a token",
    `[${call("get_order")}]`,
    REQUEST,
    { path: "/trial", token: "absent", id: null },
  ],
  [
    "a route that reports: headers that do not agree",
    call("get_order"),
    MISMATCH,
    { path: "/trial", headers: modern("tools/call", "x") },
  ],
  [
    "a route that reports: an origin",
    call("get_order"),
    ORIGIN,
    { path: "/trial", headers: ["Origin: https://evil.example"], id: null },
  ],
  [
    "a route that reports: a compressed body",
    call("get_order"),
    TYPE,
    { path: "/trial", headers: ["Content-Encoding: gzip"], id: null },
  ],
  ["a query", call("get_order"), OK, { path: "/mcp?name=delete_order&method=tools/list" }],
]);
