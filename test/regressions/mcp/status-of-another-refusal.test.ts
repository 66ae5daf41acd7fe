/**
 * The first refusal of an isolate chose the HTTP status of all later ones with the same reason: after a message that
 * was not JSON (400), a wrong content type (415) was answered with 400, too.
 */
import { expect, it } from "vitest";
import { type Call, modern, PLAIN, text } from "../../support/mcp/calls.ts";
import { McpGateway } from "../../support/mcp/mcp-gateway.ts";

const CALLS: readonly { readonly call: Call; readonly reason: string; readonly status: number }[] = [
  { call: { body: "{" }, reason: "message-malformed", status: 400 },
  { call: { body: "{}", headers: { "content-type": "text/plain" } }, reason: "message-malformed", status: 415 },
  { call: { body: text("unlisted"), headers: PLAIN }, reason: "message-unlisted", status: 403 },
  { call: { body: text("unlisted"), headers: modern("unlisted") }, reason: "message-unlisted", status: 404 },
];

it("each refusal has its own status after any other refusal", async () => {
  const gateway = await McpGateway.create();
  for (const { call, reason, status } of [...CALLS, ...CALLS.toReversed()]) {
    const response = await gateway.send(call);
    const problem = ((await response.json()) as { error: { data: unknown } }).error.data;
    expect({ status: response.status, problem }).toMatchObject({
      status,
      problem: { type: `https://scopegate.dev/problems/${reason}`, status },
    });
    expect(gateway.lines.at(-1)).toMatchObject({ reason, status });
  }
  expect(gateway.sent).toEqual([]);
});
