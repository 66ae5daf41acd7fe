import { describe, expect, it } from "vitest";
import { lintsWithCode, messagesOf, withRoutes } from "../../../../../support/policy/lints.ts";

const ANY = { authenticated: true };
const READ = { scopes: ["read:orders"] };
const fileWith = (mcp: Record<string, unknown>) => withRoutes({ path: "/mcp", upstream: "orders", mcp });
const at = (code: string, place: string) => [`${code} $.routes[3].mcp.${place}`];

describe("unlisted-handshake", () => {
  it.each([
    { name: "both beginnings", methods: ["initialize", "notifications/*", "server/discover"], isFound: false },
    { name: "the older beginning", methods: ["initialize", "notifications/initialized"], isFound: false },
    { name: "the later beginning", methods: ["server/discover"], isFound: false },
    { name: "every method", methods: ["*"], isFound: false },
    { name: "no method", methods: [], isFound: true },
    { name: "another method", methods: ["tools/list"], isFound: true },
    { name: "a beginning without its notification", methods: ["initialize", "notifications/cancelled"], isFound: true },
  ])("with $name", ({ methods, isFound }) => {
    const file = fileWith({ methods: Object.fromEntries(methods.map((it) => [it, ANY])), tools: { a: READ } });
    expect(lintsWithCode(file, "unlisted-handshake")).toEqual(isFound ? at("unlisted-handshake", "methods") : []);
  });
});

describe("unreached-message", () => {
  it.each([
    { pattern: "tools/call*", isFound: true },
    { pattern: "completion/*", isFound: true },
    { pattern: "resources/read*", isFound: true },
    { pattern: "tools/*", isFound: false },
    { pattern: "resources/*", isFound: false },
    { pattern: "*", isFound: false },
    { pattern: "tools/list", isFound: false },
    { pattern: "example/*", isFound: false },
  ])("of $pattern", ({ pattern, isFound }) => {
    const found = lintsWithCode(fileWith({ methods: { [pattern]: ANY } }), "unreached-message");
    expect(found.length).toBe(isFound ? 1 : 0);
  });
});

describe("unlisted-list", () => {
  const all = { "tools/list": ANY, "resources/templates/list": ANY, "prompts/list": ANY };
  it.each([
    { name: "lists of all tables", methods: all, expected: [] },
    { name: "no list", methods: { ping: ANY }, expected: ["tools", "resources", "prompts", "filterLists"] },
    { name: "the list of tools", methods: { "tools/*": ANY }, expected: ["resources", "prompts"] },
  ])("with $name", ({ methods, expected }) => {
    const mcp = { methods, tools: { a: READ }, resources: { "a://*": READ }, prompts: { b: READ }, filterLists: true };
    expect(lintsWithCode(fileWith(mcp), "unlisted-list")).toEqual(expected.flatMap((it) => at("unlisted-list", it)));
  });

  it("is none of an empty table", () => {
    expect(lintsWithCode(fileWith({ methods: { ping: ANY } }), "unlisted-list")).toEqual([]);
  });
});

describe("the general lints", () => {
  it("find a tool that no client may call, at its entry", () => {
    const file = { ...fileWith({ tools: { a: READ, b: { scopes: ["write:orders"] } } }) };
    const clients = { reader: { scopes: ["read:orders"] } };
    const found = lintsWithCode({ ...file, ...{ clients } }, "unmeetable-requirement");
    expect(found).toContain("unmeetable-requirement $.routes[2].scopes");
    expect(messagesOf({ ...file, ...{ clients } }, "unmeetable-requirement")[0]).toContain("`/mcp tools/call b`");
  });

  it("find an ordinary route that serves another spelling of the path of an MCP route", () => {
    const mcp = { path: "/mcp", upstream: "orders", mcp: { tools: { a: READ } } };
    const other = { path: "/mcp/", methods: ["POST"], upstream: "orders" };
    expect(lintsWithCode(withRoutes(mcp, { ...other, ...READ }), "looser-sibling")).toEqual([
      "looser-sibling $.routes[4].path",
    ]);
    expect(lintsWithCode(withRoutes(mcp, { ...mcp, path: "/mcp/" }), "looser-sibling")).toEqual([]);
  });
});
