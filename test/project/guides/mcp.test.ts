/**
 * The guide about MCP servers: its blocks are what the commands take and print, and its issuers let in what it says.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { protectedResource } from "../../../src/endpoints/protected-resource.ts";
import { decide } from "../../../src/testing/decide-request.ts";
import { mcpServer, sendJson, toolPage } from "../../support/cli/mcp-server.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { compiled } from "../../support/policy/policy-file.ts";
import { codeBlocks } from "../../support/project/code-blocks.ts";
import { projectFile, tableRows } from "../../support/project/project-files.ts";

const PAGE = projectFile("docs/guides/mcp.md");
const ORIGIN = "https://mcp.example.com";
const API = `${ORIGIN}/mcp`;
const scratch = scratchDirectory();

/** The first block of a section that holds a text. */
function shown(text: string, page = PAGE): string {
  return codeBlocks(page).find((block) => block.text.includes(text))?.text ?? "";
}

const WHOLE = JSON.parse(shown('"guarantees"'));
const FIRST_ROUTES = JSON.parse(`{${shown('"path": "/mcp"')}}`).routes;
const issuersOf = (section: string) =>
  section === "Cognito" ? WHOLE.issuers : JSON.parse(shown('"issuers"', PAGE.split(`\n### ${section}\n`)[1])).issuers;

/**
 * The policy of the guide with a path that any client with `read` may ask for, because rows of tests have no message.
 */
function policyFor(section: string, changes: object = {}) {
  const orders = { path: "/orders", methods: ["GET"], scopes: ["read"], upstream: "tools" };
  const routes = [{ ...WHOLE.routes[0], ...changes }, orders];
  return compiled({ ...WHOLE, issuers: issuersOf(section), routes });
}

describe("the five minutes of the guide", () => {
  it("begin with a policy to which the import adds the tools, and which is a fault until each is decided", async () => {
    const { url } = await mcpServer(({ message }, response) =>
      sendJson(response, toolPage(message?.id, ["list_orders", "get_order", "create_order", "delete_order"])),
    );
    const policy = scratch.write("routes.json", { ...WHOLE, routes: FIRST_ROUTES, guarantees: [] });
    expect(await scopegate("import", "mcp", url, "--policy", policy, "--write")).toMatchObject({ exitCode: 0 });
    const [imported] = JSON.parse(readFileSync(policy, "utf8")).routes;
    const [decided] = WHOLE.routes;
    expect(imported.mcp.methods).toEqual(decided.mcp.methods);
    expect(Object.keys(imported.mcp.tools)).toEqual(expect.arrayContaining(Object.keys(decided.mcp.tools)));
    const check = await scopegate("check", "--policy", policy);
    expect([check.exitCode, check.stdout.match(/error invalid/g)?.length]).toEqual([1, 4]);
  });

  it("list the methods that the import would list", async () => {
    const other = { path: "/orders", methods: ["GET"], authenticated: true, upstream: "tools" };
    const policy = scratch.write("other.json", { ...WHOLE, routes: [other], guarantees: [] });
    const tools = scratch.write("tools.json", { tools: [{ name: "get_order" }] });
    const { stdout } = await scopegate("import", "mcp", tools, "--policy", policy);
    expect(JSON.parse(stdout).routes[1].mcp.methods).toEqual(FIRST_ROUTES[0].mcp.methods);
  });

  it("name the upstream that the routes lead to, and a row that holds for them and for the whole policy", async () => {
    const first = JSON.parse(`{${shown('"path": "/mcp"')}}`);
    expect(first.upstreams).toEqual(WHOLE.upstreams);
    const { tests } = JSON.parse(`{${shown('"tests"')}}`);
    for (const policy of [{ ...WHOLE, ...first, guarantees: [] }, WHOLE]) {
      scratch.write("routes.json", policy);
      const table = scratch.write("routes.test.json", { tests });
      expect(await scopegate("test", table)).toMatchObject({ exitCode: 0 });
    }
  });

  it("show the matrix of the policy", async () => {
    const policy = scratch.write("routes.json", WHOLE);
    const { stdout } = await scopegate("matrix", "--policy", policy);
    expect(stdout.trimEnd()).toBe(shown("methods     path").trimEnd());
  });

  it("explain why a message is refused", async () => {
    const policy = scratch.write("routes.json", WHOLE);
    const command = shown("explain mcp").trim().split(" ").slice(2);
    const { stdout } = await scopegate(...command, "--policy", policy);
    expect(stdout).toContain("403");
    expect(stdout).toContain("scope-insufficient");
  });

  it("call a tool of the policy that the token does not open", () => {
    const [, message = ""] = /-d '(.+)'/.exec(shown("curl -i")) ?? [];
    const { method, params } = JSON.parse(message);
    expect([method, WHOLE.routes[0].mcp.tools[params.name]]).toEqual(["tools/call", { scopes: ["write"] }]);
    expect(WHOLE.clients.assistant.scopes).not.toContain("write");
  });
});

