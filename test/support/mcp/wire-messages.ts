/**
 * Messages of MCP as they stand on the wire, and what the contract says of each. Written from the documentation, not from
 * the code: `docs/reference/routes-json.md`, MCP 2025-06-18, 2025-11-25 and 2026-07-28, JSON-RPC 2.0, RFC 8259, RFC 9110.
 */

/** A message, and what becomes of it. */
export interface WireMessage {
  readonly name: string;
  readonly body: string | Uint8Array;
  /** Lines of headers, `Content-Type: application/json` aside. */
  readonly headers?: readonly string[];
  /** Instead of `Content-Type: application/json`. */
  readonly type?: string | undefined;
  readonly path?: string;
  readonly token?: "none" | "read" | "admin" | "absent";
  /** `200`: the upstream gets exactly these bytes. Otherwise status, reason, code of JSON-RPC. */
  readonly expected: string;
  /** Of a refusal. Left out: 7 for what is a message, else `null`. */
  readonly id?: number | string | null;
}

/** What guards the routes of the table: `/mcp`, `/old` (with streams and replies) and `/trial` (that only reports). */
const AUTHENTICATED = { authenticated: true };
const READ = { scopes: ["read"] };
const ADMIN = { scopes: ["admin"] };
const RULES = {
  name: "Order tools",
  methods: {
    "server/discover": AUTHENTICATED,
    initialize: AUTHENTICATED,
    ping: AUTHENTICATED,
    "tools/*": AUTHENTICATED,
    "tools/secret": ADMIN,
    "resources/list": READ,
    "tasks/*": AUTHENTICATED,
    "tasks/cancel": ADMIN,
    "subscriptions/listen": READ,
    "notifications/*": AUTHENTICATED,
    "x/*": AUTHENTICATED,
  },
  tools: {
    get_order: READ,
    "get_*": AUTHENTICATED,
    "get_secret_*": ADMIN,
    get_secret_hint: READ,
    delete_order: ADMIN,
    "über*": READ,
    "a b": READ,
  },
  resources: {
    "orders://*": READ,
    "orders://secret/*": ADMIN,
    "file:///srv/*": READ,
    "https://api.example/*": READ,
    "https://api.example/admin/*": ADMIN,
    "note://one": READ,
    "orders://{id}": AUTHENTICATED,
  },
  prompts: { summary: READ, "draft_*": ADMIN },
  origins: ["https://app.example.com", "https://*.tools.example"],
  maxBodyBytes: 4096,
};
export const WIRE_RULES = RULES;
export const WIRE_ROUTES = [
  { path: "/mcp", mcp: RULES },
  { path: "/old", mcp: { ...RULES, streams: READ, replies: ADMIN } },
  { path: "/trial", mcp: { ...RULES, streams: READ }, report: { until: "2999-12-31" } },
  { path: "/lists", mcp: { ...RULES, filterLists: true } },
];

const NEW = "2026-07-28";
const json = (value: unknown): string => JSON.stringify(value);
const message = (method: unknown, params?: unknown, more: object = {}): string =>
  json({ jsonrpc: "2.0", id: 7, method, ...(params !== undefined && { params }), ...more });
const call = (name: unknown, more: object = {}): string => message("tools/call", { name, ...more });
const read = (uri: unknown, method = "resources/read"): string => message(method, { uri });
const listen = (notifications: unknown): string => message("subscriptions/listen", { notifications });
const complete = (ref: unknown): string => message("completion/complete", { ref, argument: { name: "id", value: "" } });
const meta = (revision: unknown) => ({ _meta: { "io.modelcontextprotocol/protocolVersion": revision } });
const revision = (value: string): string => `MCP-Protocol-Version: ${value}`;
const modern = (method: string, name?: string): readonly string[] => [
  revision(NEW),
  `Mcp-Method: ${method}`,
  ...(name === undefined ? [] : [`Mcp-Name: ${name}`]),
];
const base64 = (text: string): string => `=?base64?${Buffer.from(text, "utf8").toString("base64")}?=`;
const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
  const bytes = Buffer.from(text, "utf16le");
  return littleEndian ? bytes : bytes.swap16();
};

const OK = "200";
const LACKS = "403 scope-insufficient 403";
const UNLISTED = "403 message-unlisted 403";
const NO_METHOD = "404 message-unlisted -32601";
const PARSE = "400 message-malformed -32700";
const REQUEST = "400 message-malformed -32600";
const PARAMS = "400 message-malformed -32602";
const TYPE = "415 message-malformed -32700";
const MISMATCH = "400 message-header-mismatch -32020";
const UNSUPPORTED = "400 message-header-mismatch -32022";
const ORIGIN = "403 origin-refused 403";
const LONG = "413 body-too-large 413";
const NO_TOKEN = "401 credentials-missing 401";

