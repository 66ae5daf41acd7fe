import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const COUNT = 2_000;
const names = Array.from({ length: COUNT }, (_, index) => `read:part${index}`);
const [first = "", ...others] = names;
const scratch = scratchDirectory();

const { routes, clients } = exampleFile();
const file = scratch.write("many.json", {
  ...exampleFile(),
  resourceServers: {
    "https://api.myecommerce.com": { scopes: Object.fromEntries(names.map((name) => [name, "A part"])) },
  },
  clients: Object.fromEntries(
    Object.keys(clients ?? {}).map((name, index) => [name, { scopes: index === 0 ? names : [first] }]),
  ),
  routes: [
    { ...routes[0], path: "/any", scopes: ["read:part*"] },
    { ...routes[0], path: "/all", scopes: { allOf: ["read:part*"] } },
  ],
});
const [holder = "", lacking = ""] = Object.keys(clients ?? {});

describe("a requirement of two thousand scopes is explained on one screen", () => {
  it.each([
    { path: "/any", client: holder, exitCode: 0, says: [`granted: `, `and ${COUNT - 20} more`] },
    { path: "/any", client: lacking, exitCode: 0, says: [`met       https://api.myecommerce.com/${first}`] },
    { path: "/all", client: lacking, exitCode: 1, says: ["missing all of", `and ${COUNT - 20} more`] },
  ])("$path for $client", async ({ path, client, exitCode, says }) => {
    const run = await scopegate("explain", "GET", path, "--client", client, "--policy", file);
    expect(run.exitCode).toBe(exitCode);
    for (const text of says) expect(run.stdout).toContain(text);
    expect(run.stdout.split("\n").length).toBeLessThan(60);
    expect(run.stdout.length).toBeLessThan(40_000);
  });

  it("and JSON has all of it", async () => {
    const { stdout } = await scopegate("explain", "GET", "/all", "--client", lacking, "--policy", file, "--json");
    expect(JSON.parse(stdout).requirement.outcome.of).toHaveLength(1 + others.length);
  });
});
