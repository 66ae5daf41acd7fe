import { describe, expect, it } from "vitest";
import { whyLink } from "../../../../src/cli/console/change/why-link.ts";
import { readQuestion } from "../../../../src/cli/console/why/question.ts";

const NOTHING = { scope: [], grant: [], claim: [] };

describe("the link to the explanation of a call", () => {
  it.each([
    { name: "of anyone", call: { method: "GET", path: "/a b?c=d&e" }, expected: { method: "GET", path: "/a b?c=d&e" } },
    {
      name: "of a client",
      call: { method: "GET", path: "/a", host: "shop.example", client: "the & app" },
      expected: { host: "shop.example", client: "the & app" },
    },
    {
      name: "with scopes of an issuer and a tenant",
      call: { method: "GET", path: "/a", scopes: ["https://api/x:y", "z"], issuer: "main", tenant: "t" },
      expected: { scope: ["https://api/x:y", "z"], issuer: "main", tenant: "t" },
    },
    {
      name: "with values that grant",
      call: { method: "GET", path: "/a", grants: { "cognito:groups": "staff=1", "/a/b": "c" } },
      expected: { grant: ["cognito:groups=staff=1", "/a/b=c"] },
    },
    {
      name: "with claims, also inside others and in lists",
      call: { method: "GET", path: "/a", claims: { sub: "x y", org: { tier: ["gold", "silver"] }, auth_time: -60 } },
      expected: { claim: ["sub=x y", "/org/tier=gold", "/org/tier=silver", "auth_time=-60"] },
    },
    {
      name: "with a token that a proof binds",
      call: { method: "GET", path: "/a", claims: { cnf: { jkt: "x" } } },
      expected: { bound: "dpop" },
    },
    {
      name: "with a token that a certificate binds",
      call: { method: "GET", path: "/a", claims: { cnf: { "x5t#S256": "x" } } },
      expected: { bound: "mtls" },
    },
    { name: "on a day", call: { method: "GET", path: "/a", on: "2027-02-01" }, expected: { on: "2027-02-01" } },
    {
      name: "with an MCP message",
      call: { method: "POST", path: "/mcp", mcp: { method: "tools/call", name: "create order" } },
      expected: { message: "tools/call create order" },
    },
    {
      name: "with a reply",
      call: { method: "POST", path: "/mcp", mcp: { reply: true as const } },
      expected: { message: "reply" },
    },
  ])("asks the same $name", ({ call, expected }) => {
    const { search } = new URL(whyLink(call), "http://127.0.0.1");
    const { method, path } = call;
    expect(readQuestion(new URLSearchParams(search))).toEqual({ ...NOTHING, method, path, ...expected });
  });
});
