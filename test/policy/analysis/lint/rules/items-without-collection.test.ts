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
  {
    name: "items with a trailing slash, without a collection",
    routes: [get("/users/:id/")],
    expected: ["items-without-collection $.routes[3].path"],
  },
  { name: "items with a slash, and a collection with one", routes: [get("/users/:id/"), get("/users/")], expected: [] },
  { name: "items with a slash, and a collection without", routes: [get("/users/:id/"), get("/users")], expected: [] },
  { name: "items, and a collection with a slash", routes: [get("/users/:id"), get("/users/")], expected: [] },
  {
    name: "items with and without a slash, once",
    routes: [get("/users/:id"), get("/users/:id/")],
    expected: ["items-without-collection $.routes[3].path"],
  },
  { name: "items of what has no name, with a slash", routes: [get("/:tenant/:id/")], expected: [] },
  { name: "items of what has no name", routes: [get("/:tenant/:id")], expected: [] },
  {
    name: "items of a named collection below a parameter",
    routes: [get("/:tenant/carts/:id")],
    expected: ["items-without-collection $.routes[3].path"],
  },
])("$name", ({ routes, expected }) => {
  expect(lintsOf(withRoutes(...routes)).filter((line) => /collection|items/.test(line))).toEqual(expected);
});

it.each([
  { path: "/users/:id", expected: "No route covers `/users`, the collection of these items." },
  { path: "/users/:id/", expected: "No route covers `/users/`, the collection of these items." },
])("names the collection in the style of $path", ({ path, expected }) => {
  expect(lint(withRoutes(get(path))).lints.map(({ message }) => message)).toEqual([expected]);
});

it("is a notice, because it is a guess", () => {
  const { lints } = lint(withRoutes(get("/users/:id")));
  expect(lints).toMatchObject([{ code: "items-without-collection", severity: "notice", route: 3 }]);
});
