import { describe, expect, test } from "vitest";
import { basePathsOf } from "../../../../src/cli/openapi/document/base-path.ts";

describe("the base paths of servers", () => {
  test.each([
    { name: "are none without servers", input: undefined, expected: [] },
    { name: "are none in an empty list", input: [], expected: [] },
    { name: "are empty for a URL without a path", input: [{ url: "https://a.example" }], expected: [""] },
    { name: "lack the trailing slash", input: [{ url: "https://a.example/v1/" }], expected: ["/v1"] },
    { name: "can be relative", input: [{ url: "/v1" }, { url: "v1" }], expected: ["/v1"] },
    {
      name: "are each there once",
      input: [{ url: "https://a.example/v1" }, { url: "https://b.example/v1" }, { url: "https://c.example/v2" }],
      expected: ["/v1", "/v2"],
    },
    {
      name: "have the defaults of variables, and one slash in a row",
      input: [
        { url: "https://{host}/{base}", variables: { host: { default: "a.example" }, base: { default: "/prod" } } },
      ],
      expected: ["/prod"],
    },
    {
      name: "keep a variable without a default, so that none takes it for a path",
      input: [{ url: "https://a.example/{base}", variables: { constructor: {} } }],
      expected: ["/%7Bbase%7D"],
    },
    { name: "are empty for a URL that cannot be read", input: [{ url: "https://" }, {}], expected: [""] },
    { name: "are none if the list is no list", input: { url: "https://a.example/v1" }, expected: [] },
  ])("$name", ({ input, expected }) => {
    expect(basePathsOf(input)).toEqual(expected);
  });
});
