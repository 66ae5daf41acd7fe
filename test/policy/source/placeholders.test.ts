import { describe, expect, it } from "vitest";
import { placeholders } from "../../../src/policy/source/placeholders.ts";

const variable = (name: string) => `\${${name}}`;

describe("placeholders", () => {
  it.each([
    {
      name: "are URLs for variables that begin a string",
      input: `"${variable("ORDERS_URL")}/v1"`,
      expected: { ORDERS_URL: "https://orders-url.invalid" },
    },
    {
      name: "are plain names for any other",
      input: `"https://${variable("HOST")}/v1"`,
      expected: { HOST: "host" },
    },
    {
      name: "are URLs for variables that begin some string",
      input: `"https://${variable("A")}" "${variable("A")}" "https://${variable("A")}"`,
      expected: { A: "https://a.invalid" },
    },
    {
      name: "are host names for variables in hosts, wherever else they stand",
      input: JSON.stringify({
        hosts: ["[::1]", variable("HOST"), `api.${variable("DOMAIN")}`],
        publicUrl: `https://${variable("HOST")}`,
        upstreams: { a: { url: variable("A_URL") } },
      }),
      expected: { HOST: "host.invalid", DOMAIN: "domain", A_URL: "https://a-url.invalid" },
    },
    {
      name: "are host names for variables in the hosts of a route",
      input: JSON.stringify({ hosts: ["a.example"], routes: [{}, { hosts: [variable("ADMIN")] }, null] }),
      expected: { ADMIN: "admin.invalid" },
    },
    {
      name: "are URLs if only a member of another name is called hosts",
      input: JSON.stringify({ upstreams: { hosts: { url: variable("A") } } }),
      expected: { A: "https://a.invalid" },
    },
    { name: "are none for a text without variables", input: "$A {B}", expected: {} },
  ])("$name", ({ input, expected }) => {
    expect(placeholders(input)).toEqual(expected);
  });
});
