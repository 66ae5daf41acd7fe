import { expect, it } from "vitest";
import { accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { messageClasses } from "../../../../src/policy/analysis/messages/message-classes.ts";
import { routeOn } from "../../../../src/policy/analysis/messages/message-routes.ts";
import { matrixRowsOf, rowCount, rowsOfRoute } from "../../../../src/policy/analysis/messages/route-rows.ts";
import { withOpenReport } from "../../../../src/policy/analysis/reports.ts";
import type { Route } from "../../../../src/policy/policy.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

const [READ, WRITE] = [{ scopes: ["read:orders"] }, { scopes: ["write:orders"] }];
const { routes } = compiled(
  policyFileWith({
    routes: [
      { path: "/plain", methods: ["POST"], ...READ, upstream: "orders" },
      {
        path: "/mcp",
        upstream: "orders",
        mcp: { tools: { "get*": READ, drop: WRITE }, streams: READ, replies: WRITE },
      },
      { path: "/trial", upstream: "orders", mcp: { tools: { drop: WRITE } }, report: { until: "2999-12-31" } },
    ],
  }),
);
const [plain, mcp, trial] = routes as [Route, Route, Route];
const classes = messageClasses([mcp.mcp]);
const of = (pattern: string) => classes.find((it) => "name" in it.pattern && it.pattern.name === pattern);
const replies = classes.find(({ table }) => table === "replies");
const needed = (route: Route | undefined) =>
  route?.requirement.kind === "scopes" ? route.requirement.mentioned : route;

it.each([
  { name: "a tool", method: "POST", messages: of("get*"), expected: ["https://api.example/read:orders"] },
  { name: "another tool", method: "POST", messages: of("drop"), expected: ["https://api.example/write:orders"] },
  { name: "a reply", method: "POST", messages: replies, expected: ["https://api.example/write:orders"] },
  { name: "other messages", method: "POST", messages: undefined, expected: undefined },
  { name: "a stream", method: "GET", messages: undefined, expected: ["https://api.example/read:orders"] },
  { name: "the end of a stream", method: "DELETE", messages: undefined, expected: ["https://api.example/read:orders"] },
  { name: "HEAD", method: "HEAD", messages: undefined, expected: ["https://api.example/read:orders"] },
])("an MCP route requires of $name what its rules say", ({ method, messages, expected }) => {
  expect(needed(routeOn(mcp, method, messages))).toEqual(expected);
});

it("an ordinary route and one that only reports serve every message as they are", () => {
  const open = withOpenReport(trial);
  for (const messages of [undefined, of("get*"), replies]) {
    expect(routeOn(plain, "POST", messages)).toBe(plain);
    expect(routeOn(open, "POST", messages)).toBe(open);
  }
  expect(routeOn(undefined, "POST", undefined)).toBeUndefined();
});

it("gives the same route for the same requirement, so that its requests count as one", () => {
  expect(routeOn(mcp, "POST", of("get*"))).toBe(routeOn(mcp, "POST", of("get*")));
});

it("has one row for each entry, with the place of its requirement, and one for an ordinary route", () => {
  expect(rowsOfRoute(plain)).toEqual([{ methods: ["POST"], requirement: plain.requirement, place: [] }]);
  expect(rowsOfRoute(mcp).map(({ methods, mcp: message, place }) => [methods, message, place])).toEqual([
    [["POST"], { method: "tools/call", name: "get*" }, ["mcp", "tools", "get*"]],
    [["POST"], { method: "tools/call", name: "drop" }, ["mcp", "tools", "drop"]],
    [["POST"], { reply: true }, ["mcp", "replies"]],
    [["GET", "DELETE"], undefined, ["mcp", "streams"]],
  ]);
  expect(rowCount(routes)).toBe(7);
});

const EVERY = { methods: { "*": READ }, tools: { "*": READ }, resources: { "*": READ }, prompts: { "*": READ } };
const report = { until: "2999-12-31" };

it.each<{ name: string; route: object; isThere: boolean }>([
  { name: "a route that reports", route: { mcp: { tools: { "get*": READ } }, report }, isThere: true },
  { name: "one that lists all but replies", route: { mcp: EVERY, report }, isThere: true },
  { name: "one that lists every message", route: { mcp: { ...EVERY, replies: READ }, report }, isThere: false },
  { name: "a route that enforces", route: { mcp: { tools: { "get*": READ } } }, isThere: false },
  { name: "an ordinary route that reports", route: { methods: ["POST"], ...READ, report }, isThere: false },
])("the matrix of $name has a row for the messages that no entry lists: $isThere", ({ route, isThere }) => {
  const policy = compiled(policyFileWith({ routes: [{ path: "/mcp", upstream: "orders", ...route }] }));
  const rows = policy.routes.flatMap(matrixRowsOf);
  expect(rows.filter(({ requirement }) => requirement === undefined)).toEqual(
    isThere ? [{ methods: ["POST"], requirement: undefined }] : [],
  );
  expect(accessMatrix(policy).rows.filter((row) => row.requirement.endsWith("then refused: not listed"))).toHaveLength(
    isThere ? 1 : 0,
  );
  expect(rowCount(policy.routes)).toBe(rows.length);
});
