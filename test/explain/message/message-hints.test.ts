import { describe, expect, it } from "vitest";
import { nobody } from "../../../src/explain/caller.ts";
import { callerWithClaims } from "../../../src/explain/claims-caller.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import { askedMessage } from "../../../src/explain/message/asked-message.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const READ = { scopes: ["read:orders"] };
const policy = compiled(
  policyFileWith({
    routes: [
      {
        path: "/mcp",
        upstream: "orders",
        mcp: {
          methods: { "tools/list": READ },
          tools: { get_order: READ, "delete_*": READ },
          resources: { "https://orders.example/*": READ },
          maxBodyBytes: 1024,
        },
      },
      { path: "/lists", upstream: "orders", mcp: { methods: { "tools/*": READ } } },
    ],
  }),
);

async function hintsOf(words: readonly string[] | undefined, path = "/mcp", caller = reader) {
  const [method = "", ...names] = words ?? [];
  const message = words && askedMessage(method, names);
  if (message && !message.ok) throw new Error(message.failure);
  const asked = { method: "POST", url: `https://gateway.example${path}`, message: message?.value };
  const { hints, refusal, forwarded } = await explainRequest(policy, asked, caller);
  expect(forwarded).toBeUndefined();
  return { hints, reason: refusal?.reason };
}

const [issuer] = policy.issuers.values();
const reader = callerWithClaims(
  { iss: issuer?.issuer, client_id: "app", scope: "https://api.example/read:orders" },
  policy,
  [],
);

describe("messageHints", () => {
  it.each([
    { words: ["tools/call", "Get_Order"], hint: "`get_order` is listed in `tools`. Upper and lower case differ." },
    { words: ["tools/call", "get_orders"], hint: "`get_orders` is not listed in `tools`. Did you mean `get_order`?" },
    { words: ["tools/call", "zzz"], hint: "`zzz` is not listed in `tools`. Known: get_order, delete_*." },
    { words: ["prompts/get", "summary"], hint: "The route has no entry in `prompts`." },
    { words: ["initialize"], hint: "`initialize` is not listed in `methods`. Known: tools/list." },
    { words: ["reply"], hint: "A route takes replies only if its `mcp` has `replies`." },
  ])("says what is listed in place of $words", async ({ words, hint }) => {
    expect(await hintsOf(words)).toEqual({ reason: "message-unlisted", hints: [hint] });
  });

  it.each([
    { uri: "HTTPS://Orders.example/1", hint: "In normal form the URI is `https://orders.example/1`." },
    { uri: "https://orders.example/a/../b", hint: "In normal form the URI is `https://orders.example/b`." },
    { uri: "orders:a/%2e%2e/b", hint: expect.stringMatching(/^The URI is not in normal form: write /) },
  ])("says how to write $uri", async ({ uri, hint }) => {
    expect(await hintsOf(["resources/read", uri])).toEqual({ reason: "message-malformed", hints: [hint] });
  });

  it("says how long the message is", async () => {
    const { reason, hints } = await hintsOf(["tools/call", `delete_${"x".repeat(1024)}`]);
    expect(reason).toBe("body-too-large");
    expect(hints).toEqual([expect.stringMatching(/^This message has 1\d\d\d bytes\. .* is 1024\.$/)]);
  });

  it.each([
    { path: "/mcp", example: "scopegate explain mcp /mcp tools/call get_order" },
    { path: "/lists", example: "scopegate explain mcp /lists tools/x" },
  ])("asks for a message on $path", async ({ path, example }) => {
    const hints = [
      "The message decides on this route, and this request has none. " +
        `\`${example}\` sends one. A row of a table of decisions cannot.`,
    ];
    expect(await hintsOf(undefined, path)).toEqual({ reason: "message-malformed", hints });
    expect(await hintsOf(undefined, path, nobody)).toEqual({ reason: "credentials-missing", hints });
  });

  it("names the MCP routes where a message goes to no route", async () => {
    const hints = ["The policy's MCP routes: `/mcp`, `/lists`."];
    expect(await hintsOf(["tools/list"], "/mpc")).toEqual({ reason: "route-unknown", hints });
  });
});
