/**
 * Lines whose pattern was renamed since counted as calls of no route, so their scopes were taken away as never needed.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";
import { decisionLine } from "../../../support/decisions/decision-lines.ts";
import { policyFileWith } from "../../../support/policy/policy-file.ts";

const API = "https://api.example";
const scratch = scratchDirectory();
const route = (path: string, scope: string) => ({ path, methods: ["GET"], scopes: [scope], upstream: "orders" });

it.each([
  { name: "renamed a parameter", routes: [route("/orders/:order", "read:orders")], kept: ["read:orders"] },
  { name: "has a looser pattern", routes: [route("/orders/*", "read:orders")], kept: ["read:orders"] },
  {
    name: "has several patterns for its paths",
    routes: [route("/orders/:order", "read:orders"), route("/orders/new", "write:orders")],
    kept: ["read:orders", "write:orders"],
  },
  {
    name: "asks for another scope, and for a third one on some of the paths",
    routes: [route("/orders/:id", "write:orders"), route("/orders/new", "write:users")],
    kept: ["write:orders", "write:users"],
  },
  { name: "has no route for its paths", routes: [route("/users", "read:users")], kept: undefined },
])("the patch keeps what calls of an older policy need where the policy $name", async ({ routes, kept }) => {
  const all = ["read:orders", "write:orders", "read:users", "write:users"];
  const folder = scratch.folder();
  const policy = folder.write(
    "routes.json",
    policyFileWith({
      resourceServers: { [API]: { scopes: Object.fromEntries(all.map((name) => [name, name])) } },
      clients: { mobile: { scopes: all } },
      routes,
    }),
  );
  const granted = all.map((name) => `${API}/${name}`);
  const line = decisionLine({ route: "/orders/:id", granted, required: [`${API}/read:orders`] });
  const log = folder.write("log", JSON.stringify(line));
  const { exitCode } = await scopegate("advise", "--log", log, "--policy", policy, "--patch");
  expect(exitCode).toBe(0);
  expect(JSON.parse(readFileSync(policy, "utf8")).clients.mobile.scopes).toEqual(kept ?? all);
});
