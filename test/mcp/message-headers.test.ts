import { describe, expect, it } from "vitest";
import type { Message } from "../../src/mcp/message.ts";
import {
  headerMismatch,
  isWithoutSessions,
  type Revision,
  revisionOf,
  setMessageHeaders,
  setStreamHeaders,
} from "../../src/mcp/message-headers.ts";

const message = (more: Partial<Message> = {}): Message => ({
  kind: "request",
  id: 1,
  method: "tools/call",
  targets: [],
  name: "get_order",
  isNamed: true,
  revision: undefined,
  ...more,
});
const LIST = { method: "tools/list", name: undefined, isNamed: false };
const NEW = "2026-07-28";
const BOTH = { "Mcp-Method": "tools/call", "Mcp-Name": "get_order" };
const base64 = (name: string): string => `=?base64?${btoa(String.fromCharCode(...new TextEncoder().encode(name)))}?=`;

describe("revisionOf", () => {
  it.each([
    { value: undefined, expected: { ok: true, value: undefined } },
    { value: "2025-06-18", expected: { ok: true, value: "2025-06-18" } },
    { value: "2025-11-25", expected: { ok: true, value: "2025-11-25" } },
    { value: NEW, expected: { ok: true, value: NEW } },
    { value: `\t${NEW} `, expected: { ok: true, value: NEW } },
    { value: "", expected: { ok: false, failure: "" } },
    { value: "2025-03-26", expected: { ok: false, failure: "2025-03-26" } },
    { value: "2027-01-01", expected: { ok: false, failure: "2027-01-01" } },
    { value: "draft", expected: { ok: false, failure: "draft" } },
    { value: `${NEW}, ${NEW}`, expected: { ok: false, failure: `${NEW}, ${NEW}` } },
    { value: `"${NEW}"`, expected: { ok: false, failure: `"${NEW}"` } },
  ])("reads $value", ({ value, expected }) => {
    expect(revisionOf({ get: () => value ?? null })).toEqual(expected);
  });
});

describe("isWithoutSessions", () => {
  it.each([
    [undefined, false],
    ["2025-06-18", false],
    ["2025-11-25", false],
    [NEW, true],
  ] as const)("%s: %s", (revision, expected) => {
    expect(isWithoutSessions(revision)).toBe(expected);
  });
});

describe("headerMismatch", () => {
  interface Case {
    readonly name: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly message?: Partial<Message>;
    readonly revision?: Revision;
  }

  it.each<Case>([
    { name: "no headers in an older revision", headers: {} },
    { name: "no headers in 2025-11-25", headers: {}, revision: "2025-11-25" },
    { name: "the headers in an older revision", headers: BOTH },
    { name: "the headers in the newest revision", headers: BOTH, revision: NEW },
    {
      name: "white space around values",
      headers: { "Mcp-Method": " tools/call\t", "Mcp-Name": " get_order " },
      revision: NEW,
    },
    { name: "no name of a method without one", headers: { "Mcp-Method": "tools/list" }, message: LIST, revision: NEW },
    {
      name: "no name of a method that may have one",
      headers: { "Mcp-Method": "x/y" },
      message: { method: "x/y", isNamed: false },
      revision: NEW,
    },
    {
      name: "the name of a method that may have one",
      headers: { "Mcp-Method": "x/y", "Mcp-Name": "get_order" },
      message: { method: "x/y", isNamed: false },
      revision: NEW,
    },
    { name: "a plain name that is encoded", headers: { ...BOTH, "Mcp-Name": base64("get_order") }, revision: NEW },
    {
      name: "a name beyond ASCII",
      headers: { ...BOTH, "Mcp-Name": base64("préis") },
      message: { name: "préis" },
      revision: NEW,
    },
    {
      name: "a name with spaces at its ends",
      headers: { ...BOTH, "Mcp-Name": base64(" a ") },
      message: { name: " a " },
      revision: NEW,
    },
    {
      name: "a name that looks encoded",
      headers: { ...BOTH, "Mcp-Name": base64("=?base64?literal?=") },
      message: { name: "=?base64?literal?=" },
      revision: NEW,
    },
    {
      name: "a name with spaces and commas",
      headers: { ...BOTH, "Mcp-Name": "a, b" },
      message: { name: "a, b" },
      revision: NEW,
    },
    { name: "the same revision in `_meta`", headers: BOTH, message: { revision: NEW }, revision: NEW },
    {
      name: "the same older revision in `_meta`",
      headers: {},
      message: { revision: "2025-06-18" },
      revision: "2025-06-18",
    },
  ])("agrees: $name", ({ headers, message: more, revision }) => {
    expect(headerMismatch(new Headers(headers), message(more), revision)).toBeUndefined();
  });

  it.each<Case>([
    { name: "no method", headers: { "Mcp-Name": "get_order" }, revision: NEW },
    { name: "no name", headers: { "Mcp-Method": "tools/call" }, revision: NEW },
    { name: "no method of a method without name", headers: {}, message: LIST, revision: NEW },
    { name: "no method of a notification", headers: {}, message: { ...LIST, kind: "notification" }, revision: NEW },
    { name: "another method", headers: { ...BOTH, "Mcp-Method": "tools/list" }, revision: NEW },
    { name: "another method in an older revision", headers: { "Mcp-Method": "tools/list" } },
    { name: "the method in another case", headers: { ...BOTH, "Mcp-Method": "Tools/Call" }, revision: NEW },
    { name: "a doubled method", headers: { ...BOTH, "Mcp-Method": "tools/call, tools/call" }, revision: NEW },
    { name: "an empty method", headers: { ...BOTH, "Mcp-Method": "" } },
    { name: "another name", headers: { ...BOTH, "Mcp-Name": "delete_order" }, revision: NEW },
    { name: "another name in an older revision", headers: { "Mcp-Name": "delete_order" }, revision: "2025-06-18" },
    { name: "the name in another case", headers: { ...BOTH, "Mcp-Name": "Get_order" }, revision: NEW },
    { name: "a doubled name", headers: { ...BOTH, "Mcp-Name": "get_order, get_order" }, revision: NEW },
    { name: "an empty name", headers: { ...BOTH, "Mcp-Name": "" }, revision: NEW },
    {
      name: "a name of a method without one",
      headers: { "Mcp-Method": "tools/list", "Mcp-Name": "x" },
      message: LIST,
      revision: NEW,
    },
    { name: "another name, encoded", headers: { ...BOTH, "Mcp-Name": base64("delete_order") }, revision: NEW },
    {
      name: "an encoding without padding",
      headers: { ...BOTH, "Mcp-Name": base64("ab").replace("=?=", "?=") },
      message: { name: "ab" },
    },
    {
      name: "an encoding in upper case",
      headers: { ...BOTH, "Mcp-Name": base64("ab").replace("base64", "BASE64") },
      message: { name: "ab" },
    },
    { name: "the base64url of a name", headers: { ...BOTH, "Mcp-Name": "=?base64?w78_?=" }, message: { name: "ÿ?" } },
    { name: "no Base64", headers: { ...BOTH, "Mcp-Name": "=?base64?***?=" }, revision: NEW },
    {
      name: "a name that looks encoded, as it is",
      headers: { ...BOTH, "Mcp-Name": "=?base64?literal?=" },
      message: { name: "=?base64?literal?=" },
    },
    { name: "another revision in `_meta`", headers: BOTH, message: { revision: "2025-11-25" }, revision: NEW },
    { name: "a revision in `_meta`, and none in the header", headers: {}, message: { revision: "2025-11-25" } },
    { name: "a revision that is no text", headers: BOTH, message: { revision: [NEW] }, revision: NEW },
    { name: "a revision that is null", headers: BOTH, message: { revision: null }, revision: NEW },
    {
      name: "a method with a reply",
      headers: { "Mcp-Method": "tools/call" },
      message: { kind: "reply", ...LIST, method: undefined },
    },
  ])("does not agree: $name", ({ headers, message: more, revision }) => {
    expect(headerMismatch(new Headers(headers), message(more), revision)).toMatch(/^M.*\.$/);
  });
});

