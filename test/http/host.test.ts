import { expect, it } from "vitest";
import { hostNameOf, isHost } from "../../src/http/host.ts";

it.each([
  ...["a", "api.example", "API.Example", "api.example.", "xn--bcher-kva.example", "a-b.c", "my_service", "1.2.3.4"],
  ...[
    "api.example:8443",
    "api.example:",
    "api.example:0",
    "api.example:65535",
    "[::1]",
    "[::1]:8787",
    "[::ffff:1.2.3.4]",
  ],
])("is a host: %s", (host) => expect(isHost(host)).toBe(true));

it.each([
  ...[
    "",
    " ",
    "a b",
    "a/b",
    "a.example/open/y?",
    "a.example//open",
    "a\\b",
    "a?b",
    "a#b",
    "a,b",
    "a;b",
    "a%2fb",
    "%61",
  ],
  ...["user@a", "user:pass@a", "a:b", "a:+1", "a:1:2", "a:123456", "::1", "[::1", "[::1]x", "[a]b", "[]", "[v1.x]"],
  ...[".a", "a..b", ".", ":80", "b\u00fccher.example", "\u212a", "a\t", "a\u0000", "*"],
])("is no host: %j", (host) => expect(isHost(host)).toBe(false));

it.each([
  { host: "api.example", expected: "api.example" },
  { host: "API.Example:8443", expected: "api.example" },
  { host: "api.example:", expected: "api.example" },
  { host: "api.example.", expected: "api.example." },
  { host: "127.1:80", expected: "127.1" },
  { host: "[::1]", expected: "[::1]" },
  { host: "[2001:DB8::1]:8787", expected: "[2001:db8::1]" },
])("the host name in $host is $expected", ({ host, expected }) => expect(hostNameOf(host)).toBe(expected));
