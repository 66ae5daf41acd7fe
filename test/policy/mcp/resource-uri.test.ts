import { describe, expect, it } from "vitest";
import { isNormalTemplate, isNormalUri, isPrefixOfNormalUri } from "../../../src/policy/mcp/resource-uri.ts";

describe("a URI in normal form", () => {
  it.each([
    "orders://1",
    "orders://",
    "orders://open/1",
    "orders://.open/..1",
    "orders:1",
    "orders:///1",
    "orders://open/",
    "orders://a//b",
    "orders://1?expand=items",
    "orders://1?path=../x",
    "file:///var/data/%C3%A9.txt",
    "file:///a/...",
    "file:///a/.hidden",
    "https://api.example/a",
    "https://api.example:8443/a",
    "https://xn--bcher-kva.example/",
    "http://[::1]/a",
    "urn:isbn:0451450523",
    "repo:///owner%2Fname/main",
    "db://table/O'Brien",
    "git+ssh://host/a",
    "a+b.c-1:x",
  ])("%s", (uri) => {
    expect(isNormalUri(uri)).toBe(true);
  });
});

describe("a URI that is not in normal form", () => {
  it.each([
    ["is empty", ""],
    ["has no scheme", "/orders/1"],
    ["has a relative path", "orders/1"],
    ["has nothing after the scheme", "orders:"],
    ["has an upper-case scheme", "Orders://1"],
    ["has an upper-case host", "orders://Open/1"],
    ["has a user", "orders://me@open/1"],
    ["has a user with a password", "https://me:pw@api.example/"],
    ["has an escape in the host", "orders://op%2Fen/1"],
    ["has an empty port", "https://api.example:/a"],
    ["has a default port", "https://api.example:443/a"],
    ["has a default port of http", "http://api.example:80/a"],
    ["has a port with a zero before it", "orders://open:0443/a"],
    ["has an empty path of a scheme of the web", "https://api.example"],
    ["has a number for an address", "http://2130706433/"],
    ["has the host localhost in a file", "file://localhost/a"],
    ["has a dot segment", "orders://open/./1"],
    ["has a dot segment for a host", "orders://./open/1"],
    ["goes up from its scheme", "orders://../open/1"],
    ["goes up from its scheme, with parameters", "orders://..;x/1"],
    ["goes up", "orders://open/../1"],
    ["goes up at the end", "orders://open/.."],
    ["goes up without a host", "urn:a/../b"],
    ["goes up behind an escaped slash", "orders://open/..%2Fsecret"],
    ["goes up between escaped slashes", "orders://open/a%2F..%2Fsecret"],
    ["goes up behind a double escape", "orders://open/..%252Fsecret"],
    ["goes up behind an escape of many times", "orders://open/..%2525252Fsecret"],
    ["goes up behind an escaped backslash", "orders://open/..%5Csecret"],
    ["goes up with a path parameter", "orders://open/..;/secret"],
    ["goes up with an escaped path parameter", "orders://open/..%3Bx/secret"],
    ["goes up by escaped dots", "orders://open/%2E%2E/secret"],
    ["goes up by doubly escaped dots", "orders://open/%252E%252E/secret"],
    ["goes up by doubly escaped dots in lower case", "orders://open/%252e%252e/secret"],
    ["has an escaped letter", "orders://open/%61"],
    ["has an escaped tilde", "orders://open/%7Eme"],
    ["has an escape in lower case", "orders://open/%c3%a9"],
    ["has a broken escape", "orders://open/%2"],
    ["has an escape of no hex digits", "orders://open/%zz"],
    ["has an escaped NUL", "orders://open/1%00"],
    ["has an escaped line break", "orders://open/1%0A"],
    ["has an escaped delete", "orders://open/1%7F"],
    ["has a backslash", "orders://open\\1"],
    ["has a space", "orders://open/a b"],
    ["has a space at the end", "orders://1 "],
    ["has a line break at the end", "orders://1\n"],
    ["has a letter of another script", "orders://bücher/1"],
    ["has a brace", "orders://{id}"],
    ["has a fragment", "orders://1#x"],
    ["has an empty fragment", "orders://1#"],
    ["has an empty query", "orders://1?"],
  ])("%s: %s", (_, uri) => {
    expect(isNormalUri(uri)).toBe(false);
  });
});

it("a long text is read once", () => {
  // With a work that is square in the length, this would take minutes.
  expect(isNormalUri(`orders://open/${"%25".repeat(300_000)}`)).toBe(true);
  expect(isNormalUri(`orders://open/${"%25".repeat(300_000)}2`)).toBe(true);
  expect(isNormalUri(`orders://open/${"../".repeat(300_000)}`)).toBe(false);
});

describe("a template of URIs", () => {
  it.each([
    { input: "orders://{id}", expected: true },
    { input: "orders://{+path}", expected: true },
    { input: "orders://open{?status,since}", expected: true },
    { input: "file:///{a}/{b*}", expected: true },
    { input: "orders://1", expected: true },
    { input: "{scheme}://1", expected: true },
    { input: "{+uri}", expected: false },
    { input: "orders://{id}/../x", expected: false },
    { input: "orders://{id", expected: false },
    { input: "orders://{}", expected: false },
    { input: "orders://{a b}", expected: false },
    { input: "orders://{{id}}", expected: false },
    { input: "Orders://{id}", expected: false },
  ])("$input: $expected", ({ input, expected }) => {
    expect(isNormalTemplate(input)).toBe(expected);
  });
});

describe("the beginning of a URI in normal form", () => {
  it.each([
    { input: "", expected: true },
    { input: "ord", expected: true },
    { input: "orders:", expected: true },
    { input: "orders:/", expected: true },
    { input: "orders://", expected: true },
    { input: "orders://open", expected: true },
    { input: "orders://open/", expected: true },
    { input: "orders://open/.", expected: true },
    { input: "orders://open?", expected: true },
    { input: "https:", expected: true },
    { input: "https://", expected: true },
    { input: "https://api.example", expected: true },
    { input: "https://api.example:", expected: true },
    { input: "https://api.example/v1/", expected: true },
    { input: "file:///", expected: true },
    { input: "orders://open/../", expected: false },
    { input: "Orders", expected: false },
    { input: "orders://Open", expected: false },
    { input: "orders://me@", expected: false },
    { input: "orders://1#", expected: false },
    { input: "orders://a b", expected: false },
    { input: "orders://a%2", expected: false },
    { input: "/orders", expected: false },
  ])("$input: $expected", ({ input, expected }) => {
    expect(isPrefixOfNormalUri(input)).toBe(expected);
  });
});
