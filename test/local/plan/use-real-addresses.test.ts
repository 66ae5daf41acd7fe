import { describe, expect, it } from "vitest";
import { NO_REAL_ADDRESSES } from "../../../src/local/plan/stack-source.ts";
import { useRealAddresses } from "../../../src/local/plan/use-real-addresses.ts";

const variable = (name: string) => `\${${name}}`;
const REAL = "https://real.example/pool";

describe("useRealAddresses", () => {
  it.each([
    {
      name: "replaces the issuer alone where its keys have no address of their own",
      input: { issuer: "https://id.example", profile: "cognito" },
      expected: { issuer: REAL, profile: "cognito" },
    },
    {
      name: "keeps what follows the issuer in the address of its keys",
      input: { issuer: "https://id.example/a", jwksUri: "https://id.example/a/certs?v=1" },
      expected: { issuer: REAL, jwksUri: `${REAL}/certs?v=1` },
    },
    {
      name: "keeps it where both begin with a variable",
      input: { issuer: `${variable("ID")}/a`, jwksUri: `${variable("ID")}/a/certs` },
      expected: { issuer: REAL, jwksUri: `${REAL}/certs` },
    },
    {
      name: "leaves an address of keys alone that does not begin with the issuer",
      input: { issuer: "https://id.example/a", jwksUri: "https://keys.example/certs" },
      expected: { issuer: REAL, jwksUri: "https://keys.example/certs" },
    },
    { name: "takes an issuer that is no object for an empty one", input: 7, expected: { issuer: REAL } },
  ])("$name", ({ input, expected }) => {
    const config = { issuers: { main: input, other: { issuer: "https://other.example" } }, routes: [] };
    expect(useRealAddresses(config, { issuers: { main: REAL }, upstreams: {} })).toEqual({
      issuers: { main: expected, other: { issuer: "https://other.example" } },
      upstreams: {},
      routes: [],
    });
  });

  it.each([
    { name: "a URL", input: { url: "https://a.example", timeoutMs: 5 } },
    { name: "a service binding", input: { service: "A", timeoutMs: 5 } },
  ])("replaces $name of an upstream, and keeps its other members", ({ input }) => {
    const used = useRealAddresses({ upstreams: { a: input } }, { issuers: {}, upstreams: { a: "http://127.0.0.1:1" } });
    expect(used).toEqual({ issuers: {}, upstreams: { a: { url: "http://127.0.0.1:1", timeoutMs: 5 } } });
  });

  it("returns the policy itself where nothing is real", () => {
    const config = { issuers: {} };
    expect(useRealAddresses(config, NO_REAL_ADDRESSES)).toBe(config);
  });
});