describe("the issuers of the guide", () => {
  it.each([
    { section: "Cognito", asked: `${API}/read` },
    { section: "Entra ID", asked: `${API}/read` },
    { section: "Auth0", asked: "read" },
  ])("$section is asked for $asked", ({ section, asked }) => {
    const metadata = protectedResource(policyFor(section), "/mcp", ORIGIN);
    expect(metadata?.resource).toBe(API);
    expect(metadata?.scopes_supported).toContain(asked);
  });

  it.each(["Cognito", "Entra ID", "Auth0"])("%s passes the check", async (section) => {
    const policy = scratch.write("routes.json", { ...WHOLE, issuers: issuersOf(section) });
    const { exitCode, stdout } = await scopegate("check", "--policy", policy, "--strict");
    expect([exitCode, stdout.match(/ (error|warning) /g)]).toEqual([0, null]);
  });

  it.each([
    { section: "Cognito", claims: { client_id: "assistant", aud: API, scope: `${API}/read` }, reason: undefined },
    {
      section: "Cognito",
      claims: { client_id: "assistant", aud: ORIGIN, scope: `${API}/read` },
      reason: "audience-mismatch",
    },
    {
      section: "Entra ID",
      claims: { azp: "assistant", aud: "9f3c2b1a-7e5d-4c8b-a6f4-1d2e3c4b5a69", scp: "openid read" },
      reason: undefined,
    },
    { section: "Entra ID", claims: { azp: "assistant", aud: API, scp: "read" }, reason: "audience-mismatch" },
    { section: "Auth0", claims: { azp: "assistant", aud: [API], scope: "openid read" }, reason: undefined },
    { section: "Auth0", claims: { azp: "assistant", aud: ORIGIN, scope: "read" }, reason: "audience-mismatch" },
    { section: "Auth0", claims: { azp: "stranger", aud: API, scope: "read" }, reason: "client-mismatch" },
  ])("$section with $claims: $reason", async ({ section, claims, reason }) => {
    const given: Record<string, unknown> = { sub: "alice", ...claims };
    const decision = await decide(policyFor(section), { method: "GET", path: "/orders", claims: given });
    expect(decision).toMatchObject(
      reason === undefined ? { outcome: "forwarded" } : { outcome: "refused", status: 401, reason },
    );
  });
});

it("a server that wants a slash has its clients' URL without one", () => {
  const policy = policyFor("Cognito", { upstreamPath: "/mcp/" });
  expect(protectedResource(policy, "/mcp", ORIGIN)?.resource).toBe(API);
});

it("the line of the log has members that the log has", () => {
  const rows = tableRows(projectFile("docs/reference/log.md"), ["member", "type", "value"]);
  const members = rows.flatMap(([names = ""]) => names.match(/\w+/g) ?? []);
  for (const member of Object.keys(JSON.parse(shown('"event":"decision"')))) expect(members).toContain(member);
});
