import { describe, expect, it } from "vitest";
import { MAX_POLICY_NESTING } from "../../../src/limits.ts";
import { formatFault } from "../../../src/policy/fault.ts";
import { readTable } from "../../../src/testing/table/read-table.ts";
import { NOTES, notesFile } from "../../support/policy/notes-policy.ts";
import { compiled } from "../../support/policy/policy-file.ts";

const policy = compiled(notesFile());
const forwarded = { outcome: "forwarded" };
const get = { method: "GET", path: "/notes", client: "web", expect: forwarded };
const table = (...tests: readonly unknown[]) => ({ tests });

function faultsOf(value: unknown): readonly string[] {
  const read = readTable(value, policy);
  return read.ok ? [] : read.failure.map(formatFault);
}

describe("a table has a fault", () => {
  it.each<{ name: string; input: unknown; expected: string | RegExp }>([
    { name: "if it is no object", input: [], expected: /^\$: Found/ },
    { name: "without tests", input: {}, expected: "$.tests: `tests` is missing." },
    { name: "if it is empty", input: table(), expected: "$.tests: This is empty. List at least one." },
    {
      name: "for an unknown member",
      input: { ...table(get), policy: "x" },
      expected: "$.policy: This member is unknown.",
    },
    { name: "for a row that is no object", input: table("GET /notes"), expected: "$.tests[0]: Found" },
    {
      name: "for an unknown member of a row",
      input: table({ ...get, scope: "read:notes" }),
      expected: "$.tests[0].scope: This member is unknown. Did you mean `scopes`?",
    },
    {
      name: "for an unknown member of an expectation",
      input: table({ ...get, expect: { ...forwarded, routes: "/notes" } }),
      expected: "$.tests[0].expect.routes: This member is unknown. Did you mean `route`?",
    },
    {
      name: "for a member that every object has",
      input: table(
        JSON.parse('{ "method": "GET", "path": "/notes", "__proto__": {}, "expect": { "outcome": "forwarded" } }'),
      ),
      expected: "$.tests[0].__proto__: This name cannot be used.",
    },
    {
      name: "without an expectation",
      input: table({ method: "GET", path: "/notes" }),
      expected: "$.tests[0].expect: `expect` is missing.",
    },
    {
      name: "for an expectation of nothing",
      input: table({ ...get, expect: {} }),
      expected: "$.tests[0].expect.outcome: `outcome` is missing.",
    },
    {
      name: "for a reason that is none",
      input: table({ ...get, expect: { outcome: "refused", reason: "scope-insuficient" } }),
      expected: '$.tests[0].expect.reason: Found "scope-insuficient". Did you mean `scope-insufficient`?',
    },
    {
      name: "for a refusal without a reason",
      input: table({ ...get, expect: { outcome: "refused" } }),
      expected: "$.tests[0].expect.outcome: The `reason` of the refusal is missing.",
    },
    {
      name: "for a reason of a request that is not refused",
      input: table({ ...get, expect: { ...forwarded, reason: "route-unknown" } }),
      expected: "$.tests[0].expect.reason: No request that is forwarded has this.",
    },
    {
      name: "for a status that the upstream decides",
      input: table({ ...get, expect: { ...forwarded, status: 200 } }),
      expected: "$.tests[0].expect.status: No request that is forwarded has this.",
    },
    {
      name: "for an upstream of a request that is refused",
      input: table({ ...get, expect: { outcome: "refused", reason: "route-unknown", upstream: "notes" } }),
      expected: "$.tests[0].expect.upstream: No request that is refused has this.",
    },
    {
      name: "for a route that the policy does not have",
      input: table({ ...get, expect: { ...forwarded, route: "/note" } }),
      expected: "$.tests[0].expect.route: The policy has no route `/note`. Did you mean `/notes`?",
    },
    {
      name: "for an upstream that the policy does not have",
      input: table({ ...get, expect: { ...forwarded, upstream: "billing" } }),
      expected: "$.tests[0].expect.upstream: The policy has no upstream `billing`. Known: notes.",
    },
    {
      name: "for a required scope that is not declared",
      input: table({ ...get, expect: { ...forwarded, required: ["read:note"] } }),
      expected: "$.tests[0].expect.required[0]: The scope `read:note` is not declared. Did you mean `read:notes`?",
    },
    {
      name: "for the result of a preflight that is none",
      input: table({ ...get, path: "/_gateway/health", expect: { outcome: "answered", preflight: "permitted" } }),
      expected: "$.tests[0].expect.preflight: The request is not a preflight.",
    },
    {
      name: "for a name that a terminal would show as another",
      input: table({ ...get, name: "only \u202eadmins" }),
      expected: "$.tests[0].name: The value contains the control character",
    },
    {
      name: "for claims that are nested too deeply",
      input: table({ method: "GET", path: "/notes", claims: { a: nested(MAX_POLICY_NESTING) }, expect: forwarded }),
      expected: `This is nested more than ${MAX_POLICY_NESTING} levels deep.`,
    },
    {
      name: "for an unknown client, in its row",
      input: table(get, { ...get, client: "mirrror" }),
      expected: "$.tests[1].client: There is no client `mirrror` in `clients`. Did you mean `mirror`?",
    },
  ])("$name", ({ input, expected }) => {
    const faults = faultsOf(input);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toEqual(
      typeof expected === "string" ? expect.stringContaining(expected) : expect.stringMatching(expected),
    );
  });

  it("for each mistake, also where another row has no shape", () => {
    const faults = faultsOf(table({ ...get, client: "x" }, { ...get, path: 7 }, { ...get, scopes: ["x", "y"] }));
    expect(faults.map((fault) => fault.split(":")[0]).toSorted()).toEqual([
      "$.tests[0].client",
      "$.tests[1].path",
      "$.tests[2].scopes[0]",
      "$.tests[2].scopes[1]",
    ]);
  });
});

describe("a row", () => {
  function nameOf(row: object): string | undefined {
    const read = readTable(table({ method: "GET", path: "/notes", expect: forwarded, ...row }), policy);
    return read.ok ? read.value[0]?.name : undefined;
  }

  it.each([
    { row: { name: "web reads" }, expected: "web reads" },
    { row: {}, expected: "GET /notes without a token" },
    { row: { client: "web" }, expected: "GET /notes by client web" },
    {
      row: { client: "web", scopes: ["read:notes"], host: "localhost" },
      expected: "GET /notes at localhost by client web with read:notes",
    },
    { row: { scopes: [] }, expected: "GET /notes with no scopes" },
    { row: { claims: {} }, expected: "GET /notes with claims" },
    { row: { token: "a", now: "2026-01-01T00:00:00Z" }, expected: "GET /notes with a token" },
    {
      row: { method: "OPTIONS", preflight: { origin: "https://app.example", method: "POST" } },
      expected: "preflight for POST from https://app.example to /notes without a token",
    },
  ])("is named: $expected", ({ row, expected }) => {
    expect(nameOf(row)).toBe(expected);
  });

  it("expects scopes by their full names", () => {
    const read = readTable(table({ ...get, expect: { ...forwarded, required: ["read:notes"] } }), policy);
    expect(read.ok && read.value[0]?.expected.required).toEqual([`${NOTES}/read:notes`]);
  });
});

function nested(levels: number): unknown {
  return levels === 0 ? "deep" : [nested(levels - 1)];
}
