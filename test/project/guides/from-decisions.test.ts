/** The guide about logs, and the reference of advise: their examples are what the commands print. */
import { describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { decisionLine } from "../../support/decisions/decision-lines.ts";
import { codeBlocks } from "../../support/project/code-blocks.ts";
import { projectFile } from "../../support/project/project-files.ts";

const GUIDE = projectFile("docs/guides/from-decisions.md");
const REFERENCE = projectFile("docs/reference/cli.md");
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

const shownAfter = (page: string, command: string): string => {
  const block = codeBlocks(page).find(({ text }) => text.includes(command))?.text ?? "";
  return block.split("\n").slice(1).join("\n").trimEnd();
};

/** What advise prints about a shop, from a log of this name. */
async function adviceOn(logName: string): Promise<string> {
  const shop = scratch.folder();
  const names = ["read:products", "write:products", "read:orders", "write:orders"];
  const [products, orders] = [
    { path: "/products", upstream: "shop" },
    { path: "/orders", upstream: "shop" },
  ];
  const file = shop.write("routes.json", {
    issuers: { cognito: { issuer: `\${ISSUER_URL}`, profile: "cognito" } },
    resourceServers: { [API]: { scopes: Object.fromEntries(names.map((name) => [name, ""])) } },
    clients: { admin: { scopes: names }, customer: { scopes: ["read:products", "read:orders"] } },
    upstreams: { shop: { url: "https://shop.example" } },
    routes: [
      { ...products, methods: ["GET"], scopes: ["read:products"] },
      { ...products, methods: ["POST"], scopes: ["write:products"] },
      { ...orders, methods: ["GET"], scopes: ["read:orders"] },
      { ...orders, methods: ["POST"], scopes: ["write:orders"] },
    ],
  });
  shop.write("wrangler.toml", 'name = "shop"\n[env.production.vars]\nISSUER_URL = "https://issuer.example"\n');
  const caller = (client: string, scopes: readonly string[]) => ({
    ...{ client_id: client, upstream: "shop" },
    granted: scopes.map((name) => `${API}/${name}`),
  });
  const [admin, customer] = [caller("admin", names), caller("customer", ["read:products", "read:orders"])];
  const refused = { ...customer, method: "POST", route: "/orders", reason: "scope-insufficient", status: 403 };
  const log = shop.write(
    logName,
    [
      { ...customer, route: "/orders", time: "2026-11-21T00:00:00.000Z" },
      { ...customer, route: "/products" },
      { ...refused, decision: "deny" },
      { ...refused, decision: "would-deny" },
      { ...admin, route: "/products" },
      { ...admin, route: "/products", method: "POST", time: "2026-11-28T16:00:00.000Z" },
    ]
      .map((line) => JSON.stringify(decisionLine(line)))
      .join("\n"),
  );
  const { stdout } = await scopegate("advise", "--log", log, "--policy", file, "--env", "production");
  return stdout.replaceAll(`${shop.path}/`, "").trimEnd();
}

describe("the guide about logs", () => {
  it("shows what advise prints", async () => {
    expect(shownAfter(GUIDE, "-- advise --log week.jsonl")).toBe(await adviceOn("week.jsonl"));
  });

  it("has the beginning of it in the reference", async () => {
    const shown = shownAfter(REFERENCE, "-- advise --log decisions.jsonl");
    expect(shown).not.toBe("");
    expect((await adviceOn("decisions.jsonl")).startsWith(`${shown}\n`)).toBe(true);
  });

  it("shows what replay prints", async () => {
    const log = scratch.write("week.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
    const { stdout } = await scopegate("replay", "--log", log, "--policy", next, "--before", before);
    expect(shownAfter(GUIDE, "-- replay --log week.jsonl")).toBe(stdout.replaceAll(`${scratch.path}/`, "").trimEnd());
  });
});
