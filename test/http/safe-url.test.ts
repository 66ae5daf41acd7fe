import { describe, expect, test } from "vitest";
import { parseSafeUrl } from "../../src/http/safe-url.ts";

describe("a URL that is safe to send tokens to is parsed", () => {
  test.each([
    { name: "https", input: "https://api.example/v1" },
    { name: "http on localhost", input: "http://localhost:8787/" },
    { name: "http on the IPv4 loopback", input: "http://127.0.0.1/" },
    { name: "http on the last loopback address", input: "http://127.255.255.255/" },
    { name: "http on the IPv6 loopback", input: "http://[::1]/" },
  ])("$name", ({ input }) => {
    expect(parseSafeUrl(input)).toEqual({ ok: true, value: new URL(input) });
  });

  test("a loopback address in another spelling", () => {
    expect(parseSafeUrl("http://0x7f.1/")).toEqual({ ok: true, value: new URL("http://127.0.0.1/") });
  });
});

describe("a URL that is not safe is refused without repeating it", () => {
  test.each([
    { name: "a relative URL", input: "/secret", message: "This is not an absolute URL." },
    { name: "a user name", input: "https://secret@api.example/", message: "The URL contains a user name or password." },
    { name: "a password", input: "https://:secret@api.example/", message: "The URL contains a user name or password." },
    { name: "http", input: "http://secret.example/", message: "The URL is neither https nor http on loopback." },
    {
      name: "http next to loopback",
      input: "http://128.0.0.1/",
      message: "The URL is neither https nor http on loopback.",
    },
    {
      name: "http on a host that begins like loopback",
      input: "http://localhost.secret/",
      message: "The URL is neither https nor http on loopback.",
    },
    { name: "another scheme", input: "ftp://localhost/", message: "The URL is neither https nor http on loopback." },
  ])("$name", ({ input, message }) => {
    const result = parseSafeUrl(input);
    expect(result).toEqual({ ok: false, failure: { message, hint: expect.stringMatching(/^[A-Z].*\.$/) } });
    expect(JSON.stringify(result)).not.toContain("secret");
  });
});
