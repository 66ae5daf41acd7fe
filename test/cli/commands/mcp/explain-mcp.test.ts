import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";

const API = "https://api.myecommerce.com";
const scratch = scratchDirectory();
const example = exampleFile();
const policy = scratch.write("policy.json", {
  ...example,
  clients: { agent: { scopes: ["read:orders"] }, admin: { scopes: ["read:orders", "write:orders"] } },
  upstreams: { tools: { url: "https://tools.internal" } },
  routes: [
    { path: "/plain", methods: ["POST"], public: true, upstream: "tools" },
    {
      path: "/mcp",
      upstream: "tools",
      mcp: {
        methods: { "tools/list": { authenticated: true } },
        tools: {
          create_order: { scopes: ["write:orders"] },
          "get_*": { scopes: ["read:orders"] },
          "test*": { scopes: ["read:orders"] },
        },
        resources: { "orders://*": { scopes: ["read:orders"] }, "orders://new/*": { scopes: ["write:orders"] } },
        replies: { scopes: ["write:orders"] },
      },
    },
    {
      path: "/trial",
      upstream: "tools",
      mcp: { tools: { create_order: { scopes: ["write:orders"] } } },
      report: { until: "2999-12-31" },
    },
  ],
});

async function explain(words: string, ...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await scopegate("explain", ...words.split(" "), "--policy", policy, ...args);
  expect(stderr).toBe("");
  return { exitCode, stdout };
}

