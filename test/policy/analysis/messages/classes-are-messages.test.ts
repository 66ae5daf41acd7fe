import fc from "fast-check";
import { expect, test } from "vitest";
import { readMessage } from "../../../../src/mcp/message.ts";
import { messageClasses, messageOf } from "../../../../src/policy/analysis/messages/message-classes.ts";
import { mcpRules } from "../../../../src/policy/mcp/mcp-rules.ts";
import { messageRequirements } from "../../../../src/policy/mcp/message-targets.ts";
import { NameTable } from "../../../../src/policy/mcp/name-table.ts";
import type { Requirement } from "../../../../src/policy/policy.ts";

/** A message as a client sends it. */
function sent(table: string, method: string, name: string | undefined): unknown {
  const params =
    method === "completion/complete"
      ? { ref: table === "prompts" ? { type: "ref/prompt", name } : { type: "ref/resource", uri: name } }
      : method === "subscriptions/listen"
        ? { notifications: { resourceSubscriptions: [name] } }
        : table === "resources"
          ? { uri: name }
          : { name };
  return { jsonrpc: "2.0", id: 1, method, ...(name !== undefined && { params }) };
}

const end = fc.constantFrom("", "*");
const text = fc.string({ unit: fc.constantFrom("a", "b", "_", "é"), minLength: 1, maxLength: 3 });
const uri = fc.constantFrom(
  "o://",
  "o://a",
  "o://a/",
  "o://a/b",
  "https://h.example/",
  "https:",
  "o",
  "o:",
  "file:///a",
);
const patterns = (beginnings: fc.Arbitrary<string>) =>
  fc.uniqueArray(
    fc.tuple(beginnings, end).map((parts) => parts.join("")),
    { maxLength: 5 },
  );
const resources = fc.oneof(
  patterns(uri).map((all) => all.filter((it) => it.endsWith("*") || it.includes(":/"))),
  fc.constant(["o://{id}", "o://*", "o://a/{+path}"]),
);
const method = fc.constantFrom("tools/*", "tools/c*", "ping", "*", "resources/*", "completion/*");

test("each class of messages has one that a client can send, and that the entry of the class decides", () => {
  fc.assert(
    fc.property(patterns(text), patterns(text), resources, fc.uniqueArray(method), (tools, prompts, uris, methods) => {
      const of = (all: readonly string[]) =>
        new NameTable(all.map((it): [string, Requirement] => [it, { kind: "authenticated", issuers: [it] }]));
      const rules = mcpRules({
        ...{ tools: of(tools), prompts: of(prompts), resources: of(uris), methods: of(methods) },
        ...{ maxBodyBytes: 1024, filterLists: false },
      });
      const selection = {
        tools: ["a*"],
        resources: [],
        prompts: [],
        methods: ["completion/complete", "resources/read"],
      };
      for (const selections of [[], [selection]]) {
        for (const { table, message, pattern } of messageClasses([rules], selections)) {
          if (table === "replies" || "reply" in message || "reply" in pattern) continue;
          const read = readMessage(sent(table, message.method, message.name));
          expect([message, read]).toMatchObject([message, { ok: true }]);
          const entry = rules[table].find(message.name ?? message.method);
          // A pattern of the selection alone has no entry.
          const expected = entry && [entry.requirement];
          expect([message, read.ok && messageRequirements(rules, read.value.targets)]).toEqual([message, expected]);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("only a completion names a template of URIs", () => {
  expect(messageOf("resources", "orders://{id}")).toEqual({ method: "completion/complete", name: "orders://{id}" });
  expect(messageOf("resources", "orders://*")).toEqual({ method: "resources/read", name: "orders://*" });
  expect(messageOf("resources", "orders://1")).toEqual({ method: "resources/read", name: "orders://1" });
});