type Row = readonly [name: string, body: string | Uint8Array, expected: string, more?: Partial<WireMessage>];
const rows = (list: readonly Row[]): readonly WireMessage[] =>
  list.map(([name, body, expected, more]) => ({ name, body, expected, ...more }));

/** What a message asks for, at every revision. */
const DECIDED: readonly WireMessage[] = rows([
  ["a listed tool", call("get_order"), OK],
  ["a listed tool, with less", call("get_order"), LACKS, { token: "none" }],
  ["a tool by its prefix", call("get_customer"), OK, { token: "none" }],
  ["a tool that is the prefix itself", call("get_"), OK, { token: "none" }],
  ["a tool that is almost the prefix", call("get"), UNLISTED],
  ["a tool by the longer prefix", call("get_secret_plan"), LACKS],
  ["a tool by the longer prefix, with more", call("get_secret_plan"), OK, { token: "admin" }],
  ["a tool by its exact name, not by the prefix", call("get_secret_hint"), OK],
  ["a tool whose name ends in the star of a prefix", call("get_secret_*"), LACKS],
  ["a star", call("*"), UNLISTED, { token: "admin" }],
  ["a tool in another case", call("GET_ORDER"), UNLISTED, { token: "admin" }],
  ["a tool of another case behind the prefix", call("get_SECRET_plan"), OK, { token: "none" }],
  ["a tool with a blank before it", call(" get_order"), UNLISTED, { token: "admin" }],
  ["a tool with blanks behind it", call("delete_order "), UNLISTED, { token: "admin" }],
  ["a tool with a blank inside", call("a b"), OK],
  ["a tool beyond ASCII", call("überweisung"), OK],
  ["a tool beyond ASCII, in another Unicode form", call("überweisung".normalize("NFD")), UNLISTED],
  ["a tool beyond the basic plane", call("get_🛒"), OK, { token: "none" }],
  ["a tool called constructor", call("constructor"), UNLISTED, { token: "admin" }],
  ["a tool called toString", call("toString"), UNLISTED, { token: "admin" }],
  ["a tool called __proto__", call("__proto__"), UNLISTED, { token: "admin" }],
  ["a tool with the longest name", call(`get_${"x".repeat(3900)}`), OK, { token: "none" }],
  [
    "a notification that calls a tool",
    json({ jsonrpc: "2.0", method: "tools/call", params: { name: "delete_order" } }),
    LACKS,
    { id: null },
  ],
  [
    "a notification that calls a tool, permitted",
    json({ jsonrpc: "2.0", method: "tools/call", params: { name: "delete_order" } }),
    OK,
    { token: "admin" },
  ],
  ["a method by its prefix", message("tools/list"), OK, { token: "none" }],
  ["a method that the prefix covers, and that has an entry", message("tools/secret"), LACKS],
  [
    "a method that only begins like one decided by name",
    message("tools/call/x", { name: "get_order" }),
    OK,
    { token: "none" },
  ],
  ["a method in another case", message("Tools/call", { name: "get_order" }), UNLISTED, { token: "admin" }],
  ["a method with an escape", message("tools%2Fcall", { name: "get_order" }), UNLISTED, { token: "admin" }],
  ["a method that nobody listed", message("logging/setLevel", { level: "debug" }), UNLISTED, { token: "admin" }],
  [
    "the handshake",
    message("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "c", version: "1" } }),
    OK,
    { token: "none" },
  ],
  ["the end of the handshake", json({ jsonrpc: "2.0", method: "notifications/initialized" }), OK, { token: "none" }],
  ["a request called notification", message("notifications/initialized"), OK, { token: "none" }],
  ["a resource", read("orders://1"), OK],
  ["a resource by the longer prefix", read("orders://secret/1"), LACKS],
  ["a resource that only looks like the longer prefix", read("orders://secret"), OK],
  ["a resource that only looks like the longer prefix, with a query", read("orders://secret?x=/"), OK],
  ["a subscription to a resource", read("orders://secret/1", "resources/subscribe"), LACKS],
  ["the end of a subscription", read("orders://secret/1", "resources/unsubscribe"), LACKS],
  ["a resource of the web", read("https://api.example/x?y=%20"), OK],
  ["a resource of the web for administrators", read("https://api.example/admin/x"), LACKS],
  ["a resource with an empty segment", read("https://api.example//admin/x"), OK],
  ["a file", read("file:///srv/a%20b"), OK],
  ["a file elsewhere", read("file:///etc/passwd"), UNLISTED],
  ["a resource by its exact URI", read("note://one"), OK],
  ["a resource below an exact URI", read("note://one/two"), UNLISTED],
  ["a resource that is no text", read(5), PARAMS],
  ["no resource", message("resources/read", {}), PARAMS],
  ["a prompt", message("prompts/get", { name: "summary" }), OK],
  ["a prompt by its prefix", message("prompts/get", { name: "draft_1" }), LACKS],
  ["a prompt that nobody listed", message("prompts/get", { name: "other" }), UNLISTED],
  ["a tool as a prompt", message("prompts/get", { name: "get_order" }), UNLISTED],
  ["a prompt as a tool", call("summary"), UNLISTED],
  ["a completion for a prompt", complete({ type: "ref/prompt", name: "summary" }), OK],
  ["a completion for another prompt", complete({ type: "ref/prompt", name: "draft_1" }), LACKS],
  ["a completion for a resource", complete({ type: "ref/resource", uri: "orders://secret/{id}" }), LACKS],
  [
    "a completion for a template that is listed",
    complete({ type: "ref/resource", uri: "orders://{id}" }),
    OK,
    { token: "none" },
  ],
  ["a completion for a template", complete({ type: "ref/resource", uri: "orders://{id}/{+path}" }), OK],
  ["a completion for a template outside", complete({ type: "ref/resource", uri: "{scheme}://secret/1" }), UNLISTED],
  ["a completion for both", complete({ type: "ref/prompt", name: "summary", uri: "orders://1" }), PARAMS],
  ["a completion for a tool", complete({ type: "ref/tool", name: "get_order" }), PARAMS],
  ["a completion with two types", complete({ type: "ref/prompt", name: "summary", Type: "ref/resource" }), REQUEST],
  ["a completion of nothing", message("completion/complete", {}), PARAMS],
  ["a task", message("tasks/get", { taskId: "1" }), OK, { token: "none" }],
  ["a task with an entry of its own", message("tasks/cancel", { taskId: "1" }), LACKS],
  ["a task without its id", message("tasks/get", {}), PARAMS],
  ["the list of tasks", message("tasks/list"), OK, { token: "none" }],
  ["listening to one resource", listen({ resourceSubscriptions: ["orders://1"] }), OK],
  [
    "listening to a resource of administrators",
    listen({ resourceSubscriptions: ["orders://1", "orders://secret/1"] }),
    LACKS,
  ],
  [
    "listening to a resource that nobody listed",
    listen({ resourceSubscriptions: ["orders://1", "x://1"] }),
    UNLISTED,
    { token: "admin" },
  ],
  [
    "listening to a URI in another form",
    listen({ resourceSubscriptions: ["orders://1", "orders://a/../secret/1"] }),
    PARAMS,
  ],
  ["listening to other notifications", listen({ toolsListChanged: true }), OK],
  ["listening to other notifications, with less", listen({ toolsListChanged: true }), LACKS, { token: "none" }],
  ["listening to nothing", listen({}), OK],
  ["listening to nothing, with less", listen({}), LACKS, { token: "none" }],
  ["listening to no list", listen({ resourceSubscriptions: "orders://1" }), PARAMS],
  ["listening to an object", listen({ resourceSubscriptions: { 0: "orders://1" } }), PARAMS],
  ["listening to null", listen({ resourceSubscriptions: null }), PARAMS],
  ["listening to a list in a list", listen({ resourceSubscriptions: [["orders://1"]] }), PARAMS],
  ["listening by a list", listen(["orders://1"]), PARAMS],
  ["listening by another spelling", listen({ resourcesubscriptions: ["orders://secret/1"] }), REQUEST],
  ["listening by the spelling of Python", listen({ resource_subscriptions: ["orders://secret/1"] }), REQUEST],
]);

/** URIs whose form could hide what they name. */
const URIS: readonly WireMessage[] = [
  ...[
    "orders://a/../secret/1",
    "orders://a/./1",
    "orders://..",
    "orders://./secret/1",
    "orders://../orders/secret/1",
    "orders://..;/x",
    "orders://a/..",
    "orders://a/%2e%2e/secret/1",
  ],
  ...["orders://a/.%2E/secret/1", "orders://a/%252e%252e/secret/1", "orders://a%5C..%5Csecret/1", "orders://a\\secret"],
  ...[
    "orders://%73ecret/1",
    "orders://s%65cret/1",
    "orders://a/%7Euser",
    "orders://a/%2fx",
    "orders://a/%zz",
    "orders://a/%",
  ],
  ...["Orders://1", "ORDERS://secret/1", "orders://Secret/1", "orders://user@secret/1", "orders://:@secret/1"],
  ...["orders://a b", "orders://a\tb", "orders://ä/1", "orders://a%00", "orders://a%0A", "orders://a#b", "orders://a?"],
  ...["https://api.example:443/x", "https://api.example:0443/x", "https://api.example:/x", "https://API.example/x"],
  ...["https://api.example", "https:/api.example/x", "https:api.example/x", "https://api.example./../admin/x"],
  ...[
    "https://api.example/x/../admin/1",
    "https://api.example/admin/..;/x",
    "//api.example/x",
    "/x",
    "orders",
    "orders:",
  ],
  ...["https://api.example/%61dmin/x", "https://api.example\\admin", "https://0x7f.1/x", "http://2130706433/x"],
  ...["orders://a/\u2025/secret", "orders://a/．．/secret", "orders://{id}"],
].map((uri) => ({ name: `the URI ${json(uri)}`, body: read(uri), token: "admin", expected: PARAMS }));

/** What is no message, or one that two parsers could read in two ways. */
const MALFORMED: readonly WireMessage[] = rows([
  ["nothing", "", PARSE],
  ["a blank", " ", PARSE],
  ["half a message", call("get_order").slice(0, -1), PARSE],
  ["a message and a comma", `${call("get_order")},`, PARSE],
  ["two messages", call("get_order") + call("delete_order"), PARSE],
  ["two lines of messages", `${call("get_order")}\n${call("delete_order")}`, PARSE],
  ["a message in single quotes", call("get_order").replaceAll('"', "'"), PARSE],
  ["a comment", `/* */${call("get_order")}`, PARSE],
  ["a comma too many", '{"jsonrpc":"2.0","id":7,"method":"ping",}', PARSE],
  ["NaN", '{"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":NaN}}', PARSE],
  ["a number with a plus", '{"jsonrpc":"2.0","id":+7,"method":"ping"}', PARSE],
  ["a number with a zero before it", '{"jsonrpc":"2.0","id":07,"method":"ping"}', PARSE],
  ["a line break in a text", '{"jsonrpc":"2.0","id":7,"method":"pi\nng"}', PARSE],
  ["a space of Unicode", `\u00a0${message("ping")}`, PARSE],
  ["a form feed", `\f${message("ping")}`, PARSE],
  ["NUL behind the message", `${message("ping")}\u0000`, PARSE],
  ["a record separator", `\u001e${message("ping")}`, PARSE],
  ["a byte order mark", `\ufeff${message("ping")}`, PARSE],
  ["UTF-16, little end first", utf16(message("ping"), true), PARSE],
  ["UTF-16, big end first", utf16(message("ping"), false), PARSE],
  ["UTF-16 with its mark", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(message("ping"), true)]), PARSE],
  ["UTF-32", Buffer.from([...message("ping")].flatMap((letter) => [0, 0, 0, letter.charCodeAt(0)])), PARSE],
  ["UTF-7", message("ping").replace("ping", "+AHA-ing"), UNLISTED, { token: "admin" }],
  ["Latin-1", Buffer.from(call("über"), "latin1"), PARSE],
  [
    "an overlong quote",
    Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":7,"method":"ping","a":"'),
      Buffer.from([0xc0, 0xa2]),
      Buffer.from('"}'),
    ]),
    PARSE,
  ],
  [
    "half a surrogate as bytes",
    Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":7,"method":"ping","a":"'),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from('"}'),
    ]),
    PARSE,
  ],
  ["bytes that are compressed", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), PARSE],
  ["a form", "jsonrpc=2.0&method=ping", PARSE],
  ["a batch of one", `[${call("get_order")}]`, REQUEST, { id: null }],
  ["a batch", `[${call("get_order")},${call("delete_order")}]`, REQUEST, { id: null }],
  ["an empty batch", "[]", REQUEST, { id: null }],
  ["a batch in a batch", `[[${call("get_order")}]]`, REQUEST, { id: null }],
  ["a text", json(call("get_order")), REQUEST, { id: null }],
  ["a number", "7", REQUEST, { id: null }],
  ["null", "null", REQUEST, { id: null }],
  ["true", "true", REQUEST, { id: null }],
  ["an empty object", "{}", REQUEST, { id: null }],
  ["a message in a message", json({ message: JSON.parse(call("get_order")) }), REQUEST, { id: null }],
  ["no version", '{"id":7,"method":"ping"}', REQUEST],
  ["version 1.0", message("ping", undefined, { jsonrpc: "1.0" }), REQUEST],
  ["version 2 as a number", message("ping", undefined, { jsonrpc: 2 }), REQUEST],
  ["version 2.0 with a blank", message("ping", undefined, { jsonrpc: "2.0 " }), REQUEST],
  ["version 2.00", message("ping", undefined, { jsonrpc: "2.00" }), REQUEST],
  ["no method", '{"jsonrpc":"2.0","id":7}', REQUEST, { id: null }],
  ["a method that is null", message(null), REQUEST],
  ["a method in a list", message(["tools/call"], { name: "get_order" }), REQUEST],
  ["a method in an object", message({ name: "ping" }), REQUEST],
  ["an empty method", message(""), REQUEST],
  ["a method with a blank", message(" ping"), REQUEST],
  ["a method with NUL", message("ping\u0000"), REQUEST],
  ["a method with a line break", message("ping\n"), REQUEST],
  ["a method beyond ASCII", message("pïng"), REQUEST],
  ["a method in another width", message("ｐing"), REQUEST],
  ["the longest method", message(`x/${"m".repeat(254)}`), OK],
  ["a method that is too long", message(`x/${"m".repeat(255)}`), REQUEST],
  ["params that are a list", message("tools/call", ["get_order"]), PARAMS],
  ["params that are null", message("tools/call", null), PARAMS],
  ["params that are a text", message("tools/call", '{"name":"get_order"}'), PARAMS],
  ["params that are a number", message("ping", 1), PARAMS],
  ["no params", message("tools/call"), PARAMS],
  ["a tool without a name", message("tools/call", {}), PARAMS],
  ["an empty tool", call(""), PARAMS],
  ["a tool in a list", call(["get_order"]), PARAMS],
  ["a tool in an object", call({ name: "get_order" }), PARAMS],
  ["a tool that is null", call(null), PARAMS],
  ["a tool that is a number", call(1), PARAMS],
  ["a tool with NUL", call("get_x\u0000"), PARAMS],
  ["a tool with a line break", call("get_x\r\nMcp-Name: y"), PARAMS],
  ["a tool with a delete", call("get_x\u007f"), PARAMS],
  ["a tool with a control character of Latin-1", call("get_x\u0085"), PARAMS],
  ["a tool that changes direction", call("get_\u202exedrO"), PARAMS],
  [
    "half a surrogate",
    String.raw`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_\ud83d"}}`,
    PARAMS,
  ],
  [
    "the wrong half of a surrogate",
    String.raw`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_\udc00\ud800"}}`,
    PARAMS,
  ],
  ["`_meta` that is null", message("ping", { _meta: null }), PARAMS],
  ["`_meta` that is a list", message("ping", { _meta: [] }), PARAMS],
  ["`_meta` that is a text", message("ping", { _meta: "x" }), PARAMS],
  ["a method and a result", message("ping", undefined, { result: {} }), REQUEST],
  ["a method and an error", message("ping", undefined, { error: null }), REQUEST],
  [
    "a result and an error",
    '{"jsonrpc":"2.0","id":7,"result":{},"error":{"code":1,"message":"x"}}',
    REQUEST,
    { id: null },
  ],
  ["a reply without id", '{"jsonrpc":"2.0","result":{}}', REQUEST, { id: null }],
  ["a reply with id null", '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}', REQUEST, { id: null }],
  ...["null", "true", "1.5", "9007199254740992", "-9007199254740992", "1e400", "{}", "[]", "[7]"].map(
    (id): Row => [`the id ${id}`, `{"jsonrpc":"2.0","id":${id},"method":"ping"}`, REQUEST, { id: null }],
  ),
]);

