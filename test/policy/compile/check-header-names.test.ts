import { describe, expect, test } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../support/policy/policy-file.ts";

const withNames = (allowHeaderNames: unknown) =>
  policyFileWith({
    upstreams: { orders: { url: "https://orders.example", allowHeaderNames } },
    claimHeaders: { "x-tenant": "tenant" },
  });

describe("allowHeaderNames", () => {
  test("is compiled in lower case", () => {
    const upstream = compiled(withNames(["X_Legacy", "api.key", "a_"])).upstreams.get("orders");
    expect(upstream?.allowHeaderNames).toEqual(new Set(["x_legacy", "api.key", "a_"]));
  });

  const claim = (name: string) => `To some upstreams this is the claim header \`${name}\`.`;
  const owned = (name: string) =>
    `To some upstreams this is the header \`${name}\`, which belongs to HTTP or to a gateway.`;
  test.each([
    { name: "a wildcard", input: ["x_*"], expected: "Header names cannot contain wildcards here." },
    { name: "no name of a header", input: ["x legacy"], expected: "This is not a header name." },
    { name: "a spelling of a claim header", input: ["X_Tenant"], expected: claim("x-tenant") },
    { name: "a spelling of a default claim header", input: ["x_auth_subject"], expected: claim("x-auth-subject") },
    { name: "a spelling of their family", input: ["x_auth_role"], expected: owned("x-auth-role") },
    { name: "the mount point of gunicorn", input: ["SCRIPT_NAME"], expected: owned("script-name") },
    { name: "the path of gunicorn", input: ["PATH_INFO"], expected: owned("path-info") },
    { name: "the user of CGI", input: ["REMOTE_USER"], expected: owned("remote-user") },
    { name: "a spelling of what describes the body", input: ["content_length"], expected: owned("content-length") },
    { name: "an override", input: ["x_http_method_override"], expected: owned("x-http-method-override") },
    { name: "a forwarded address", input: ["x_forwarded_for"], expected: owned("x-forwarded-for") },
    { name: "what Cloudflare writes", input: ["CF_Connecting_IP"], expected: owned("cf-connecting-ip") },
    { name: "the host", input: ["Host"], expected: owned("host") },
    { name: "a header that passes anyway", input: ["x-legacy"], expected: "The upstream gets this header anyway." },
    { name: "a name twice", input: ["x_a", "X_A"], expected: "The header `X_A` is listed twice." },
    { name: "an empty list", input: [], expected: "$.upstreams.orders.allowHeaderNames: " },
    { name: "no list", input: "x_legacy", expected: "$.upstreams.orders.allowHeaderNames: " },
    { name: "an empty name", input: [""], expected: "$.upstreams.orders.allowHeaderNames[0]: " },
  ])("refuses $name", ({ input, expected }) => {
    expect(faultsOf(withNames(input))).toEqual([expect.stringContaining(expected)]);
  });

  test("names the place of each fault", () => {
    expect(faultsOf(withNames(["x_fine", "x_tenant", "SCRIPT_NAME"])).map((fault) => fault.split(":")[0])).toEqual([
      "$.upstreams.orders.allowHeaderNames[1]",
      "$.upstreams.orders.allowHeaderNames[2]",
    ]);
  });
});

describe("the headers that the gateway sets", () => {
  const withHeaders = (headers: unknown, more: Record<string, unknown> = {}) =>
    policyFileWith({
      upstreams: { orders: { url: "https://orders.example", headers, ...more } },
      claimHeaders: { "x-tenant": "tenant" },
    });

  test.each(["x-tenant", "X_Tenant", "x-auth-subject", "X.Auth.Subject"])("cannot be a claim header: %s", (name) => {
    expect(faultsOf(withHeaders({ [name]: "root" }))).toEqual([
      expect.stringContaining("To some upstreams this is the claim header `"),
    ]);
  });

  test.each(["x_key", "X.Key", "x~key"])("cannot be sent by callers under another name: %s", (name) => {
    expect(faultsOf(withHeaders({ "X-Key": { secret: "KEY" } }, { allowHeaderNames: [name] }))).toEqual([
      "$.upstreams.orders.allowHeaderNames[0]: To some upstreams this is the header `X-Key`, which the gateway sets. " +
        "Leave it out: callers could replace the gateway's value.",
    ]);
  });

  test("may resemble a name that callers send", () => {
    expect(faultsOf(withHeaders({ "x-key": "a", "x-tenants": "b" }, { allowHeaderNames: ["x_keys"] }))).toEqual([]);
  });
});
