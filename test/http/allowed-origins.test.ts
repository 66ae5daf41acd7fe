import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allowedOrigins, allowsOrigin } from "../../src/http/allowed-origins.ts";

test("origins are sorted by whether they have a `*`", () => {
  expect(allowedOrigins(["https://shop.example", "https://*.pages.example"])).toEqual({
    exact: new Set(["https://shop.example"]),
    wildcard: new Set(["https://*.pages.example"]),
  });
});

describe("an origin is allowed", () => {
  const allowed = allowedOrigins([
    "https://shop.example",
    "https://*.app.pages.example",
    "http://*.dev.test:8080",
    "https://*.xn--bcher-kva.example",
  ]);
  test.each([
    { name: "that is listed", origin: "https://shop.example", expected: true },
    { name: "with one label in place of the `*`", origin: "https://a.app.pages.example", expected: true },
    { name: "with a label of a digit", origin: "https://1.app.pages.example", expected: true },
    { name: "with a label of hyphens inside", origin: "https://a--b-c.app.pages.example", expected: true },
    { name: "with a label in punycode", origin: "https://xn--caf-dma.app.pages.example", expected: true },
    {
      name: "with a label as long as it may be",
      origin: `https://${"a".repeat(63)}.app.pages.example`,
      expected: true,
    },
    { name: "at the port of the wildcard", origin: "http://a.dev.test:8080", expected: true },
    { name: "below a name in punycode", origin: "https://a.xn--bcher-kva.example", expected: true },
    { name: "not below one that is listed exactly", origin: "https://a.shop.example", expected: false },
    { name: "not with two labels", origin: "https://a.b.app.pages.example", expected: false },
    { name: "not with an empty label", origin: "https://.app.pages.example", expected: false },
    { name: "not without the label", origin: "https://app.pages.example", expected: false },
    { name: "not with an empty label in front of one", origin: "https://..app.pages.example", expected: false },
    { name: "not with a label that only ends alike", origin: "https://evil-app.pages.example", expected: false },
    { name: "not with more behind it", origin: "https://a.app.pages.example.evil.example", expected: false },
    { name: "not with a final dot", origin: "https://a.app.pages.example.", expected: false },
    { name: "not in upper case", origin: "https://A.app.pages.example", expected: false },
    { name: "not with the rest in upper case", origin: "https://a.APP.pages.example", expected: false },
    { name: "not with a scheme in upper case", origin: "HTTPS://a.app.pages.example", expected: false },
    { name: "not with another scheme", origin: "http://a.app.pages.example", expected: false },
    {
      name: "not with a port where the wildcard has none",
      origin: "https://a.app.pages.example:8443",
      expected: false,
    },
    { name: "not with the default port", origin: "https://a.app.pages.example:443", expected: false },
    { name: "not without the port of the wildcard", origin: "http://a.dev.test", expected: false },
    { name: "not at another port", origin: "http://a.dev.test:8081", expected: false },
    { name: "not with a `*` of its own", origin: "https://*.app.pages.example", expected: false },
    { name: "not with a label that begins with a hyphen", origin: "https://-a.app.pages.example", expected: false },
    { name: "not with a label that ends with a hyphen", origin: "https://a-.app.pages.example", expected: false },
    { name: "not with an underscore", origin: "https://a_b.app.pages.example", expected: false },
    { name: "not with raw letters outside ASCII", origin: "https://ä.app.pages.example", expected: false },
    {
      name: "not with a label that is too long",
      origin: `https://${"a".repeat(64)}.app.pages.example`,
      expected: false,
    },
    { name: "not with user information", origin: "https://u@a.app.pages.example", expected: false },
    { name: "not with a path", origin: "https://a.app.pages.example/", expected: false },
    { name: "not with an escape in the label", origin: "https://a%2E.app.pages.example", expected: false },
    { name: "not with a space in front", origin: " https://a.app.pages.example", expected: false },
    { name: "not with a second origin", origin: "https://a.app.pages.example https://b.example", expected: false },
    { name: "not if it is opaque", origin: "null", expected: false },
    { name: "not if it is empty", origin: "", expected: false },
  ])("$name", ({ origin, expected }) => {
    expect(allowsOrigin(allowed, origin)).toBe(expected);
  });

  test("by no wildcard in a list without one", () => {
    expect(allowsOrigin(allowedOrigins(["https://shop.example"]), "https://a.shop.example")).toBe(false);
  });
});

test("a wildcard agrees with taking hosts apart into labels", () => {
  const label = fc.constantFrom("a", "b", "app", "*", "", "-", "A", "x1");
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
  const suffix = fc.constantFrom("app.b", "b.app", "x1.a.b");
  const port = fc.constantFrom("", ":8443");
  fc.assert(
    fc.property(
      suffix,
      port,
      fc.oneof(
        host,
        fc.tuple(label, suffix).map((parts) => parts.join(".")),
      ),
      port,
      (...parts) => {
        const [allowed, allowedPort, asked, askedPort] = parts;
        const [first = "", ...rest] = asked.split(".");
        const expected = /^[a-z0-9]+$/.test(first) && rest.join(".") === allowed && askedPort === allowedPort;
        const origins = allowedOrigins([`https://*.${allowed}${allowedPort}`]);
        expect(allowsOrigin(origins, `https://${asked}${askedPort}`)).toBe(expected);
      },
    ),
    { numRuns: 2_000 },
  );
});
