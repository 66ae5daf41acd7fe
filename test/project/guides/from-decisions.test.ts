/** The guide about logs: its example is what the command prints, and its table names forms that are read. */
import { describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { decisionLine } from "../../support/decisions/decision-lines.ts";
import { codeBlocks } from "../../support/project/code-blocks.ts";
import { projectFile } from "../../support/project/project-files.ts";

const GUIDE = projectFile("docs/guides/from-decisions.md");
const API = "https://api.example";
const scratch = scratchDirectory();

const order = { path: "/orders/:id", methods: ["GET"], scopes: ["orders/read"], upstream: "orders" };
const list = { path: "/orders", methods: ["GET"], scopes: ["orders/read"], upstream: "orders" };
const remove = { ...order, methods: ["DELETE"], scopes: ["orders/write"] };
const policy = (routes: readonly object[]) => ({
  issuers: { main: { issuer: "https://issuer.example", profile: "cognito" } },
  resourceServers: { [API]: { scopes: { "orders/read": "", "orders/write": "" } } },
  upstreams: { orders: { url: "https://orders.example" } },
  routes,
});
const before = scratch.write("routes.json", policy([order, list, remove]));
const next = scratch.write(
  "routes.next.json",
  policy([order, { ...list, scopes: ["orders/write"] }, { ...order, path: "/orders/new", scopes: ["orders/write"] }]),
);

const read = { required: [`${API}/orders/read`], granted: [`${API}/orders/read`] };
const write = { required: [`${API}/orders/write`], granted: [`${API}/orders/write`], client_id: "admin" };
const lines = [
  { ...read, route: "/orders" },
  { ...read, route: "/orders", client_id: "web" },
  { ...read, route: "/orders" },
  { ...write, route: "/orders/:id", method: "DELETE" },
  { ...read, route: "/orders/:id" },
  { ...read, route: "/orders/:id", path: "/orders/7" },
  {
    ...write,
    required: read.required,
    route: "/orders/:id",
    path: "/orders/7",
    decision: "deny",
    status: 403,
    reason: "scope-insufficient",
  },
].map((line, at) =>
  decisionLine({ ...line, request_id: `0af7651916cd43dd8448eb211c80319${at}`, time: `2026-11-28T15:00:0${at}.000Z` }),
);

describe("the guide about logs", () => {
  it("shows what replay prints", async () => {
    const log = scratch.write("week.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
    const { stdout } = await scopegate("replay", "--log", log, "--policy", next, "--before", before);
    const shown = codeBlocks(GUIDE).find(({ text }) => text.includes("-- replay --log week.jsonl"))?.text ?? "";
    expect(shown.split("\n").slice(1).join("\n").trimEnd()).toBe(stdout.replaceAll(`${scratch.path}/`, "").trimEnd());
  });
});
