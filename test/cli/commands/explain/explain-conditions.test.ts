import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const API = "https://api.myecommerce.com";
const { cognito } = exampleFile().issuers;
const routes = [
  { path: "/own/:id", methods: ["GET"], scopes: [{ param: "id", equals: "sub" }], upstream: "orders" },
  {
    path: "/gold",
    methods: ["GET"],
    scopes: [{ allOf: ["read:orders", { claim: "tier", in: ["gold"] }] }],
    upstream: "orders",
  },
];
const clients = { web: { scopes: ["read:orders"] }, none: { scopes: [] } };

describe("explain says who may have a set with conditions:", () => {
  it.each([
    {
      name: "every client, where no scope is needed",
      path: "/own/7",
      isRestricted: false,
      clients,
      expected: "id = sub, which is not met (available to web, none)",
    },
    {
      name: "any client, where none is registered",
      path: "/own/7",
      isRestricted: false,
      clients: {},
      expected: "id = sub, which is not met (available to any client of cognito)",
    },
    {
      name: "no client, where only registered ones are accepted and there are none",
      path: "/own/7",
      isRestricted: true,
      clients: {},
      expected: "id = sub, which is not met (available to no client)",
    },
    {
      name: "those that hold its scope",
      path: "/gold",
      isRestricted: true,
      clients,
      expected: `${API}/read:orders, and tier in gold, which is not met (available to web)`,
    },
  ])("$name", async ({ path, isRestricted, clients: registered, expected }) => {
    const issuers = { cognito: { ...cognito, registeredClientsOnly: isRestricted } };
    const file = exampleFile({ routes, guarantees: [], clients: registered, issuers });
    const { stdout } = await scopegate("explain", "GET", path, "--policy", scratch.folder().write("p.json", file));
    const sets = stdout.split("\n").filter((line) => line.includes("which is not met"));
    expect(sets.map((line) => line.trim())).toEqual([expected]);
  });
});
