import { describe, expect, it } from "vitest";
import {
  firstPolicy,
  parseClients,
  parseIssuer,
  parseJwksUri,
  parseResourceServer,
  parseUpstreams,
} from "../../../src/cli/init/first-policy.ts";

describe("what init reads", () => {
  it.each([
    { name: "an issuer as it is given", parse: parseIssuer, input: "https://a.example/p/" },
    { name: "an issuer on loopback over http", parse: parseIssuer, input: "http://127.0.0.1:8788/pool" },
    { name: "a resource server that is no URL", parse: parseResourceServer, input: "orders" },
  ])("is $name", ({ parse, input }) => {
    expect(parse(input)).toEqual({ ok: true, value: input });
  });

  it("is upstreams, separated by spaces and commas", () => {
    expect(parseUpstreams(" a=https://a.example,  b-1=https://b.example/v1 ")).toEqual({
      ok: true,
      value: [
        { name: "a", url: "https://a.example" },
        { name: "b-1", url: "https://b.example/v1" },
      ],
    });
  });

  it.each([
    { input: " a, b  a ", expected: ["a", "b"] },
    { input: "", expected: [] },
  ])("is clients, each once: '$input'", ({ input, expected }) => {
    expect(parseClients(input)).toEqual({ ok: true, value: expected });
  });

  it.each([
    { name: "an issuer over http", parse: parseIssuer, input: "http://a.example" },
    { name: "an issuer for any tenant", parse: parseIssuer, input: "https://login.microsoftonline.com/common/v2.0" },
    { name: "an address of keys over http", parse: parseJwksUri, input: "http://keys.example" },
    { name: "an issuer with a password", parse: parseIssuer, input: "https://u:p@a.example" },
    { name: "an empty resource server", parse: parseResourceServer, input: "" },
    { name: "a resource server with a wildcard", parse: parseResourceServer, input: "https://*.example" },
    { name: "no upstream", parse: parseUpstreams, input: " , " },
    { name: "an upstream without a URL", parse: parseUpstreams, input: "a=" },
    { name: "an upstream over http", parse: parseUpstreams, input: "a=http://a.example" },
    { name: "a name that begins with a digit", parse: parseUpstreams, input: "1a=https://a.example" },
    { name: "one name twice", parse: parseUpstreams, input: "a=https://a.example a=https://b.example" },
  ])("is not $name, and the failure says what to do", ({ parse, input }) => {
    const failure = { message: expect.stringMatching(/\.$/), hint: expect.stringMatching(/\.$/) };
    expect(parse(input)).toEqual({ ok: false, failure });
  });
});

describe("the first policy", () => {
  const answers = {
    issuer: "https://id.example",
    resourceServer: "api",
    upstreams: [{ name: "orders", url: "https://orders.example" }],
    clients: ["web"],
  };

  it("has the settings that were found, and lets only registered clients in", () => {
    const found = { jwksUri: "https://id.example/keys", algorithms: ["ES256" as const], scopeClaim: "scp" };
    expect(firstPolicy(answers, found)).toMatchObject({
      issuers: { main: { ...found, registeredClientsOnly: true } },
      clients: { web: { scopes: ["read:orders", "write:orders"] } },
    });
  });

  it("has no clients if there are none", () => {
    expect(firstPolicy({ ...answers, clients: [] }, {})).not.toHaveProperty("clients");
  });
});
