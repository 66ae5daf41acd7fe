import { describe, expect, it } from "vitest";
import { standInVars } from "../../../src/local/plan/stand-in-vars.ts";

const variable = (name: string) => `\${${name}}`;
const ADDRESSES = {
  gateway: "http://127.0.0.1:1",
  issuer: (name: string) => `http://127.0.0.1:2/${name}`,
  upstream: (name: string) => (name === "orders" ? "http://127.0.0.1:3" : undefined),
};

describe("standInVars", () => {
  it.each([
    {
      name: "the local issuer's address for an issuer",
      input: { issuers: { main: { issuer: variable("A") } } },
      expected: { A: "http://127.0.0.1:2/main" },
    },
    {
      name: "a made-up address for a part of an issuer",
      input: { issuers: { main: { issuer: `${variable("A")}/realms/one` } } },
      expected: { A: "https://a.invalid" },
    },
    {
      name: "a local service's address for an upstream that has one",
      input: { upstreams: { orders: { url: variable("A") } } },
      expected: { A: "http://127.0.0.1:3" },
    },
    {
      name: "a made-up address for any other upstream",
      input: { upstreams: { notes: { url: variable("A") } } },
      expected: { A: "https://a.invalid" },
    },
    {
      name: "the gateway's host among its hosts, so that it serves its local address",
      input: { hosts: [variable("A"), "api.example"] },
      expected: { A: "127.0.0.1" },
    },
    {
      name: "a made-up name for each of its other hosts, so that none is listed twice",
      input: { hosts: [variable("A"), variable("B")] },
      expected: { A: "127.0.0.1", B: "b.invalid" },
    },
    {
      name: "the gateway's origin for its public URL",
      input: { publicUrl: variable("A") },
      expected: { A: "http://127.0.0.1:1" },
    },
    {
      name: "a plain name for an audience",
      input: { issuers: { main: { issuer: "https://id.example", audiences: [`api-${variable("STAGE")}`] } } },
      expected: { STAGE: "stage" },
    },
    { name: "none where there are no variables", input: { issuers: {} }, expected: {} },
    { name: "none for what is no policy", input: null, expected: {} },
    { name: "none for nothing", input: undefined, expected: {} },
  ])("gives $name", ({ input, expected }) => {
    expect(standInVars({ config: input, vars: {} }, ADDRESSES)).toEqual(expected);
  });

  it("leaves out what is set to a string, and only that", () => {
    const config = { upstreams: { a: { url: variable("A") }, b: { url: variable("B") } } };
    expect(standInVars({ config, vars: { A: "https://set.example", B: 7 } }, ADDRESSES)).toEqual({
      B: "https://b.invalid",
    });
  });
});
