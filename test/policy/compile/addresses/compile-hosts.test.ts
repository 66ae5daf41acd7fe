import { describe, expect, test } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const hostsOf = (hosts: unknown) => faultsOf(policyFileWith({ hosts }));

describe("hosts", () => {
  test.each([
    { name: "names", input: ["api.example", "xn--bcher-kva.example", "my_service", "a"] },
    { name: "IPv4 addresses", input: ["192.0.2.1", "127.0.0.2"] },
    { name: "IPv6 addresses", input: ["[2001:db8::1]"] },
  ])("may be $name", ({ input }) => {
    expect(compiled(policyFileWith({ hosts: input })).hosts).toEqual(new Set(input));
  });

  test("have one entry for the names of the own machine, however many are listed", () => {
    for (const hosts of [["localhost"], ["127.0.0.1"], ["[::1]"], ["[::1]", "localhost", "127.0.0.1"]]) {
      expect(compiled(policyFileWith({ hosts })).hosts).toEqual(new Set(["localhost"]));
    }
  });

  test.each([
    { name: "upper case", input: "API.example", meant: "api.example" },
    { name: "a port", input: "api.example:8443", meant: "api.example" },
    { name: "the port of its scheme", input: "api.example:443", meant: "api.example" },
    { name: "a dot at the end", input: "api.example.", meant: "api.example" },
    { name: "a scheme", input: "https://api.example", meant: "api.example" },
    { name: "a path", input: "api.example/v1", meant: "api.example" },
    { name: "a query", input: "api.example?", meant: "api.example" },
    { name: "a user", input: "me:secret@api.example", meant: "api.example" },
    { name: "blanks around it", input: " api.example ", meant: "api.example" },
    { name: "letters outside ASCII", input: "bücher.example", meant: "xn--bcher-kva.example" },
    { name: "an escape", input: "%61pi.example", meant: "api.example" },
    { name: "another spelling of an IPv4 address", input: "127.1", meant: "127.0.0.1" },
    { name: "a hexadecimal IPv4 address", input: "0xc0000201", meant: "192.0.2.1" },
    { name: "another spelling of an IPv6 address", input: "[0:0:0:0:0:0:0:1]", meant: "[::1]" },
  ])("may not have $name, and the hint says what to write", ({ input, meant }) => {
    expect(hostsOf([input])).toEqual([
      `$.hosts[0]: This is not a plain host name. Write \`${meant}\`: without a scheme, port, path or dot at the end, in lower case and ASCII.`,
    ]);
    expect(hostsOf([meant])).toEqual([]);
  });

  test.each(["::1", "a b", "256.1.1.1", "https://", ".", "a..b", ".a", "http://[x]", "a,b", "a:b"])(
    "may not be %j, and the hint shows how to write one",
    (input) => {
      expect(hostsOf([input])).toEqual([
        "$.hosts[0]: This is not a plain host name. Write it as in api.example or [2001:db8::1], without a scheme, port, path or dot at the end, in lower case and ASCII.",
      ]);
    },
  );

  test.each(["*", "*.example", "api.*", "https://*.example"])("may not have a wildcard: %s", (input) => {
    expect(hostsOf([input])).toEqual([
      "$.hosts[0]: A host name cannot contain `*`. List each host name: they are compared exactly.",
    ]);
  });

  test.each([
    { name: "empty", input: [], expected: ["$.hosts: This is empty. List at least one."] },
    { name: "a text", input: "api.example", expected: ['$.hosts: Found "api.example". Write an array.'] },
    { name: "a list with something else", input: ["a", 7], expected: ["$.hosts[1]: Found 7. Write a string."] },
    {
      name: "a list with an empty name",
      input: [""],
      expected: ["$.hosts[0]: This is empty. Write at least one character."],
    },
    {
      name: "a list with one name twice",
      input: ["a", "b", "a"],
      expected: ["$.hosts[2]: The host is listed twice. Leave one of them out."],
    },
  ])("may not be $name", ({ input, expected }) => {
    expect(hostsOf(input)).toEqual(expected);
  });

  test("may have variables, which are filled in before they are checked", () => {
    const file = policyFileWith({ hosts: ["$" + "{HOST}", "api.$" + "{DOMAIN}"] });
    expect(compiled(file, { HOST: "a.example", DOMAIN: "b.example" }).hosts).toEqual(
      new Set(["a.example", "api.b.example"]),
    );
    expect(faultsOf(file, { DOMAIN: "B.example" })).toEqual([
      "$.hosts[0]: The variable `HOST` is not set. Set it under [vars] in wrangler.toml, for every environment.",
      expect.stringContaining("$.hosts[1]: This is not a plain host name. Write `api.b.example`"),
    ]);
  });
});