/** Two members for one. */
const DOUBLED: readonly WireMessage[] = [
  ['"name":"get_order","name":"delete_order"', "params"],
  ['"name":"delete_order","name":"get_order"', "params"],
  ['"name":"get_order","name":"get_order"', "params"],
  [String.raw`"name":"get_order","n\u0061me":"delete_order"`, "params"],
  [String.raw`"\u006e\u0061\u006d\u0065":"get_order","name":"delete_order"`, "params"],
  ['"name":"get_order","arguments":{"a":1,"b":{"c":[{"d":1,"d":2}]}}', "params"],
  ['"name":"get_order","arguments":{"":1,"":2}', "params"],
  ['"name":"get_order","arguments":{"__proto__":1,"__proto__":2}', "params"],
  [String.raw`"name":"get_order","arguments":{"\ud800":1,"\ud800":2}`, "params"],
  ['"name":"get_order","_meta":{"x":1,"x":1}', "params"],
  ['"name":"get_order","a":"\\\\","a":"\\""', "params"],
]
  .map(([text]) => `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{${text}}}`)
  .concat(
    '{"jsonrpc":"2.0","id":7,"method":"tools/list","method":"tools/call","params":{"name":"delete_order"}}',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_order"},"params":{"name":"delete_order"}}',
    '{"jsonrpc":"2.0","jsonrpc":"2.0","id":7,"method":"ping"}',
    '{"jsonrpc":"2.0","id":7,"id":8,"method":"ping"}',
    '{"jsonrpc":"2.0","id":7,"method":"ping","result":1,"result":2}',
    '{"jsonrpc":"2.0","id":7,"method":"resources/read","params":{"uri":"orders://1","uri":"orders://secret/1"}}',
  )
  .map((body) => ({ name: `two members: ${body.slice(23)}`, body, token: "admin", expected: PARSE }));

