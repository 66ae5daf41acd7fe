import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/cli/args/exit-code.ts";
import { parseAddresses } from "../../../src/cli/dev/parse-addresses.ts";

const KNOWN = { issuers: ["main"], upstreams: ["orders", "a=b"] };
const TWO = { ...KNOWN, issuers: ["main", "partner"] };

describe("parseAddresses", () => {
  it.each([
    {
      name: "an issuer without a name, if there is only one",
      input: { issuers: ["https://id.example/?a=b"], upstreams: [] },
      expected: { issuers: { main: "https://id.example/?a=b" }, upstreams: {} },
    },
    {
      name: "an issuer with its name",
      input: { issuers: ["main=https://id.example/"], upstreams: [] },
      expected: { issuers: { main: "https://id.example/" }, upstreams: {} },
    },
    {
      name: "upstreams with their names",
      input: { issuers: [], upstreams: ["orders=http://127.0.0.1:3000/v1", "a=b=https://b.example"] },
      expected: { issuers: {}, upstreams: { orders: "http://127.0.0.1:3000/v1", "a=b": "https://b.example" } },
    },
  ])("reads $name", ({ input, expected }) => {
    expect(parseAddresses(input, KNOWN)).toEqual(expected);
  });

  it.each([
    {
      name: "an issuer without a name among several",
      input: { issuers: ["https://id.example"], upstreams: [] },
      expected: "--issuer-url needs NAME=URL. Known names: main, partner.",
    },
    {
      name: "an issuer that the policy lacks",
      input: { issuers: ["others=https://id.example"], upstreams: [] },
      expected: "--issuer-url: The policy has no issuer `others`. Known: main, partner.",
    },
    {
      name: "an upstream that the policy lacks",
      input: { issuers: [], upstreams: ["order=https://a.example"] },
      expected: "--upstream: The policy has no upstream `order`. Known: orders, a=b.",
    },
    {
      name: "an upstream without a name",
      input: { issuers: [], upstreams: ["https://a.example"] },
      expected: "--upstream needs NAME=URL. Known names: orders, a=b.",
    },
    {
      name: "two addresses for one name",
      input: { issuers: [], upstreams: ["orders=https://a.example", "orders=https://b.example"] },
      expected: "--upstream names `orders` twice.",
    },
    {
      name: "an address that others could read",
      input: { issuers: [], upstreams: ["orders=http://a.example"] },
      expected:
        "--upstream orders: The URL is neither https nor http on loopback. " +
        "Use https, so that nobody can read or alter the traffic.",
    },
    {
      name: "an address that is none",
      input: { issuers: ["main="], upstreams: [] },
      expected: "--issuer-url main: This is not an absolute URL. Start it with a scheme, as in https://api.example.",
    },
  ])("refuses $name", ({ input, expected }) => {
    expect(() => parseAddresses(input, TWO)).toThrow(new UsageError(expected));
  });
});