describe("scopegate explain mcp", () => {
  it("says which entry decides, what is missing, and who has it", async () => {
    const { exitCode, stdout } = await explain("mcp /mcp tools/call create_order", "--client", "agent");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^POST \/mcp tools\/call create_order\n/);
    expect(stdout).toMatch(/^ +create_order has an entry in `tools` \(\S+policy\.json:\d+:\d+\)$/m);
    expect(stdout).toContain(`4 authorize     refused      missing ${API}/write:orders`);
    expect(stdout).toContain(`    ${API}/write:orders (available to admin)`);
    expect(stdout).toContain("Registered clients that may send this message: admin\n");
    expect(stdout).toContain("Refused: 403 scope-insufficient.");
    expect(stdout).toContain(`scope="${API}/write:orders"`);
    expect(stdout).toContain('resource_metadata="https://gateway.invalid/.well-known/oauth-protected-resource/mcp"');
    expect(stdout).not.toContain("tools.internal");
  });

  it("says what the upstream gets of a message that is permitted", async () => {
    const { exitCode, stdout } = await explain("mcp /mcp tools/call get_order", "--client", "agent");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("get_order is covered by get_* in `tools`");
    expect(stdout).toContain("mcp-method: tools/call\n");
    expect(stdout).toContain("mcp-name: get_order\n");
    expect(stdout).toContain("mcp-protocol-version: 2026-07-28\n");
    expect(stdout).toContain("6 forward       passed       to tools: https://tools.internal/mcp");
  });

  it("says what would be enough without a token, although the gateway does not read the message then", async () => {
    const { exitCode, stdout } = await explain("mcp /mcp tools/call create_order");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("Refused: 401 credentials-missing.");
    expect(stdout).toContain(`${API}/write:orders (available to admin)`);
  });

  it("combines what several resources require", async () => {
    const words = "mcp /mcp subscriptions/listen orders://1 orders://new/1";
    const { exitCode, stdout } = await explain(words, "--client", "agent");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("orders://1 is covered by orders://* in `resources`");
    expect(stdout).toContain("orders://new/1 is covered by orders://new/* in `resources`");
    expect(stdout).toContain("missing all of");
    expect((await explain(words, "--client", "admin")).exitCode).toBe(0);
  });

  it.each([
    { words: "mcp /mcp tools/call delete_order", stages: "delete_order has no entry in `tools`", refused: "403" },
    { words: "mcp /mcp prompts/get summary", stages: "summary has no entry in `prompts`", refused: "403" },
    { words: "mcp /mcp ping", stages: "ping has no entry in `methods`", refused: "404" },
    { words: "mcp /mcp ping --revision 2025-11-25", stages: "ping has no entry in `methods`", refused: "403" },
  ])("says that a message is unlisted: $words", async ({ words, stages, refused }) => {
    const { exitCode, stdout } = await explain(words, "--client", "admin");
    expect(exitCode).toBe(1);
    expect(stdout).toContain(stages);
    expect(stdout).toMatch(/^4 authorize {5}refused {6}The route does not list it in/m);
    expect(stdout).toContain(`Refused: ${refused} message-unlisted.`);
    expect(stdout).not.toContain("Any valid token will do");
    expect(stdout).not.toContain("Registered clients");
  });

  it("explains replies, which the newest revision does not have", async () => {
    const { exitCode, stdout } = await explain("mcp /mcp reply", "--client", "admin");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("replies are decided by `replies` (");
    const newest = await explain("mcp /mcp reply --revision 2026-07-28", "--client", "admin");
    expect(newest.exitCode).toBe(1);
    expect(newest.stdout).toContain("Refused: 400 message-malformed.");
    expect(newest.stdout).toContain("Hint: Clients send replies in revisions before 2026-07-28 only.");
  });

  it("tells the answer to come of a route that only reports", async () => {
    const { exitCode, stdout } = await explain("mcp /trial tools/call create_order", "--client", "agent");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^4 authorize {5}would refuse {1}missing/m);
    expect(stdout).toContain("From 3000-01-01 on (UTC), the request is refused: 403 scope-insufficient.");
    const unlisted = await explain("mcp /trial tools/call delete_order", "--client", "agent");
    expect(unlisted.exitCode).toBe(0);
    expect(unlisted.stdout).toContain("the request is refused: 403 message-unlisted.");
    const later = await explain("mcp /trial tools/call delete_order --on 3000-01-01", "--client", "agent");
    expect(later.exitCode).toBe(1);
  });

  it("says that a route without `mcp` does not read messages", async () => {
    const { exitCode, stdout } = await explain("mcp /plain tools/list");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("The route has no `mcp`: it decides without reading the message.");
  });

  it("has everything in --json", async () => {
    const { stdout } = await explain("mcp /mcp tools/call get_order --json", "--client", "agent");
    expect(JSON.parse(stdout)).toMatchObject({
      request: { method: "POST", message: { method: "tools/call", names: ["get_order"], revision: "2026-07-28" } },
      outcome: "forwarded",
      message: { targets: [{ table: "tools", name: "get_order", entry: "get_*" }], clients: ["agent", "admin"] },
      requirement: { kind: "scopes", outcome: { met: true } },
      forwarded: { upstream: "tools", headers: { "mcp-name": "get_order" } },
    });
  });

  it("leaves the requirement out of --json where a message is refused to everyone", async () => {
    const { stdout } = await explain("mcp /mcp tools/call zzz --json", "--client", "agent");
    const said = JSON.parse(stdout);
    expect(said).not.toHaveProperty("requirement");
    expect(said.message).toEqual({ targets: [{ table: "tools", name: "zzz" }], clients: [] });
  });

  it.each([
    { words: "mcp /mcp tools/call", message: "Write `tools/call TOOL`." },
    { words: "mcp /mcp tools/list get_order", message: "Write `tools/list` without a name: the method decides." },
    { words: "mcp mcp tools/list", message: "The path must start with a slash. Write a path such as /orders." },
    { words: "mcp /mcp", message: "scopegate explain mcp: METHOD is missing. See --help." },
    {
      words: "mcp /mcp ping --revision 2026",
      message: "scopegate explain mcp: --revision needs one of 2025-06-18, 2025-11-25, 2026-07-28. See --help.",
    },
  ])("is a usage error: $words", async ({ words, message }) => {
    const { exitCode, stdout, stderr } = await scopegate("explain", ...words.split(" "), "--policy", policy);
    expect([exitCode, stdout, stderr]).toEqual([2, "", `${message}\n`]);
  });
});

describe("scopegate explain, on an MCP route", () => {
  it("says that the message decides, and how to ask about it", async () => {
    const { exitCode, stdout } = await explain("POST /mcp", "--client", "agent");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("4 authorize     refused      The request has no message, and the message decides.");
    expect(stdout).toContain(
      "`scopegate explain mcp /mcp tools/call create_order` sends one. A row of a table of decisions cannot.",
    );
  });

  it("explains a method named MCP as a method", async () => {
    expect((await explain("MCP /mcp")).stdout).toContain("Refused: 405 method-not-allowed.");
  });
});
