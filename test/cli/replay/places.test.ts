import { describe, expect, it } from "vitest";
import type { ObservedLine } from "../../../src/cli/replay/observed.ts";
import { PlaceFinder, usablePath } from "../../../src/cli/replay/places.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const policyOf = (...paths: readonly string[]) =>
  compiled(
    policyFileWith({
      routes: paths.map((path) => ({ path, methods: ["GET"], scopes: ["read:orders"], upstream: "orders" })),
    }),
  );
const BEFORE = policyOf("/orders/:id", "/old/:id");
const AFTER = policyOf("/orders/:id", "/orders/recent");

describe("where a policy leads the request of a line", () => {
  it.each([
    { name: "by its path", line: { path: "/orders/7" }, expected: ["/orders/:"] },
    {
      name: "by its path, which more than its route tells",
      line: { path: "/orders/recent", route: "/orders/:id" },
      expected: ["/orders/recent"],
    },
    { name: "nowhere, by its path", line: { path: "/old/7" }, expected: [undefined] },
    { name: "to the gateway itself", line: { path: "/_gateway/health" }, expected: "gateway" },
    {
      name: "to one of several places, by its route",
      line: { route: "/orders/:id" },
      expected: ["/orders/:", "/orders/recent"],
    },
    { name: "nowhere, by its route", line: { route: "/old/:id" }, expected: [undefined] },
    {
      name: "by its route, if the path was cut for the log",
      line: { path: "/old/7...", route: "/old/:id" },
      expected: [undefined],
    },
    { name: "to nobody knows where", line: {}, expected: undefined },
    { name: "to nobody knows where, by a route that is no pattern", line: { route: "orders" }, expected: undefined },
  ])("$name", ({ line, expected }) => {
    const found = new PlaceFinder(AFTER, BEFORE).find(line as ObservedLine, true);
    const shapes = typeof found === "object" ? found.groups.map((group) => group?.shape) : found;
    expect(Array.isArray(shapes) ? shapes.toSorted() : shapes).toEqual(expected);
  });

  it("takes a pattern of the line for one of its own, where nobody knows the policy before", () => {
    const found = new PlaceFinder(AFTER, undefined).find({ route: "/orders/:" } as ObservedLine, false);
    const shapes = typeof found === "object" ? found.groups.map((group) => group?.shape) : found;
    expect(shapes).toEqual(expect.arrayContaining(["/orders/:", "/orders/recent"]));
  });

  it("gives two lines one key exactly if they lead to the same place", () => {
    const finder = new PlaceFinder(AFTER, BEFORE);
    const keyOf = (path: string) => {
      const found = finder.find({ path } as ObservedLine, true);
      return typeof found === "object" ? found.key : found;
    };
    expect(keyOf("/orders/7")).toBe(keyOf("/orders/8"));
    expect(keyOf("/orders/7")).not.toBe(keyOf("/orders/recent"));
    expect(keyOf("/orders/7")).not.toBe(keyOf("/orders/7;v=1"));
  });
});

it.each([
  { name: "a canonical path", path: "/orders/7", expected: "/orders/7" },
  { name: "no path", path: undefined, expected: undefined },
  { name: "a path that was cut", path: "/orders/7...", expected: undefined },
  { name: "a path in which a token was replaced", path: "/orders/[token]", expected: undefined },
  { name: "a path that is not canonical", path: "/orders//7", expected: undefined },
])("usablePath of $name", ({ path, expected }) => {
  expect(usablePath(path)).toBe(expected);
});
