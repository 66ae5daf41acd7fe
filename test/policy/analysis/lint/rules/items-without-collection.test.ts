import { expect, it } from "vitest";
import { COLLECTION, lint, lintsOf, withRoutes } from "../../../../support/policy/lints.ts";

const get = (path: string) => ({ ...COLLECTION, path });

it.each([
  {
    name: "items without a collection",
    routes: [get("/users/:id")],
    expected: ["items-without-collection $.routes[3].path"],
  },
  {
    name: "items of items without a collection",
    routes: [get("/orders/:id/lines/:line")],
    expected: ["items-without-collection $.routes[3].path"],
  },
  { name: "a collection under a looser pattern", routes: [get("/users/:id"), get("/*")], expected: [] },
  { name: "items of what has no name", routes: [get("/:tenant/:id")], expected: [] },
  {
    name: "items of what has a name beneath what has none",
    routes: [get("/:tenant/carts/:id")],
    expected: ["items-without-collection $.routes[3].path"],
  },
])("$name", ({ routes, expected }) => {
  expect(lintsOf(withRoutes(...routes)).filter((line) => /collection|items/.test(line))).toEqual(expected);
});

it("is a notice, because it is a guess", () => {
  const { lints } = lint(withRoutes(get("/users/:id")));
  expect(lints).toMatchObject([{ code: "items-without-collection", severity: "notice", route: 3 }]);
});
