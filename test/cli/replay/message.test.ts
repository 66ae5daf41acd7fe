import { describe, expect, it } from "vitest";
import { messageRequirementsOf } from "../../../src/cli/replay/message.ts";
import type { ObservedLine } from "../../../src/cli/replay/observed.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const mcp = {
  methods: { "tools/list": { scopes: ["read:orders"] } },
  tools: { create_order: { scopes: ["write:orders"] } },
};
const issuer = { issuer: "https://issuer.example", profile: "generic", audiences: ["api"] };
const [route] = compiled(
  policyFileWith({
    issuers: { main: issuer },
    publicUrl: "https://gw.example",
    routes: [{ path: "/mcp", mcp, upstream: "orders" }],
  }),
).routes;
const write = ["https://api.example/write:orders"];
const read = ["https://api.example/read:orders"];

/** The scopes that each requirement mentions, or why there is none. */
function requiredBy(members: Partial<ObservedLine>) {
  if (route?.mcp === undefined) throw new Error("The route has no rules for messages.");
  const found = messageRequirementsOf(route.mcp, { method: "POST", ...members } as ObservedLine);
  return typeof found === "object" ? found.map((it) => (it.kind === "scopes" ? it.mentioned : it.kind)) : found;
}

describe("messageRequirementsOf", () => {
  it.each([
    {
      name: "a call of a tool by its name",
      input: { mcp_method: "tools/call", mcp_name: "create_order" },
      expected: [write],
    },
    { name: "a tool without an entry", input: { mcp_method: "tools/call", mcp_name: "other" }, expected: "unlisted" },
    { name: "a method by itself", input: { mcp_method: "tools/list" }, expected: [read] },
    { name: "a method without an entry", input: { mcp_method: "prompts/list" }, expected: "unlisted" },
    { name: "a line without a method", input: {}, expected: undefined },
    { name: "a method that was cut for the log", input: { mcp_method: "tools/li..." }, expected: undefined },
    {
      name: "a name that was cut for the log",
      input: { mcp_method: "tools/call", mcp_name: "create_or..." },
      expected: undefined,
    },
    { name: "a request that has no message", input: { method: "GET", mcp_method: "tools/list" }, expected: undefined },
  ])("says what is required for $name", ({ input, expected }) => {
    expect(requiredBy(input)).toEqual(expected);
  });
});