/** A member that a server could take for another. */
const LOOKALIKES: readonly WireMessage[] = [
  ...["Name", "NAME", "nAme", "ｎame", "name\u0000", "na\u0000me", "name\u200b", "_name", "Name\u0000"].map((name) =>
    call("get_order", { [name]: "delete_order" }),
  ),
  ...[
    "Method",
    "METHOD",
    "method\u0000",
    "metho\u0501".replace("\u0501", "D"),
    "Params",
    "paramſ",
    "params\u0000",
    "Id",
    "ID",
  ].map((name) => message("ping", undefined, { [name]: "tools/call" })),
  ...["JsonRpc", "JSONRPC", "jsonRPC", "Result", "ERROR", "result\u0000"].map((name) =>
    message("ping", undefined, { [name]: "2.0" }),
  ),
  ...["Uri", "URI", "urı", "uri\u0000"].map((name) =>
    message("resources/read", { uri: "orders://1", [name]: "orders://secret/1" }),
  ),
  ...["_Meta", "_META", "_meta\u0000", "meta"].map((name) => message("ping", { [name]: meta(NEW)["_meta"] })),
  message("ping", { _meta: { "IO.modelcontextprotocol/protocolVersion": NEW } }),
  message("ping", { _meta: { "io.modelcontextprotocol/protocol_version": NEW } }),
  message("tasks/get", { taskId: "1", task_id: "2" }),
  message("tasks/get", { taskId: "1", taskID: "2" }),
  complete({ type: "ref/prompt", name: "summary", NAME: "draft_1" }),
  complete({ type: "ref/resource", uri: "orders://1", Uri: "orders://secret/1" }),
  message("completion/complete", {
    ref: { type: "ref/prompt", name: "summary" },
    Ref: { type: "ref/prompt", name: "draft_1" },
  }),
].map((body) => ({ name: `a member like another: ${body.slice(23)}`, body, token: "admin", expected: REQUEST }));

