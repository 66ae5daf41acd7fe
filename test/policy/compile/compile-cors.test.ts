import { describe, expect, test } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../support/policy/policy-file.ts";

test.each([
  {
    name: "any origin, with defaults",
    input: { origins: "*" },
    expected: { origins: "*", maxAgeSeconds: 600, exposedHeaders: [], credentials: false },
  },
  {
    name: "any origin, as a list",
    input: { origins: ["*"], maxAgeSeconds: 0 },
    expected: { origins: "*", maxAgeSeconds: 0, exposedHeaders: [], credentials: false },
  },
  {
    name: "exact origins of pages and apps",
    input: {
      origins: ["https://shop.example", "http://localhost:5173", "capacitor://localhost", "app+http://shop:8100"],
      credentials: true,
      exposedHeaders: ["X-Request-Id"],
    },
    expected: {
      origins: new Set([
        "https://shop.example",
        "http://localhost:5173",
        "capacitor://localhost",
        "app+http://shop:8100",
      ]),
      maxAgeSeconds: 600,
      exposedHeaders: ["X-Request-Id"],
      credentials: true,
    },
  },
])("cors allows $name", ({ input, expected }) => {
  expect(compiled(policyFileWith({ cors: input })).cors).toEqual(expected);
});

describe("cors is refused with", () => {
  const notAnOrigin =
    "$.cors.origins[0]: This is not an origin as browsers send it. For example: https://shop.example.";
  test.each([
    { name: "no origins", input: {}, expected: "$.cors.origins: This is missing. Add it: it has no default." },
    {
      name: "an empty list",
      input: { origins: [] },
      expected: "$.cors.origins: This is empty. List at least one.",
    },
    { name: "a path", input: { origins: ["https://shop.example/"] }, expected: notAnOrigin },
    { name: "upper case", input: { origins: ["https://Shop.example"] }, expected: notAnOrigin },
    { name: "the default port", input: { origins: ["https://shop.example:443"] }, expected: notAnOrigin },
    { name: "an app's origin with a path", input: { origins: ["capacitor://localhost/"] }, expected: notAnOrigin },
    { name: "an app's origin with text in front", input: { origins: [" app://localhost"] }, expected: notAnOrigin },
    {
      name: "an app's origin whose port is no number",
      input: { origins: ["app://localhost:x"] },
      expected: notAnOrigin,
    },
    { name: "a scheme in upper case", input: { origins: ["HTTP://shop.example"] }, expected: notAnOrigin },
    { name: "http without a host", input: { origins: ["http://"] }, expected: notAnOrigin },
    { name: "a wildcard within an origin", input: { origins: ["https://*.shop.example/"] }, expected: notAnOrigin },
    { name: "null, which any sandboxed page is", input: { origins: ["null"] }, expected: notAnOrigin },
    {
      name: "any origin next to an exact one",
      input: { origins: ["https://shop.example", "*"] },
      expected:
        "$.cors.origins[1]: `*` is not the only item of its list. Remove the others: it stands for every origin.",
    },
    {
      name: "credentials for any origin",
      input: { origins: ["*"], credentials: true },
      expected:
        '$.cors.credentials: Credentials cannot be allowed together with the origin "*". List the origins: browsers refuse the combination.',
    },
    {
      name: "an exposed header that is none",
      input: { origins: "*", exposedHeaders: ["x request id"] },
      expected: "$.cors.exposedHeaders[0]: This is not a header name. Use letters, digits and hyphens.",
    },
    {
      name: "a negative age",
      input: { origins: "*", maxAgeSeconds: -1 },
      expected: "$.cors.maxAgeSeconds: -1 is too small. The minimum is 0.",
    },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(policyFileWith({ cors: input }))).toEqual([expected]);
  });
});