describe("setMessageHeaders", () => {
  const upstreamHeaders = (incoming: Headers, more?: Partial<Message>, revision?: Revision) => {
    const headers = new Headers({ "mcp-name": "stale", "mcp-method": "stale", "mcp-protocol-version": "stale" });
    setMessageHeaders(headers, incoming, message(more), revision);
    return Object.fromEntries(headers);
  };
  const JSON_TYPE = { "content-type": "application/json" };

  it.each([
    {
      name: "in an older revision",
      incoming: {},
      expected: { "mcp-method": "tools/call", "mcp-name": "get_order" },
    },
    {
      name: "with the revision",
      incoming: {},
      revision: NEW,
      expected: { "mcp-method": "tools/call", "mcp-name": "get_order", "mcp-protocol-version": NEW },
    } as const,
    { name: "of a method without name", incoming: {}, message: LIST, expected: { "mcp-method": "tools/list" } },
    { name: "of a reply", incoming: {}, message: { ...LIST, method: undefined }, expected: {} },
    {
      name: "with a name that needs the encoding",
      incoming: {},
      message: { name: "préis" },
      expected: { "mcp-method": "tools/call", "mcp-name": base64("préis") },
    },
    {
      name: "with the encoding taken off where it is not needed",
      incoming: { "mcp-name": base64("get_order") },
      expected: { "mcp-method": "tools/call", "mcp-name": "get_order" },
    },
    {
      name: "with parameters of any name",
      incoming: { "Mcp-Param-A_b": "1", "mcp-param-a.b": "2", mcp_param_c: "3", "mcp-param_d": "4" },
      expected: { "mcp-method": "tools/call", "mcp-name": "get_order", "mcp-param-a_b": "1", "mcp-param-a.b": "2" },
    },
    {
      name: "without a parameter that is for this connection only",
      incoming: { connection: "Mcp-Param-A_b, mcp-name", "mcp-param-a_b": "1", "mcp-name": "get_order" },
      expected: { "mcp-method": "tools/call", "mcp-name": "get_order" },
    },
  ] as const)("sets them $name", ({ incoming, expected, ...rest }) => {
    const { message: more, revision } = rest as { message?: Partial<Message>; revision?: Revision };
    expect(upstreamHeaders(new Headers(incoming), more, revision)).toEqual({ ...JSON_TYPE, ...expected });
  });
});

describe("setStreamHeaders", () => {
  it("lets only the revision through", () => {
    const headers = new Headers({ "mcp-method": "tools/call", "mcp-name": "x", "mcp-session-id": "1" });
    setStreamHeaders(headers, new Headers({ "mcp-protocol-version": " 2025-06-18 " }));
    expect(Object.fromEntries(headers)).toEqual({ "mcp-protocol-version": "2025-06-18", "mcp-session-id": "1" });
  });
});
