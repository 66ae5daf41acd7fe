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
      origins: {
        exact: new Set([
          "https://shop.example",
          "http://localhost:5173",
          "capacitor://localhost",
          "app+http://shop:8100",
        ]),
        wildcard: new Set(),
      },
      maxAgeSeconds: 600,
      exposedHeaders: ["X-Request-Id"],
      credentials: true,
    },
  },
  {
    name: "one label in place of a `*`, with a scheme and a port",
    input: {
      origins: [
        "https://*.shop.example",
        "http://*.dev.test:8080",
        "https://*.xn--bcher-kva.example",
        "https://a.b.example",
      ],
    },
    expected: {
      origins: {
        exact: new Set(["https://a.b.example"]),
        wildcard: new Set(["https://*.shop.example", "http://*.dev.test:8080", "https://*.xn--bcher-kva.example"]),
      },
      maxAgeSeconds: 600,
      exposedHeaders: [],
      credentials: false,
    },
  },
  {
    name: "one label in place of a `*` with credentials, of which a lint warns",
    input: { origins: ["https://*.a-1.b.shop.example"], credentials: true },
    expected: {
      origins: { exact: new Set(), wildcard: new Set(["https://*.a-1.b.shop.example"]) },
      maxAgeSeconds: 600,
      exposedHeaders: [],
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
    { name: "no origins", input: {}, expected: "$.cors.origins: `origins` is missing. Add it: it has no default." },
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
    { name: "a wildcard before upper case", input: { origins: ["https://*.Shop.example"] }, expected: notAnOrigin },
    {
      name: "a wildcard and a scheme in upper case",
      input: { origins: ["HTTPS://*.shop.example"] },
      expected: notAnOrigin,
    },
    {
      name: "a wildcard and the default port",
      input: { origins: ["https://*.shop.example:443"] },
      expected: notAnOrigin,
    },
    {
      name: "a wildcard and a port out of range",
      input: { origins: ["https://*.shop.example:65536"] },
      expected: notAnOrigin,
    },
    { name: "a wildcard and an empty port", input: { origins: ["https://*.shop.example:"] }, expected: notAnOrigin },
    { name: "a wildcard and no name", input: { origins: ["https://*."] }, expected: notAnOrigin },
    {
      name: "a wildcard before an empty label",
      input: { origins: ["https://*..shop.example"] },
      expected: notAnOrigin,
    },
    { name: "a wildcard before a final dot", input: { origins: ["https://*.shop.example."] }, expected: notAnOrigin },
    {
      name: "a wildcard before a top-level domain and a dot",
      input: { origins: ["https://*.com."] },
      expected: notAnOrigin,
    },
    { name: "a wildcard within an address", input: { origins: ["https://*.0.0.1"] }, expected: notAnOrigin },
    {
      name: "a wildcard before raw letters outside ASCII",
      input: { origins: ["https://*.bücher.example"] },
      expected: notAnOrigin,
    },
    { name: "a wildcard before a hyphen", input: { origins: ["https://*.-shop.example"] }, expected: notAnOrigin },
    { name: "a wildcard and a query", input: { origins: ["https://*.shop.example?x"] }, expected: notAnOrigin },
    ...["com", "localhost", "localhost:5173"].map((suffix) => ({
      name: `a wildcard before one label: ${suffix}`,
      input: { origins: [`https://*.${suffix}`] },
      expected:
        "$.cors.origins[0]: This `*` stands for every name below a top-level domain. Write at least two labels after it, for example: https://*.shop.example.",
    })),
    ...[
      ...["https://*", "https://*:8443", "https://shop.*", "https://a*.shop.example", "https://*a.shop.example"],
      ...["https://a.*.shop.example", "https://*.*.shop.example", "https://**.shop.example", "https://shop.example:*"],
      ...["*.shop.example", "*://shop.example", "//*.shop.example", "capacitor://*", "app://*.shop.example"],
      ...[
        "https://user@*.shop.example",
        "https://*shop.example",
        "https://shop.example/*",
        "**",
        "wss://*.shop.example",
      ],
    ].map((origin) => ({
      name: `a wildcard elsewhere: ${origin}`,
      input: { origins: [origin] },
      expected:
        "$.cors.origins[0]: A `*` is allowed only as the first label of an http or https host. Write https://*.shop.example for exactly one label, or list the origins.",
    })),
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
