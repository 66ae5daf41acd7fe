import { describe, expect, it } from "vitest";
import { explainCommand } from "../../../../src/cli/console/why/explain-command.ts";

const NONE = { scope: [], grant: [], claim: [] };
const START = { policyName: "routes.json", environment: undefined, hasToken: false };

describe("the command that explains the same", () => {
  it.each([
    {
      name: "a request",
      question: { path: "/orders/17", client: "customer" },
      start: START,
      expected: ["explain", "GET /orders/17 --client customer"],
    },
    {
      name: "an MCP message",
      question: { path: "/mcp", message: "tools/call a b" },
      start: START,
      expected: ["explain mcp", "/mcp tools/call 'a b'"],
    },
    {
      name: "texts that a shell would obey",
      question: { path: "/$(id)'`", scope: ["a", "b"], claim: ["sub=a;b"], method: "A|B" },
      start: START,
      expected: ["explain", "'A|B' '/$(id)'\\''`' --scope 'a b' --claim 'sub=a;b'"],
    },
    {
      name: "a token, in a file that the reader writes",
      question: { path: "/" },
      start: { ...START, hasToken: true },
      expected: ["explain", "GET / --token-file token.txt"],
    },
    {
      name: "what the console was started with",
      question: { path: "/", on: "2027-02-01" },
      start: { ...START, policyName: "git:main", environment: "production" },
      expected: ["explain", "GET / --policy git:main --env production --on 2027-02-01"],
    },
    {
      name: "the environment that the question names",
      question: { path: "/", env: "staging" },
      start: { ...START, environment: "production" },
      expected: ["explain", "GET / --env staging"],
    },
  ])("$name", ({ question, start, expected }) => {
    const { name, args } = explainCommand({ ...NONE, ...question }, start, "posix");
    expect([name, args]).toEqual(expected);
  });
});
