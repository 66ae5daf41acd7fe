import { describe, expect, it } from "vitest";
import { COLLECTION, lint, lintsOf, withRoutes } from "../../../support/policy/lints.ts";
import { compiled } from "../../../support/policy/policy-file.ts";

it("finds nothing in a plain policy", () => {
  expect(lintsOf(withRoutes())).toEqual([]);
});

it("lists lints in the order of the routes", () => {
  const file = withRoutes(
    { ...COLLECTION, path: "/users" },
    { path: "/hook", methods: ["POST"], public: true, upstream: "orders" },
  );
  expect(lintsOf(file)).toEqual(["collection-without-items $.routes[3].path", "public-write $.routes[4].public"]);
});

it("lists lints about no route last", () => {
  const file = { ...withRoutes({ ...COLLECTION, path: "/users" }), clients: { none: { scopes: [] } } };
  expect(lint(file).lints.map(({ route }) => route)).toEqual([0, 2, 3, undefined, undefined]);
});

describe("suppressing", () => {
  const hook = { path: "/hook", methods: ["POST"], public: true, upstream: "orders" };

  it("keeps the reason and takes the lint away", () => {
    const file = withRoutes({ ...hook, lint: { "public-write": "Signed by the sender." } });
    const { lints, suppressed } = lint(file);
    expect(lints).toEqual([]);
    expect(suppressed).toMatchObject([
      { code: "public-write", reason: "Signed by the sender.", path: ["routes", 3, "public"] },
    ]);
  });

  it("counts for its own route and code only", () => {
    const file = withRoutes({ ...hook, lint: { "public-write": "Signed." } }, { ...hook, path: "/other" });
    expect(lintsOf(file)).toEqual(["public-write $.routes[4].public"]);
  });

  it("is reported where there is nothing to suppress", () => {
    const file = withRoutes({ ...hook, methods: ["GET"], lint: { "public-write": "Signed." } });
    expect(lintsOf(file)).toEqual(['needless-silence $.routes[3].lint["public-write"]']);
  });

  it.each([
    { name: "an unknown code", lint: { "public-wrte": "x" } },
    { name: "an empty reason", lint: { "public-write": "" } },
  ])("takes no $name", ({ lint }) => {
    expect(() => compiled(withRoutes({ ...hook, lint }))).toThrow("lint");
  });

  it("takes a lint out of those that are reported as one", () => {
    const [carts, cart, users, teams] = ["/carts", "/carts/:id", "/users", "/teams"].map((path) => ({
      ...COLLECTION,
      path,
    }));
    const suppressing = { ...users, lint: { "collection-without-items": "Users are listed only." } };
    const [merged, ...more] = lint(withRoutes({ ...carts }, { ...cart }, suppressing, { ...teams })).lints;
    expect(more).toEqual([]);
    expect(merged).toMatchObject({ route: 6, message: "No route covers `/teams/:id`, the items of this collection." });
  });
});

it("reports lints with one cause as one, at the first place", () => {
  const orders = ["/x", "/y", "/z"].map((path) => ({ ...COLLECTION, path, scopes: ["write:orders"] }));
  const file = { ...withRoutes(...orders), clients: { reader: { scopes: ["read:orders"] } } };
  expect(lint(file).lints.filter(({ code }) => code === "unmeetable-requirement")).toMatchObject([
    {
      route: 2,
      message:
        "No client may be granted the required scopes. 3 more are like it: `/x` (routes[3]), `/y` (routes[4]) and `/z` (routes[5]).",
    },
  ]);
});