/** Members that decide nothing may be what they like. */
const FREE: readonly WireMessage[] = [
  call("get_order", {
    arguments: { Name: "x", NAME: "y", name: "z", "name\u0000": 1, task_id: 2, method: "tools/list" },
  }),
  call("get_order", { uri: "orders://secret/1", names: [], nam: 1, ref: {}, notifications: 5, method: "x", id: 9 }),
  '{"params":{"arguments":{"n":12345678901234567890.10,"e":1E+2,"z":-0},"name":"get_order"},"method":"tools/call","id":7,"jsonrpc":"2.0"}',
  ' \r\n\t{ "jsonrpc" : "2.0" , "id" : "x" , "method" : "tools/call" , "params" : { "name" : "get_order" } } \n',
  String.raw`{"jsonrpc":"2\u002e0","id":7,"m\u0065thod":"tools\/call","params":{"name":"get_\u006frder"}}`,
  String.raw`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_order","arguments":{"t":"\ud800","u":"\u0000"}}}`,
  message("x/run", { name: "delete_order", Name: "y", uri: "orders://secret/1" }),
  message("ping", undefined, { extra: [], "": 1, methods: 2 }),
  '{"jsonrpc":"2.0","id":"","method":"ping"}',
  '{"jsonrpc":"2.0","id":-9007199254740991,"method":"ping"}',
  '{"jsonrpc":"2.0","id":1.0,"method":"ping"}',
  `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_order","arguments":${"[".repeat(61)}${"]".repeat(61)}}}`,
].map((body) => ({ name: `nothing depends on it: ${body.slice(0, 90)}`, body, expected: OK }));

