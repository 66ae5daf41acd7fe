import { describe, expect, it } from "vitest";
import { askedMessage, askedMessageText, messagePost } from "../../../src/explain/message/asked-message.ts";
import type { Revision } from "../../../src/mcp/message-headers.ts";
import { readPost } from "../../../src/mcp/read-post.ts";

const withoutName = (method: string) => `Write \`${method}\` without a name: the method decides.`;

describe("askedMessage", () => {
  it.each<{ name: string; words: readonly string[]; body: object }>([
    { name: "a tool", words: ["tools/call", "get_order"], body: { params: { name: "get_order" } } },
    { name: "a prompt", words: ["prompts/get", "summary"], body: { params: { name: "summary" } } },
    { name: "a resource", words: ["resources/read", "orders://1"], body: { params: { uri: "orders://1" } } },
    { name: "a subscription", words: ["resources/subscribe", "a:b"], body: { params: { uri: "a:b" } } },
    { name: "no more of it", words: ["resources/unsubscribe", "a:b"], body: { params: { uri: "a:b" } } },
    {
      name: "several resources",
      words: ["subscriptions/listen", "a:b", "a:c"],
      body: { params: { notifications: { resourceSubscriptions: ["a:b", "a:c"] } } },
    },
    { name: "no resource", words: ["subscriptions/listen"], body: { params: { notifications: {} } } },
    {
      name: "the arguments of a prompt",
      words: ["completion/complete", "ref/prompt", "summary"],
      body: { params: { ref: { type: "ref/prompt", name: "summary" } } },
    },
    {
      name: "the variables of a resource",
      words: ["completion/complete", "ref/resource", "orders://{id}"],
      body: { params: { ref: { type: "ref/resource", uri: "orders://{id}" } } },
    },
    { name: "a task", words: ["tasks/get", "t1"], body: { params: { taskId: "t1" } } },
    { name: "any task", words: ["tasks/cancel"], body: { params: { taskId: "task-1" } } },
    { name: "a method", words: ["tools/list"], body: { params: {} } },
    { name: "a name that is no ASCII", words: ["tools/call", "délete"], body: { params: { name: "délete" } } },
  ])("makes a message that the gateway reads, in every revision: $name", async ({ words, body }) => {
    const [method = "", ...names] = words;
    for (const revision of ["2025-06-18", "2025-11-25", "2026-07-28"] satisfies Revision[]) {
      const message = askedMessage(method, names, revision);
      if (!message.ok) throw new Error(message.failure);
      expect(askedMessageText(message.value)).toBe(words.join(" "));
      const post = messagePost(message.value);
      expect(JSON.parse(post.body)).toEqual({ jsonrpc: "2.0", id: 1, method, ...body });
      const read = await readPost(new Request("https://g.example/mcp", { method: "POST", ...post }), 4096);
      expect(read).toMatchObject({ ok: true, value: { revision, message: { method } } });
    }
  });

  it("makes a notification without an id, and a reply with one", () => {
    const [notification, reply] = [askedMessage("notifications/initialized", []), askedMessage("reply", [])];
    if (!notification.ok || !reply.ok) throw new Error("They are messages.");
    expect(JSON.parse(messagePost(notification.value).body)).not.toHaveProperty("id");
    expect(JSON.parse(messagePost(reply.value).body)).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
    expect(askedMessageText(reply.value)).toBe("reply");
  });

  it("takes the newest revision, and for a reply the newest that has replies", () => {
    expect(askedMessage("ping", [])).toMatchObject({ value: { revision: "2026-07-28" } });
    expect(askedMessage("reply", [])).toMatchObject({ value: { revision: "2025-11-25" } });
    expect(askedMessage("reply", [], "2026-07-28")).toMatchObject({ value: { revision: "2026-07-28" } });
  });

  it.each([
    { words: [""], failure: "The method of the message is empty." },
    { words: ["tools/call", ""], failure: "A name is empty." },
    { words: ["tools/call"], failure: "Write `tools/call TOOL`." },
    { words: ["tools/call", "a", "b"], failure: "Write `tools/call TOOL`." },
    { words: ["prompts/get"], failure: "Write `prompts/get PROMPT`." },
    { words: ["resources/read"], failure: "Write `resources/read URI`." },
    { words: ["tools/list", "a"], failure: "Write `tools/list` without a name: the method decides." },
    { words: ["tool/call", "a"], failure: `${withoutName("tool/call")} Did you mean \`tools/call\`?` },
    { words: ["Tools/Cal", "a"], failure: `${withoutName("Tools/Cal")} Did you mean \`tools/call\`?` },
    { words: ["tool/cals", "a"], failure: `${withoutName("tool/cals")} Did you mean \`tools/call\`?` },
    { words: ["too/cals", "a"], failure: withoutName("too/cals") },
    { words: ["task/get", "a"], failure: `${withoutName("task/get")} Did you mean \`tasks/get\`?` },
    { words: ["reply", "a"], failure: "Write `reply` without a name: the method decides." },
    { words: ["tasks/get", "a", "b"], failure: "Write `tasks/get`, with one task or none." },
    ...[[], ["summary"], ["ref/prompt"], ["ref/tool", "a"], ["ref/prompt", "a", "b"]].map((names) => ({
      words: ["completion/complete", ...names],
      failure: "Write `completion/complete ref/prompt PROMPT` or `completion/complete ref/resource URI`.",
    })),
  ])("refuses $words", ({ words: [method = "", ...names], failure }) => {
    expect(askedMessage(method, names)).toEqual({ ok: false, failure });
  });
});
