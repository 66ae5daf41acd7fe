import { expect, it } from "vitest";
import { lint, lintsWithCode, messagesOf, withRoutes } from "../../../../support/policy/lints.ts";

it.each([
  { methods: ["GET"], expected: [] },
  { methods: ["GET", "HEAD", "OPTIONS"], expected: [] },
  { methods: ["GET", "POST"], expected: ["public-write $.routes[3].public"] },
  { methods: ["DELETE"], expected: ["public-write $.routes[3].public"] },
  { methods: ["*"], expected: ["public-write $.routes[3].public"] },
])("a public route with $methods", ({ methods, expected }) => {
  const file = withRoutes({ path: "/hook", methods, public: true, upstream: "orders" });
  expect(lintsWithCode(file, "public-write")).toEqual(expected);
});

it.each([
  { methods: ["GET", "PUT", "POST"], expected: "Anyone may call PUT, POST." },
  { methods: ["*"], expected: "Anyone may call every method." },
])("says what anyone may call: $methods", ({ methods, expected }) => {
  const file = withRoutes({ path: "/hooks/in", methods, public: true, upstream: "orders" });
  expect(messagesOf(file, "public-write")).toEqual([expected]);
});

it("is a warning about its route", () => {
  const { lints } = lint(withRoutes({ path: "/hook", methods: ["POST"], public: true, upstream: "orders" }));
  expect(lints).toMatchObject([{ severity: "warning", route: 3 }]);
});

it("is one about an optional token, which every caller can leave out", () => {
  const file = withRoutes({ path: "/hook", methods: ["POST"], optional: true, upstream: "orders" });
  expect(lintsWithCode(file, "public-write")).toEqual(["public-write $.routes[3].optional"]);
});

it("is none where a token is needed", () => {
  const file = withRoutes({ path: "/hook", methods: ["POST"], authenticated: true, upstream: "orders" });
  expect(lintsWithCode(file, "public-write")).toEqual([]);
});
