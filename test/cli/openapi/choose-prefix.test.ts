import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/cli/args/exit-code.ts";
import { applyPrefix } from "../../../src/cli/openapi/choose-prefix.ts";
import type { ApiDocument, Operation } from "../../../src/cli/openapi/document/api-document.ts";

const GET: Operation = { method: "GET", path: "/a", security: [] };
const documentWith = (basePaths: string[], operations: Operation[] = [GET]): ApiDocument => ({
  title: "API",
  operations,
  schemes: new Map(),
  basePaths,
});

describe("the prefix", () => {
  test.each([
    { name: "is empty, without a remark, if the servers have no path", input: "", basePaths: [""], expected: "" },
    { name: "is the one that is named", input: "/v1", basePaths: ["/v2", "/v3"], expected: "/v1" },
    { name: "is that of the servers", input: "servers", basePaths: ["/v2"], expected: "/v2" },
    { name: "is empty if the servers have none", input: "servers", basePaths: [""], expected: "" },
    { name: "is empty if there are no servers", input: "servers", basePaths: [], expected: "" },
  ])("$name", ({ input, basePaths, expected }) => {
    const document = documentWith(basePaths);
    expect(applyPrefix(document, input)).toEqual({ document, prefix: expected });
  });

  test.each([
    {
      name: "one path of the servers",
      basePaths: ["/v1"],
      expected:
        "The document's servers have the path /v1, and the routes do not. Add it with --prefix /v1; --prefix servers does so, too.",
    },
    {
      name: "several",
      basePaths: ["/v1", "", "/v2"],
      expected:
        "The document's servers have the path /v1, /v2, and the routes do not. Add it with --prefix /v1; choose one.",
    },
  ])("a remark names --prefix for $name", ({ basePaths, expected }) => {
    expect(applyPrefix(documentWith(basePaths), "").remark).toBe(expected);
  });

  test.each([
    { name: "that ends with a slash", input: "/v1/", basePaths: [] },
    { name: "without a slash at its start", input: "v1", basePaths: [] },
    { name: "with a parameter", input: "/:v", basePaths: [] },
    { name: "of servers with different paths", input: "servers", basePaths: ["/v1", "/v2"] },
    { name: "of servers with and without a path", input: "servers", basePaths: ["/v1", ""] },
    { name: "of a server whose path has a variable", input: "servers", basePaths: ["/%7Bbase%7D;a"] },
  ])("cannot be one $name", ({ input, basePaths }) => {
    expect(() => applyPrefix(documentWith(basePaths), input)).toThrow(UsageError);
  });
});

test("an operation with servers of its own is refused if their path is another", () => {
  const operations = [
    { ...GET, basePaths: ["/v1"] },
    { ...GET, basePaths: ["/v2"] },
    { ...GET, basePaths: ["/v1", "/v2"] },
  ];
  const { document } = applyPrefix(documentWith(["/v1"], operations), "servers");
  expect(document.operations.map(({ fault }) => fault?.message)).toEqual([
    undefined,
    "Its own servers have the path /v2.",
    "Its own servers have the path /v1, /v2.",
  ]);
});
