import { expect, it } from "vitest";
import { COLLECTION, lint, lintsOf, WRITE, withRoutes } from "../../../../support/policy/lints.ts";

const get = (path: string) => ({ ...COLLECTION, path });
const post = (path: string) => ({ ...WRITE, path });

it.each([
  {
    name: "a plural without items",
    routes: [get("/users")],
    expected: ["collection-without-items $.routes[3].path"],
  },
  {
    name: "one that is read and added to",
    routes: [get("/things"), post("/things")],
    expected: ["collection-without-items $.routes[3].path"],
  },
  { name: "one that is read and added to, and no plural", routes: [get("/staff"), post("/staff")], expected: [] },
  { name: "one that is only read and no plural", routes: [get("/me")], expected: [] },
  {
    name: "words that only look like a plural",
    routes: [get("/status"), get("/access"), get("/analysis")],
    expected: [],
  },
  { name: "items under any pattern", routes: [get("/users"), get("/users/*")], expected: [] },
  {
    name: "a plural below an item, without items of its own",
    routes: [get("/orders/:id/lines")],
    expected: ["collection-without-items $.routes[3].path"],
  },
  {
    name: "a plural below items of items, with its items",
    routes: [get("/shops/:shop/floors/:floor/lamps"), get("/shops/:shop/floors/:floor/lamps/:lamp")],
    expected: [],
  },
  { name: "the root, read and added to", routes: [get("/"), post("/")], expected: [] },
  { name: "what has no name, read and added to", routes: [get("/:tenant"), post("/:tenant")], expected: [] },
  { name: "all beneath a path, read and added to", routes: [get("/files/*"), post("/files/*")], expected: [] },
  { name: "one that is only added to and no plural", routes: [post("/login")], expected: [] },
  { name: "a plural that is only added to", routes: [post("/events")], expected: [] },
  { name: "a word too short for a plural", routes: [get("/ads")], expected: [] },
  {
    name: "the shortest plural, in any case",
    routes: [get("/CATS")],
    expected: ["collection-without-items $.routes[3].path"],
  },
  {
    name: "a plural with a trailing slash, without items",
    routes: [get("/users/")],
    expected: ["collection-without-items $.routes[3].path"],
  },
  {
    name: "a plural with a trailing slash, and items with one",
    routes: [get("/users/"), get("/users/:id/")],
    expected: [],
  },
  {
    name: "a plural with a trailing slash, and items without",
    routes: [get("/users/"), get("/users/:id")],
    expected: [],
  },
  { name: "a plural, and items with a trailing slash", routes: [get("/users"), get("/users/:id/")], expected: [] },
  {
    name: "a plural with and without a slash, once",
    routes: [get("/users"), get("/users/")],
    expected: ["collection-without-items $.routes[3].path"],
  },
  { name: "what has no name, with a slash", routes: [get("/:tenant/"), post("/:tenant/")], expected: [] },
  { name: "a word with a plural inside", routes: [get("/catsup")], expected: [] },
])("$name", ({ routes, expected }) => {
  expect(lintsOf(withRoutes(...routes)).filter((line) => /collection|items/.test(line))).toEqual(expected);
});

it.each([
  { path: "/users", expected: "No route covers `/users/:id`, the items of this collection." },
  { path: "/users/", expected: "No route covers `/users/:id/`, the items of this collection." },
])("names the items in the style of $path", ({ path, expected }) => {
  expect(lint(withRoutes(get(path))).lints.map(({ message }) => message)).toEqual([expected]);
});

it("is a notice, because it is a guess", () => {
  const { lints } = lint(withRoutes(get("/users")));
  expect(lints).toMatchObject([{ code: "collection-without-items", severity: "notice", route: 3 }]);
});