/** Headers beside the body. */
const HEADERS: readonly WireMessage[] = rows([
  ["no revision", call("get_order"), OK],
  ...["2025-06-18", "2025-11-25"].flatMap((known): Row[] => [
    [`revision ${known}`, call("get_order"), OK, { headers: [revision(known)] }],
    [
      `revision ${known}, with headers that agree`,
      call("get_order"),
      OK,
      { headers: [revision(known), "Mcp-Method: tools/call", "Mcp-Name: get_order"] },
    ],
    [
      `revision ${known}, with another name`,
      call("get_order"),
      MISMATCH,
      { headers: [revision(known), "Mcp-Name: delete_order"] },
    ],
    [
      `revision ${known}, with another method`,
      call("get_order"),
      MISMATCH,
      { headers: [revision(known), "Mcp-Method: tools/list"] },
    ],
    [`revision ${known}, with an unlisted method`, message("other"), UNLISTED, { headers: [revision(known)] }],
    [
      `revision ${known} in the header, and in the message`,
      call("get_order", meta(known)),
      OK,
      { headers: [revision(known)] },
    ],
    [
      `revision ${known}, and another in the message`,
      call("get_order", meta(NEW)),
      MISMATCH,
      { headers: [revision(known)] },
    ],
  ]),
  ["the newest revision", call("get_order"), OK, { headers: modern("tools/call", "get_order") }],
  [
    "the newest revision, in the message as well",
    call("get_order", meta(NEW)),
    OK,
    { headers: modern("tools/call", "get_order") },
  ],
  [
    "the newest revision, with an older one in the message",
    call("get_order", meta("2025-11-25")),
    MISMATCH,
    { headers: modern("tools/call", "get_order") },
  ],
  [
    "the newest revision, with a number in the message",
    call("get_order", meta(20260728)),
    MISMATCH,
    { headers: modern("tools/call", "get_order") },
  ],
  [
    "the newest revision, with null in the message",
    call("get_order", meta(null)),
    MISMATCH,
    { headers: modern("tools/call", "get_order") },
  ],
  ["the newest revision in the message alone", call("get_order", meta(NEW)), MISMATCH],
  ["the newest revision without headers", call("get_order"), MISMATCH, { headers: [revision(NEW)] }],
  ["the newest revision without a name", call("get_order"), MISMATCH, { headers: modern("tools/call") }],
  [
    "the newest revision without a method",
    call("get_order"),
    MISMATCH,
    { headers: [revision(NEW), "Mcp-Name: get_order"] },
  ],
  [
    "a harmless name in the header",
    call("delete_order"),
    MISMATCH,
    { headers: modern("tools/call", "get_order"), token: "admin" },
  ],
  [
    "a harmless name in the body",
    call("get_order"),
    MISMATCH,
    { headers: modern("tools/call", "delete_order"), token: "admin" },
  ],
  [
    "a harmless method in the header",
    call("delete_order"),
    MISMATCH,
    { headers: modern("tools/list", "delete_order"), token: "admin" },
  ],
  ["a method in another case", call("get_order"), MISMATCH, { headers: modern("Tools/Call", "get_order") }],
  ["a name in another case", call("get_order"), MISMATCH, { headers: modern("tools/call", "Get_order") }],
  ["an empty name", call("get_order"), MISMATCH, { headers: modern("tools/call", "") }],
  ["a name in quotes", call("get_order"), MISMATCH, { headers: modern("tools/call", '"get_order"') }],
  [
    "blanks around the values",
    call("get_order"),
    OK,
    { headers: [`MCP-Protocol-Version: \t${NEW} `, "mcp-method:tools/call\t", "MCP-NAME:   get_order  "] },
  ],
  ["a name for what has none", message("tools/list"), MISMATCH, { headers: modern("tools/list", "get_order") }],
  ["a method without name", message("tools/list"), OK, { headers: modern("tools/list") }],
  [
    "two lines of the same name",
    call("get_order"),
    MISMATCH,
    { headers: [...modern("tools/call", "get_order"), "Mcp-Name: get_order"] },
  ],
  [
    "two lines of names",
    call("get_order"),
    MISMATCH,
    { headers: [...modern("tools/call", "get_order"), "Mcp-Name: delete_order"] },
  ],
  [
    "two lines of the same method",
    call("get_order"),
    MISMATCH,
    { headers: [...modern("tools/call", "get_order"), "Mcp-Method: tools/call"] },
  ],
  [
    "two lines of one revision",
    call("get_order"),
    MISMATCH,
    { headers: [...modern("tools/call", "get_order"), revision(NEW)] },
  ],
  [
    "two revisions",
    call("get_order"),
    MISMATCH,
    { headers: [...modern("tools/call", "get_order"), revision("2025-06-18")] },
  ],
  ["two revisions in a line", call("get_order"), MISMATCH, { headers: [revision(`2025-06-18, ${NEW}`)] }],
  ["an empty revision", call("get_order"), MISMATCH, { headers: [revision("")] }],
  ["a revision that is no date", call("get_order"), MISMATCH, { headers: [revision("latest")] }],
  ["a draft", call("get_order"), MISMATCH, { headers: [revision("DRAFT-2026-v1")] }],
  ["the revision before these", call("get_order"), UNSUPPORTED, { headers: [revision("2025-03-26")] }],
  ["the first revision", call("get_order"), UNSUPPORTED, { headers: [revision("2024-11-05")] }],
  [
    "a revision to come",
    call("get_order"),
    UNSUPPORTED,
    { headers: [revision("2027-01-01"), "Mcp-Method: tools/call", "Mcp-Name: get_order"] },
  ],
  ["an unlisted method", message("other"), NO_METHOD, { headers: modern("other") }],
  ["an unlisted tool", call("drop"), UNLISTED, { headers: modern("tools/call", "drop") }],
  ["an unlisted resource", read("x://1"), UNLISTED, { headers: modern("resources/read", "x://1") }],
  ["a resource", read("orders://1"), OK, { headers: modern("resources/read", "orders://1") }],
  ["a resource under another name", read("orders://1"), MISMATCH, { headers: modern("resources/read", "orders://2") }],
  ["a prompt", message("prompts/get", { name: "summary" }), OK, { headers: modern("prompts/get", "summary") }],
  ["a task", message("tasks/get", { taskId: "1" }), OK, { headers: modern("tasks/get", "1") }],
  ["a task under another id", message("tasks/get", { taskId: "1" }), MISMATCH, { headers: modern("tasks/get", "2") }],
  ["a task without its id", message("tasks/get", { taskId: "1" }), MISMATCH, { headers: modern("tasks/get") }],
  ["a name beyond ASCII", call("überweisung"), OK, { headers: modern("tools/call", base64("überweisung")) }],
  [
    "a name beyond ASCII, raw",
    call("überweisung"),
    MISMATCH,
    { headers: modern("tools/call", Buffer.from("überweisung").toString("latin1")) },
  ],
  [
    "a name beyond ASCII, with another in the body",
    call("überweisung"),
    MISMATCH,
    { headers: modern("tools/call", base64("übersicht")) },
  ],
  ["a name in Base64 that needs none", call("get_order"), OK, { headers: modern("tools/call", base64("get_order")) }],
  [
    "a name in Base64 without its end",
    call("get_order"),
    MISMATCH,
    { headers: modern("tools/call", "=?base64?Z2V0X29yZGVy") },
  ],
  [
    "a name in Base64 with needless padding",
    call("get_order"),
    MISMATCH,
    { headers: modern("tools/call", "=?base64?Z2V0X29yZGVy====?=") },
  ],
  [
    "a name in Base64 in capitals",
    call("get_order"),
    MISMATCH,
    { headers: modern("tools/call", "=?BASE64?Z2V0X29yZGVy?=") },
  ],
  [
    "a name that looks like Base64",
    call("get_=?base64?eA==?="),
    OK,
    { headers: modern("tools/call", "get_=?base64?eA==?="), token: "none" },
  ],
  [
    "a name with a percent sign",
    call("get_%6frder"),
    OK,
    { headers: modern("tools/call", "get_%6frder"), token: "none" },
  ],
  [
    "parameters of a tool",
    call("get_order"),
    OK,
    { headers: [...modern("tools/call", "get_order"), "Mcp-Param-Region: eu", "Mcp-Param-x_y: 1"] },
  ],
  ["a session", call("get_order"), OK, { headers: ["Mcp-Session-Id: s1", "Last-Event-ID: e1"] }],
  [
    "a header that is almost Mcp-Name",
    call("get_order"),
    OK,
    { headers: [...modern("tools/call", "get_order"), "Mcp_Name: delete_order", "Mcp.Name: delete_order"] },
  ],
  [
    "a header that the connection drops",
    call("get_order"),
    OK,
    {
      headers: [...modern("tools/call", "get_order"), "Connection: close, mcp-name, mcp-method, mcp-protocol-version"],
    },
  ],
  ["an override of the method", call("get_order"), OK, { headers: ["X-HTTP-Method-Override: DELETE"] }],
  [
    "a notification of the newest revision",
    json({ jsonrpc: "2.0", method: "notifications/x" }),
    OK,
    { headers: modern("notifications/x") },
  ],
  [
    "a notification of the newest revision without a method",
    json({ jsonrpc: "2.0", method: "notifications/x" }),
    MISMATCH,
    { headers: [revision(NEW)], id: null },
  ],
  [
    "a reply of the newest revision",
    '{"jsonrpc":"2.0","id":7,"result":{}}',
    REQUEST,
    { headers: [revision(NEW)], path: "/old", token: "admin", id: null },
  ],
  ["a reply", '{"jsonrpc":"2.0","id":7,"result":{}}', OK, { path: "/old", token: "admin" }],
  [
    "an error as a reply",
    '{"jsonrpc":"2.0","id":"a","error":{"code":-1,"message":"no"}}',
    OK,
    { path: "/old", token: "admin" },
  ],
  ["a reply with less", '{"jsonrpc":"2.0","id":7,"result":{}}', LACKS, { path: "/old", id: null }],
  ["a reply where none is listed", '{"jsonrpc":"2.0","id":7,"result":{}}', UNLISTED, { token: "admin", id: null }],
  [
    "a reply with a header for its method",
    '{"jsonrpc":"2.0","id":7,"result":{}}',
    MISMATCH,
    { path: "/old", token: "admin", headers: ["Mcp-Method: tools/call"], id: null },
  ],
  ["a listed origin", call("get_order"), OK, { headers: ["Origin: https://app.example.com"] }],
  ["an origin by its star", call("get_order"), OK, { headers: ["Origin: https://a.tools.example"] }],
  ...[
    "https://tools.example",
    "https://a.b.tools.example",
    "http://app.example.com",
    "https://app.example.com:444",
    "null",
    "https://APP.example.com",
    "https://app.example.com/",
    "https://evil.example",
    "https://app.example.com.evil.example",
  ].map(
    (origin): Row => [`the origin ${origin}`, call("get_order"), ORIGIN, { headers: [`Origin: ${origin}`], id: null }],
  ),
  [
    "two origins",
    call("get_order"),
    ORIGIN,
    { headers: ["Origin: https://app.example.com", "Origin: https://app.example.com"], id: null },
  ],
]);

/** How the body is said to be. */
const TYPES: readonly WireMessage[] = rows([
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
const CALLERS: readonly WireMessage[] = rows([
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

/** All of them. */
export const WIRE_MESSAGES: readonly WireMessage[] = [
  ...[...DECIDED, ...URIS, ...MALFORMED, ...DOUBLED, ...LOOKALIKES, ...FREE, ...HEADERS, ...TYPES, ...CALLERS],
];
