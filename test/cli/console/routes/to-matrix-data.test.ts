import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MatrixData } from "../../../../src/cli/console/matrix/matrix-data.ts";
import { rowRequests } from "../../../../src/cli/console/routes/row-requests.ts";
import { toMatrixData } from "../../../../src/cli/console/routes/to-matrix-data.ts";
import { type AccessMatrix, accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";
import { randomClientsPair } from "../../../support/policy/random-clients.ts";
import { runs } from "../../../support/policy/random-policy.ts";

/** Every cell of the data, as `matrix --json` says it, in the order of the data. */
function cellsOf({ columns, accesses, upstreams, rows }: MatrixData) {
  return rows.map(({ methods, path, access, upstream }) => {
    const { requirement, marks } = accesses[access] ?? { requirement: "", marks: "" };
    const said = columns.map(({ name }, at) => [name, marks[at]]);
    return { methods, path, requirement, upstream: upstreams[upstream], said };
  });
}

function expectedCells(matrix: AccessMatrix, grants: readonly string[] = []) {
  const names = ["anyone", ...matrix.clients, ...grants];
  return matrix.rows.map((row) => {
    const may = [row.isPublic, ...row.allowed, ...(row.granted ?? [])];
    const marks = may.map((is, at) => {
      if (!is) return at > 0 && row.unenforced[at - 1] ? "u" : "n";
      if (at > 0 && row.conditional?.[at - 1]) return "i";
      return row.enforcedFrom === undefined ? "y" : "r";
    });
    const methods = row.methods.join(" ").replace("*", "any method");
    const said = names.map((name, at) => [name, marks[at]]);
    return { methods, path: row.path, requirement: row.requirement, upstream: row.upstream, said };
  });
}

const inOrder = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).toSorted();

it("says of random policies what the matrix says, cell by cell", () => {
  fc.assert(
    fc.property(randomClientsPair, ([file]) => {
      const matrix = accessMatrix(compiled(file));
      expect(inOrder(cellsOf(toMatrixData(matrix)))).toEqual(inOrder(expectedCells(matrix)));
    }),
    runs(100),
  );
});

const upstream = "orders";
const issuer = {
  issuer: "https://issuer.example",
  profile: "cognito",
  grants: { groups: { staff: ["read:orders"], writers: ["write:orders"] } },
};

describe("with conditions, reports and grants", () => {
  const gold = { claim: "tier", in: ["gold"] };
  const policy = compiled(
    policyFileWith({
      issuers: { main: issuer },
      clients: { web: { scopes: ["read:orders"] }, "a b": { scopes: [] } },
      routes: [
        { path: "/b", methods: ["GET"], scopes: { allOf: ["read:orders", gold] }, upstream },
        { path: "/a", methods: ["*"], scopes: ["read:orders"], report: { until: "2027-01-31" }, upstream },
        { path: "/b/c", methods: ["GET"], scopes: ["write:orders"], upstream },
        { path: "/a/c", methods: ["GET", "HEAD"], optional: true, upstream },
      ],
    }),
  );
  const matrix = accessMatrix(policy, true);
  const data = toMatrixData(matrix, { requests: rowRequests(policy) });

  it("has the mark of every cell", () => {
    expect(inOrder(cellsOf(data))).toEqual(inOrder(expectedCells(matrix, ["groups=staff", "groups=writers"])));
    expect(data.rows.map(({ path, access }) => [path, data.accesses[access]?.marks])).toEqual([
      ["/b", "niuin"],
      ["/b/c", "nuuny"],
      ["/a", "rrrrr"],
      ["/a/c", "yyyyy"],
    ]);
  });

  it("says of what a question about a cell consists", () => {
    expect(data.columns.map(({ key, query }) => [key, query])).toEqual([
      ["anyone", undefined],
      ["client web", "client=web"],
      ["client a b", "client=a+b"],
      ["grant groups=staff", "issuer=main&grant=groups%3Dstaff"],
      ["grant groups=writers", "issuer=main&grant=groups%3Dwriters"],
    ]);
    expect(data.rows.map(({ query }) => query)).toEqual([
      "method=GET&path=%2Fb",
      "method=GET&path=%2Fb%2Fc",
      "method=GET&path=%2Fa",
      "method=GET&path=%2Fa%2Fc",
    ]);
  });

  it("has no such questions in a file, which has no console", () => {
    const { rows, columns } = toMatrixData(matrix);
    expect([...rows, ...columns].filter((it) => "query" in it)).toEqual([]);
  });
});

it("calls clients by their names, with the key beside them where two callers would be called the same", () => {
  const scopes: readonly string[] = [];
  const clients = {
    "4kq7": { name: "Web shop", scopes },
    same: { name: "same", scopes },
    batch: { scopes },
    one: { name: "batch", scopes },
    two: { name: "anyone", scopes },
  };
  const { columns } = toMatrixData(accessMatrix(compiled(policyFileWith({ clients }))));
  expect(columns).toEqual([
    { key: "anyone", name: "anyone" },
    { key: "client 4kq7", name: "Web shop", title: "4kq7 (Web shop)" },
    { key: "client same", name: "same" },
    { key: "client batch", name: "batch" },
    { key: "client one", name: "one (batch)" },
    { key: "client two", name: "two (anyone)" },
  ]);
});

it("names hosts and messages, and asks with the words of `explain mcp`", () => {
  const any = { authenticated: true };
  const policy = compiled(
    policyFileWith({
      issuers: { main: { issuer: "https://issuer.example", profile: "rfc9068", audiences: ["https://api.example"] } },
      hosts: ["api.example", "b.example"],
      routes: [
        {
          path: "/mcp",
          hosts: ["b.example"],
          upstream,
          mcp: { tools: { get: any }, resources: { "o://{id}": any }, replies: any },
        },
      ],
    }),
  );
  const { rows } = toMatrixData(accessMatrix(policy), { requests: rowRequests(policy) });
  const asked = (words: string) => `method=POST&path=%2Fmcp&host=b.example${words}`;
  expect(rows.map(({ path, hosts, query }) => [path, hosts, query])).toEqual([
    ["/mcp tools/call get", "b.example", asked("&message=tools%2Fcall+get")],
    [
      "/mcp completion/complete o://{id}",
      "b.example",
      asked("&message=completion%2Fcomplete+ref%2Fresource+o%3A%2F%2F%7Bid%7D"),
    ],
    ["/mcp reply", "b.example", asked("&message=reply")],
  ]);
});
