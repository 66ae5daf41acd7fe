/** The guide about the local stack: what it shows of the MCP server is what the stack answers. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Stack } from "../../../src/local/stack.ts";
import { scopegate } from "../../support/cli/run-scopegate.ts";
import { shopSource, startShopStack } from "../../support/local/shop-stack.ts";
import { codeBlocks } from "../../support/project/code-blocks.ts";
import { MCP_POLICY, projectFile } from "../../support/project/project-files.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await startShopStack({ readSource: async () => shopSource(projectFile(MCP_POLICY)) });
});
afterAll(() => stack.dispose());

it("the tool that the policy lacks is found through the gateway", async () => {
  const blocks = codeBlocks(projectFile("docs/guides/local.md")).map(({ text }) => text);
  const command = blocks.find((text) => text.includes("drift mcp"))?.split("\n")[1] ?? "";
  const [, ...args] = command.replace("http://127.0.0.1:8787", stack.urls.gateway).split(" -- ")[1]?.split(" ") ?? [];
  const tokenUrl = `${stack.urls.issuer}/oauth2/token`;
  const token = await scopegate("token", "--client", "admin", "--policy", MCP_POLICY, "--token-url", tokenUrl);
  vi.stubEnv("MCP_TOKEN", token.stdout.trim());
  const { exitCode, stdout } = await scopegate("drift", ...args);
  vi.unstubAllEnvs();
  expect([exitCode, stdout]).toEqual([1, blocks.find((text) => text.includes("without an entry"))]);
});
