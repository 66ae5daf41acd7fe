import { describe, expect, it } from "vitest";
import { describeAnswer, describeLack } from "../../../src/cli/demo/demo-answer.ts";

describe("describeAnswer", () => {
  it.each([
    {
      name: "knows the gateway by its problem types",
      input: { status: 404, headers: {}, body: '{"type":"https://scopegate.dev/problems/route-unknown"}' },
      expected: "404 route-unknown by gateway",
    },
    {
      name: "knows the gateway by the problem in an error of JSON-RPC",
      input: {
        status: 403,
        headers: {},
        body: '{"jsonrpc":"2.0","id":1,"error":{"data":{"type":"https://scopegate.dev/problems/message-unlisted"}}}',
      },
      expected: "403 message-unlisted by gateway",
    },
    {
      name: "knows a service by its header, also if it answers a message",
      input: {
        status: 200,
        headers: { "x-served-by": "orders" },
        body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32602}}',
      },
      expected: "200 by orders",
    },
    {
      name: "knows a service by its header",
      input: { status: 404, headers: { "x-served-by": "orders" }, body: '{"type":"about:blank"}' },
      expected: "404 by orders",
    },
    {
      name: "knows the issuer by its errors",
      input: { status: 400, headers: {}, body: '{"error":"invalid_scope"}' },
      expected: "400 invalid_scope by issuer",
    },
    {
      name: "knows the issuer by its tokens",
      input: { status: 200, headers: {}, body: '{"access_token":"x"}' },
      expected: "200 by issuer",
    },
    {
      name: "takes no other answer for the issuer's",
      input: { status: 500, headers: {}, body: "Internal Server Error" },
      expected: "500 by nobody known",
    },
  ])("$name", ({ input, expected }) => {
    expect(describeAnswer({ ...input, headers: new Headers(input.headers as Record<string, string>) })).toBe(expected);
  });
});

describe("describeLack", () => {
  const lackOf = (body: unknown) => describeLack({ status: 403, headers: new Headers(), body: JSON.stringify(body) });

  it("names what is required and not granted", () => {
    expect(lackOf({ required: ["a/x", "a/y"], granted: ["a/x"] })).toBe("lacks y");
  });

  it("names it for a message, too", () => {
    const data = { required: ["a/x", "a/y"], granted: ["a/x"] };
    expect(lackOf({ jsonrpc: "2.0", id: 1, error: { data } })).toBe("lacks y");
  });

  it("notices when a refusal does not say it", () => {
    expect(lackOf({ required: ["a/x"] })).toBe("which names no scopes");
  });
});
