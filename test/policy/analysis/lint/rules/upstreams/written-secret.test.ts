import { describe, expect, it } from "vitest";
import { lintsOf, withMembers } from "../../../../../support/policy/lints.ts";

const lints = (headers: unknown) =>
  lintsOf(withMembers({ upstreams: { orders: { url: "https://orders.example", headers } } }));

describe("a header with a fixed value", () => {
  it.each([
    "authorization",
    "cf-access-client-secret",
    "x-api-key",
    "api_key",
    "x-apikey",
    "x-auth-token",
    "x-password",
  ])("is reported as a secret in the file: %s", (name) => {
    const at = /^[a-z]+$/.test(name) ? `.${name}` : name.includes("-") ? `["${name}"]` : `.${name}`;
    expect(lints({ [name]: "a" })).toEqual([`written-secret $.upstreams.orders.headers${at}`]);
  });

  it.each(["x-env", "x-tokens-per-minute", "x-keyboard", "accept", "x-monkey"])("is none: %s", (name) => {
    expect(lints({ [name]: "a" })).toEqual([]);
  });

  it("is none if it names a secret", () => {
    expect(lints({ authorization: { secret: "KEY" } })).toEqual([]);
  });
});

it("http through a binding is no http upstream", () => {
  const erp = { url: "http://127.0.0.1:8790", via: "ERP" };
  expect(lintsOf(withMembers({ upstreams: { orders: erp } }))).toEqual([]);
});
