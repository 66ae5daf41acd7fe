import { expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const ADMIN = { scopes: ["write:orders"] };
const fileWith = (clients: object) => ({
  ...exampleFile(),
  clients,
  upstreams: { tools: { url: "https://tools.internal" } },
  routes: [{ path: "/mcp", upstream: "tools", mcp: { tools: { delete_order: ADMIN, "get_*": ADMIN } } }],
});

it("says in one line which message a client can send now", async () => {
  const before = scratch.write("before.json", fileWith({ agent: { scopes: ["read:orders"] } }));
  const after = scratch.write("after.json", fileWith({ agent: { scopes: ["read:orders", "write:orders"] } }));
  const { stdout } = await scopegate("diff", before, after);
  expect(stdout).toMatch(/^Client agent\n {2}can now +POST \/mcp tools\/call delete_order, such as /m);
  expect(stdout).toMatch(/^ {2}can now +POST \/mcp tools\/call get_\*, such as /m);
});
