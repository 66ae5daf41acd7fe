import { describe, expect, it } from "vitest";
import { coversMessage, messageClasses, messageOf } from "../../../../src/policy/analysis/messages/message-classes.ts";
import type { MessageSelection } from "../../../../src/policy/mcp/message-selection.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

const READ = { scopes: ["read:orders"] };

function rulesOf(mcp: object) {
  return compiled(policyFileWith({ routes: [{ path: "/mcp", upstream: "orders", mcp }] })).routes[0]?.mcp;
}

const selecting = (lists: Partial<MessageSelection>): MessageSelection => ({
  ...{ tools: [], resources: [], prompts: [], methods: [] },
  ...lists,
});

describe("messageClasses", () => {
  it("has one class for each entry, with a message that the entry decides", () => {
    const rules = rulesOf({ methods: { ping: READ }, tools: { delete: READ, "delete*": READ }, replies: READ });
    expect(messageClasses([rules]).map(({ message, pattern }) => [message, pattern])).toEqual([
      [{ method: "ping" }, { method: "ping" }],
      [
        { method: "tools/call", name: "delete" },
        { method: "tools/call", name: "delete" },
      ],
      [
        { method: "tools/call", name: expect.stringMatching(/^delete.$/) },
        { method: "tools/call", name: "delete*" },
      ],
      [{ reply: true }, { reply: true }],
    ]);
  });

  it("tells apart what the rules of several routes tell apart, each once", () => {
    const [one, other] = [rulesOf({ tools: { a: READ, b: READ } }), rulesOf({ tools: { b: READ, "c*": READ } })];
    const patterns = messageClasses([one, other]).map(({ pattern }) => ("name" in pattern ? pattern.name : ""));
    expect(patterns).toEqual(["a", "b", "c*"]);
  });

  it("tells apart the methods of resources only where a selection does", () => {
    const rules = rulesOf({ resources: { "o:1": READ } });
    const methodsWith = (methods: readonly string[]) =>
      messageClasses([rules], [selecting({ methods })]).flatMap(({ table, message }) =>
        table === "resources" && "method" in message ? [message.method] : [],
      );
    expect(methodsWith([])).toEqual(["resources/read"]);
    expect(methodsWith(["resources/subscribe"])).toEqual(["resources/read", "resources/subscribe"]);
  });

  it("has names that only a selection has, because an ordinary route serves them", () => {
    const [found] = messageClasses([undefined], [selecting({ tools: ["delete_order"] })]);
    expect(found?.message).toEqual({ method: "tools/call", name: "delete_order" });
  });
});

describe("coversMessage", () => {
  const [ping, tool, reply] = messageClasses([
    rulesOf({ methods: { ping: READ }, tools: { get_order: READ }, replies: READ }),
  ]);

  it.each([
    { name: "a tool by its name", lists: { tools: ["get_order"] }, covered: [false, true, false] },
    { name: "a tool by a beginning", lists: { tools: ["get_*"] }, covered: [false, true, false] },
    { name: "a tool by its method", lists: { methods: ["tools/*"] }, covered: [false, true, false] },
    { name: "no prompt of the same name", lists: { prompts: ["get_order"] }, covered: [false, false, false] },
    { name: "no reply, with any list", lists: { tools: ["*"], methods: ["*"] }, covered: [true, true, false] },
  ])("covers $name", ({ lists, covered }) => {
    const classes = [ping, tool, reply].filter((it) => it !== undefined);
    expect(classes.map((it) => coversMessage(selecting(lists), it))).toEqual(covered);
  });
});

describe("messageOf", () => {
  it.each([
    { table: "methods", pattern: "tools/list", expected: { method: "tools/list" } },
    { table: "tools", pattern: "get_*", expected: { method: "tools/call", name: "get_*" } },
    { table: "resources", pattern: "o:*", expected: { method: "resources/read", name: "o:*" } },
    { table: "prompts", pattern: "sum", expected: { method: "prompts/get", name: "sum" } },
  ] as const)("names an entry in $table", ({ table, pattern, expected }) => {
    expect(messageOf(table, pattern)).toEqual(expected);
  });
});
