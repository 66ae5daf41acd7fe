import { describe, expect, it } from "vitest";
import { readTable } from "../../../src/testing/table/read-table.ts";
import { runTable } from "../../../src/testing/table/run-table.ts";
import { uncoveredRoutes } from "../../../src/testing/table/uncovered-routes.ts";
import { NOTES, notesFile } from "../../support/policy/notes-policy.ts";
import { compiled } from "../../support/policy/policy-file.ts";

const policy = compiled(notesFile());
const get = { method: "GET", path: "/notes", client: "web" };
const post = { method: "POST", path: "/notes", client: "web" };
const missing = { outcome: "refused", reason: "credentials-missing" };

async function run(...tests: readonly unknown[]) {
  const rows = readTable({ tests }, policy);
  if (!rows.ok) throw new Error(JSON.stringify(rows.failure));
  return await runTable(rows.value, policy);
}

describe("a row passes", () => {
  it.each([
    { name: "if its outcome is as expected", input: { ...get, expect: { outcome: "forwarded" } } },
    {
      name: "if all members are",
      input: { ...get, expect: { outcome: "forwarded", route: "/notes", upstream: "notes", required: ["read:notes"] } },
    },
    {
      name: "with scopes in any order",
      input: { ...post, expect: { outcome: "forwarded", required: ["read:notes", `${NOTES}/write:notes`] } },
    },
    {
      name: "if it expects no scopes where none are required",
      input: { ...get, path: "/health", expect: { outcome: "forwarded", required: [] } },
    },
  ])("$name", async ({ input }) => {
    const [result] = await run(input);
    expect(result?.differences).toEqual([]);
  });
});

describe("a row fails", () => {
  it.each([
    {
      name: "for each member that differs",
      input: { ...get, expect: { outcome: "refused", reason: "scope-insufficient", status: 403 } },
      expected: [
        { member: "outcome", expected: "refused", actual: "forwarded" },
        { member: "reason", expected: "scope-insufficient", actual: undefined },
        { member: "status", expected: 403, actual: undefined },
      ],
    },
    {
      name: "for a scope that is not required",
      input: { ...get, expect: { outcome: "forwarded", required: ["read:notes", "write:notes"] } },
      expected: [
        {
          member: "required",
          expected: [`${NOTES}/read:notes`, `${NOTES}/write:notes`],
          actual: [`${NOTES}/read:notes`],
        },
      ],
    },
    {
      name: "for a scope that is required, too",
      input: { ...post, expect: { outcome: "forwarded", required: ["write:notes", "write:notes"] } },
      expected: [{ member: "required" }],
    },
    {
      name: "for another route",
      input: { ...get, path: "/notes/1", expect: { outcome: "forwarded", route: "/notes" } },
      expected: [{ member: "route", expected: "/notes", actual: "/notes/:id" }],
    },
  ])("$name", async ({ input, expected }) => {
    const [result] = await run(input);
    expect(result?.differences).toMatchObject(expected);
    expect(result?.differences).toHaveLength(expected.length);
  });

  it("with the hints of explain", async () => {
    const [result] = await run({ ...get, path: "/Notes", expect: { outcome: "forwarded" } });
    expect(result?.hints()).toEqual(["`/notes` has a route. Paths are case-sensitive."]);
  });
});

describe("a route is not covered", () => {
  const item = { ...get, path: "/notes/1" };
  const health = { method: "GET", path: "/health" };
  const all = [
    { ...get, expect: { outcome: "forwarded" } },
    { ...get, client: undefined, expect: missing },
    { ...post, expect: { outcome: "forwarded" } },
    { ...post, client: "mirror", expect: { outcome: "refused", reason: "scope-insufficient" } },
    { ...item, expect: { outcome: "forwarded" } },
    { ...item, client: undefined, expect: missing },
    { ...health, expect: { outcome: "forwarded" } },
  ].map(({ client, ...row }: Record<string, unknown>) => (client === undefined ? row : { ...row, client }));
  const without = (index: number) => all.filter((_, at) => at !== index);

  it.each([
    { name: "by all rows", rows: all, expected: [] },
    { name: "without a row that is let in", rows: without(0), expected: ["GET /notes allowed"] },
    { name: "without a row that is refused", rows: without(3), expected: ["POST /notes refused"] },
    { name: "without a row on a public route", rows: without(6), expected: ["GET /health allowed"] },
    {
      name: "by a row that fails",
      rows: [...without(4), { ...item, client: "web", expect: missing }],
      expected: ["GET /notes/:id allowed"],
    },
    {
      name: "by a request that is refused before it has a route",
      rows: [...without(1), { ...get, path: "/notes/..%2F", expect: { outcome: "refused", reason: "path-ambiguous" } }],
      expected: ["GET /notes refused"],
    },
  ])("$name: $expected", async ({ rows, expected }) => {
    const uncovered = uncoveredRoutes(await run(...rows), policy);
    expect(uncovered.map(({ route, missing: what }) => `${route.methods.join()} ${route.path} ${what.join()}`)).toEqual(
      expected,
    );
  });
});

it("rows have no message, so routes that decide messages need none", () => {
  const mcp = { path: "/mcp", upstream: "notes", mcp: { tools: { get: { authenticated: true } } } };
  const [ordinary] = notesFile().routes;
  const uncovered = uncoveredRoutes([], compiled(notesFile({ routes: [mcp, ordinary] })));
  expect(uncovered.map(({ route }) => route.path)).toEqual(["/notes"]);
});
