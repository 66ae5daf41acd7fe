import { describe, expect, it } from "vitest";
import { acceptedAudience } from "../../../../src/policy/analysis/clients/accepted-audience.ts";
import { ISSUER_URL, issuerOf } from "../../../support/policy/example-policy.ts";

const audiences = (...names: string[]): ReadonlySet<string> => new Set(names);

describe("acceptedAudience", () => {
  it.each([
    { name: "any client of an issuer without audiences", issuer: issuerOf(), expected: { aud: undefined } },
    {
      name: "a client among the audiences",
      issuer: issuerOf({ audiences: audiences("https://shop.example", "customer") }),
      expected: { aud: undefined },
    },
    { name: "no client that is not", issuer: issuerOf({ audiences: audiences("admin") }), expected: undefined },
    {
      name: "a client that can ask Cognito for an accepted `aud`",
      issuer: issuerOf({ audiences: audiences("admin", "https://shop.example") }),
      expected: { aud: "https://shop.example" },
    },
    {
      name: "a client that can ask Cognito for an app's address",
      issuer: issuerOf({ audiences: audiences("shop://api") }),
      expected: { aud: "shop://api" },
    },
    {
      name: "a client that can ask Cognito for an address on localhost",
      issuer: issuerOf({ audiences: audiences("http://localhost:8080") }),
      expected: { aud: "http://localhost:8080" },
    },
    {
      name: "a client that can ask the local issuer for the local gateway",
      issuer: issuerOf({ audiences: audiences("http://127.0.0.1:8787/mcp") }),
      expected: { aud: "http://127.0.0.1:8787/mcp" },
    },
    {
      name: "no client that would need an audience which Cognito never writes",
      issuer: issuerOf({
        audiences: audiences("http://shop.example", "http://localhost.example", "http://127.0.0.1.example", "shop:api"),
      }),
      expected: undefined,
    },
    {
      name: "any client of another issuer, with one of the audiences",
      issuer: issuerOf({ profile: "generic", audiences: audiences("api", "b") }),
      expected: { aud: "api" },
    },
    {
      name: "a client among the audiences that are compared with `azp`",
      issuer: issuerOf({ profile: "generic", audiences: audiences("api", "customer"), audienceClaims: [["azp"]] }),
      expected: { aud: undefined, others: { azp: "customer" } },
    },
    {
      name: "any client with an accepted `azp`",
      issuer: issuerOf({ profile: "generic", audiences: audiences("api"), audienceClaims: [["azp"]] }),
      expected: { aud: undefined, others: { azp: "api" } },
    },
    {
      name: "no client whose id is compared and not listed",
      issuer: issuerOf({ profile: "generic", audiences: audiences("api"), audienceClaims: [["client_id"]] }),
      expected: undefined,
    },
    {
      name: "a client that another claim names, so that `aud` is compared",
      issuer: issuerOf({ profile: "generic", audiences: audiences("api"), audienceClaims: [["client_id"], ["aud"]] }),
      expected: { aud: "api", others: { client_id: undefined, azp: "customer" } },
    },
    {
      name: "any client with an accepted value inside a claim",
      issuer: issuerOf({ audiences: audiences("api"), audienceClaims: [["org", "for"]] }),
      expected: { aud: undefined, others: { org: { for: "api" } } },
    },
    {
      name: "any client of an issuer that is an audience itself",
      issuer: issuerOf({ audiences: audiences("api", ISSUER_URL), audienceClaims: [["iss"]] }),
      expected: { aud: undefined },
    },
    {
      name: "no client of an issuer that is none of the audiences",
      issuer: issuerOf({ audiences: audiences("api"), audienceClaims: [["iss"]] }),
      expected: undefined,
    },
    {
      name: "no client of Cognito whose id is compared first",
      issuer: issuerOf({ audiences: audiences("api", "https://a"), audienceClaims: [["client_id"], ["aud"]] }),
      expected: undefined,
    },
  ])("accepts $name", ({ issuer, expected }) => {
    expect(acceptedAudience(issuer, "customer")).toEqual(expected);
  });
});
