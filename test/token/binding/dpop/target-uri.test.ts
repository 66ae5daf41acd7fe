import { describe, expect, it } from "vitest";
import { targetUri } from "../../../../src/token/binding/dpop/target-uri.ts";

describe("targetUri", () => {
  it.each([
    {
      name: "keeps a normal URI",
      input: "https://api.example.com/orders/7",
      expected: "https://api.example.com/orders/7",
    },
    { name: "drops the query", input: "https://a.example/x?y=1", expected: "https://a.example/x" },
    { name: "drops the fragment", input: "https://a.example/x#y", expected: "https://a.example/x" },
    { name: "drops a query without a path", input: "https://a.example?y", expected: "https://a.example/" },
    { name: "writes the empty path as a slash", input: "https://a.example", expected: "https://a.example/" },
    { name: "writes scheme and host in lower case", input: "HTTPS://A.Example/X", expected: "https://a.example/X" },
    { name: "drops the default port of https", input: "https://a.example:443/x", expected: "https://a.example/x" },
    { name: "drops the default port of http", input: "http://a.example:80/x", expected: "http://a.example/x" },
    { name: "drops an empty port", input: "https://a.example:/x", expected: "https://a.example/x" },
    { name: "keeps another port", input: "https://a.example:8443/x", expected: "https://a.example:8443/x" },
    { name: "keeps the port of the other scheme", input: "http://a.example:443/x", expected: "http://a.example:443/x" },
    {
      name: "decodes unreserved characters",
      input: "https://a.example/%7e%41%2D%2e",
      expected: "https://a.example/~A-.",
    },
    {
      name: "writes other encodings in upper case",
      input: "https://a.example/a%2fb",
      expected: "https://a.example/a%2Fb",
    },
    { name: "decodes once only", input: "https://a.example/%2541", expected: "https://a.example/%2541" },
    { name: "removes dot segments", input: "https://a.example/a/./b/../c", expected: "https://a.example/a/c" },
    { name: "removes encoded dot segments", input: "https://a.example/a/%2e%2E/c", expected: "https://a.example/c" },
    { name: "keeps empty segments", input: "https://a.example//a//b/", expected: "https://a.example//a//b/" },
    { name: "keeps path parameters", input: "https://a.example/a;b=1", expected: "https://a.example/a;b=1" },
    { name: "reads an IPv6 address", input: "https://[2001:DB8::1]:443/x", expected: "https://[2001:db8::1]/x" },
  ])("$name", ({ input, expected }) => {
    expect(targetUri(input)).toBe(expected);
  });

  it.each([
    { name: "an empty text", input: "" },
    { name: "a path", input: "/orders" },
    { name: "a URI without a scheme", input: "//a.example/x" },
    { name: "another scheme", input: "ftp://a.example/x" },
    { name: "a scheme without slashes", input: "https:a.example/x" },
    { name: "one slash after the scheme", input: "https:/a.example/x" },
    { name: "three slashes after the scheme", input: "https:///a.example/x" },
    { name: "user information", input: "https://user@a.example/x" },
    { name: "user information before a host", input: "https://api.example.com@evil.example/x" },
    { name: "a backslash for a slash", input: "https://a.example\\x" },
    { name: "a backslash in the path", input: "https://a.example/a\\b" },
    { name: "a line break", input: "https://a.example/a\nb" },
    { name: "a tab", input: "https://a.exa\tmple/a" },
    { name: "a space before", input: " https://a.example/a" },
    { name: "a space after", input: "https://a.example/a " },
    { name: "a host that is not ASCII", input: "https://ä.example/a" },
    { name: "a path that is not ASCII", input: "https://a.example/ä" },
    { name: "a broken encoding", input: "https://a.example/%4" },
    { name: "an encoding that is not hexadecimal", input: "https://a.example/%zz" },
    { name: "a port out of range", input: "https://a.example:65536/x" },
    { name: "a port that is no number", input: "https://a.example:x/x" },
  ])("refuses $name", ({ input }) => {
    expect(targetUri(input)).toBeUndefined();
  });
});
