import { expect, it } from "vitest";
import { lint, lintsOf, withMembers } from "../../../../support/policy/lints.ts";

const WILDCARD = "https://*.shop.example";

it.each([
  {
    name: "one label in place of a `*`, with credentials",
    cors: { origins: ["https://shop.example", WILDCARD], credentials: true },
    expected: ["wildcard-origin $.cors.origins"],
  },
  {
    name: "each of several",
    cors: { origins: [WILDCARD, "https://*.b.example"], credentials: true },
    expected: ["wildcard-origin $.cors.origins", "wildcard-origin $.cors.origins"],
  },
  { name: "none without credentials", cors: { origins: [WILDCARD] }, expected: [] },
  {
    name: "none in a list of exact origins",
    cors: { origins: ["https://shop.example"], credentials: true },
    expected: [],
  },
  { name: "none for every origin, which allows no credentials", cors: { origins: "*" }, expected: [] },
])("$name", ({ cors, expected }) => {
  expect(lintsOf(withMembers({ cors }))).toEqual(expected);
});

it("is a warning that names the origin", () => {
  const { lints } = lint(withMembers({ cors: { origins: [WILDCARD], credentials: true } }));
  expect(lints).toMatchObject([{ severity: "warning", message: expect.stringContaining(WILDCARD) }]);
});
