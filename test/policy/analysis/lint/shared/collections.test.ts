import { describe, expect, it } from "vitest";
import { incompleteCollections } from "../../../../../src/policy/analysis/lint/shared/collections.ts";
import { COLLECTION, WRITE } from "../../../../support/policy/lints.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

const get = (path: string) => ({ ...COLLECTION, path });

/** Routes for collections with both parts. */
const complete = (...names: string[]) => names.flatMap((name) => [get(`/${name}`), get(`/${name}/:id`)]);

function incomplete(...routes: { readonly path: string }[]) {
  const upstreams = { orders: { url: "https://orders.example" }, other: { url: "https://other.example" } };
  return incompleteCollections(compiled(policyFileWith({ upstreams, routes }))).map(({ route }) => route.path);
}

describe("what is no collection, although most others are complete", () => {
  it.each([
    { name: "metrics", routes: [get("/metrics")] },
    { name: "settings", routes: [get("/settings"), { ...get("/settings"), methods: ["PUT"] }] },
    { name: "a plural that can be written as a whole", routes: [{ ...get("/flags"), methods: ["GET", "PATCH"] }] },
    { name: "a login", routes: [get("/login"), { ...WRITE, path: "/login" }] },
    { name: "GraphQL", routes: [get("/graphql"), { ...WRITE, path: "/graphql" }] },
    { name: "health", routes: [get("/health"), get("/healthz")] },
    { name: "a token", routes: [get("/token"), { ...WRITE, path: "/token" }] },
    { name: "a version", routes: [get("/v1/:id")] },
    { name: "what is found by a singular", routes: [get("/lookup/:code"), get("/by-name/:name")] },
    { name: "items that cannot be read", routes: [{ ...get("/sessions/:id"), methods: ["DELETE"] }] },
    { name: "a plural that cannot be read", routes: [{ ...WRITE, path: "/events" }] },
    { name: "a name directly below a plural", routes: [get("/reports/sales"), get("/orders/comments/:id")] },
    { name: "a key set", routes: [get("/jwks")] },
  ])("$name", ({ routes }) => {
    expect(incomplete(...complete("orders", "carts", "users"), ...routes)).toEqual([]);
  });
});

describe("collections that lack a part", () => {
  it.each([
    { name: "as many as are complete", routes: [get("/teams"), get("/tags/:id")], expected: ["/teams", "/tags/:id"] },
    { name: "more than are complete", routes: [get("/teams"), get("/tags/:id"), get("/labels")], expected: [] },
    { name: "of another upstream", routes: [{ ...get("/teams"), upstream: "other" }], expected: [] },
  ])("count by their number: $name", ({ routes, expected }) => {
    expect(incomplete(...complete("orders", "carts"), ...routes)).toEqual(expected);
  });

  it("are none where no collection is complete", () => {
    expect(incomplete(get("/teams"), get("/tags/:id"))).toEqual([]);
  });
});

it.each([
  { path: "/teams", expected: "/teams/:id" },
  { path: "/carts/:id/lines", expected: "/carts/:id/lines/:id2" },
  { path: "/carts/:id/lines/", expected: "/carts/:id/lines/:id2/" },
  { path: "/carts/:cart/lines", expected: "/carts/:cart/lines/:id" },
])("names the items of $path with a parameter of their own", ({ path, expected }) => {
  const policy = compiled(policyFileWith({ routes: [...complete("orders", "carts"), get(path)] }));
  expect(incompleteCollections(policy).map(({ counterpart }) => counterpart)).toEqual([expected]);
});
