import { describe, expect, test } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../support/policy/policy-file.ts";

const withUpstream = (upstream: Record<string, unknown>) => policyFileWith({ upstreams: { orders: upstream } });
const upstreamOf = (upstream: Record<string, unknown>) => compiled(withUpstream(upstream)).upstreams.get("orders");

const defaults = {
  name: "orders",
  timeoutMs: 10_000,
  idleTimeoutMs: undefined,
  retry: false,
  headers: [],
  forwardAuthorization: false,
  allowPathParameters: false,
  allowEncodedSlash: false,
  allowHeaderNames: new Set(),
  originWide: false,
};

describe("an upstream is", () => {
  test.each([
    {
      name: "an origin",
      input: { url: "https://orders.example:8443" },
      expected: { ...defaults, kind: "url", origin: "https://orders.example:8443", pathPrefix: "", via: undefined },
    },
    {
      name: "an origin with a slash",
      input: { url: "https://orders.example/" },
      expected: { ...defaults, kind: "url", origin: "https://orders.example", pathPrefix: "", via: undefined },
    },
    {
      name: "an origin with a path, kept without the slash at its end",
      input: { url: "https://orders.example/api/v%31/" },
      expected: { ...defaults, kind: "url", origin: "https://orders.example", pathPrefix: "/api/v1", via: undefined },
    },
    {
      name: "http on loopback",
      input: { url: "http://127.0.0.1:8790" },
      expected: { ...defaults, kind: "url", origin: "http://127.0.0.1:8790", pathPrefix: "", via: undefined },
    },
    {
      name: "http on any address of loopback",
      input: { url: "http://127.0.0.10" },
      expected: { ...defaults, kind: "url", origin: "http://127.0.0.10", pathPrefix: "", via: undefined },
    },
    {
      name: "http to any host, through a binding",
      input: { url: "http://erp.internal:8080/api", via: "ERP_VPC", forwardAuthorization: true },
      expected: {
        ...defaults,
        forwardAuthorization: true,
        kind: "url",
        origin: "http://erp.internal:8080",
        pathPrefix: "/api",
        via: "ERP_VPC",
      },
    },
    {
      name: "a service binding with its own settings",
      input: {
        service: "ORDERS",
        timeoutMs: 1,
        idleTimeoutMs: 1,
        retry: true,
        headers: { "X-Env": "prod", authorization: { secret: "KEY" } },
        allowPathParameters: true,
        allowEncodedSlash: true,
        allowHeaderNames: ["X_Legacy"],
        originWide: true,
      },
      expected: {
        name: "orders",
        timeoutMs: 1,
        idleTimeoutMs: 1,
        retry: true,
        headers: [
          { header: "x-env", value: { kind: "text", text: "prod" } },
          { header: "authorization", value: { kind: "secret", secret: "KEY" } },
        ],
        forwardAuthorization: false,
        allowPathParameters: true,
        allowEncodedSlash: true,
        allowHeaderNames: new Set(["x_legacy"]),
        originWide: true,
        kind: "service",
        binding: "ORDERS",
      },
    },
  ])("$name", ({ input, expected }) => {
    expect(upstreamOf(input)).toEqual(expected);
  });
});

describe("an upstream is refused", () => {
  const channel = "The URL is neither https nor http on loopback.";
  test.each([
    {
      name: "with neither",
      input: {},
      expected: "$.upstreams.orders: The upstream has neither a `url` nor a `service`. Write exactly one of them.",
    },
    {
      name: "with both",
      input: { url: "https://orders.example", service: "ORDERS" },
      expected: "$.upstreams.orders: The upstream has both a `url` and a `service`. Write exactly one of them.",
    },
    { name: "over http", input: { url: "http://orders.example" }, expected: channel },
    { name: "over another scheme", input: { url: "ftp://orders.example" }, expected: channel },
    { name: "over another scheme on loopback", input: { url: "ftp://127.0.0.1" }, expected: channel },
    {
      name: "with a user alone",
      input: { url: "https://a@orders.example" },
      expected: "The URL contains a user name or password.",
    },
    {
      name: "with a password",
      input: { url: "https://a:b@orders.example" },
      expected: "The URL contains a user name or password.",
    },
    {
      name: "with a query",
      input: { url: "https://orders.example/?a" },
      expected: "The URL has a query or a fragment.",
    },
    {
      name: "with an empty query",
      input: { url: "https://orders.example/?" },
      expected: "The URL has a query or a fragment.",
    },
    {
      name: "with a fragment",
      input: { url: "https://orders.example/#a" },
      expected: "The URL has a query or a fragment.",
    },
    {
      name: "with a double slash",
      input: { url: "https://orders.example//a" },
      expected: "The gateway refuses requests with the URL's path.",
    },
    {
      name: "with path parameters",
      input: { url: "https://orders.example/a;b" },
      expected: "The gateway refuses requests with the URL's path.",
    },
    { name: "that is no URL", input: { url: "orders.example" }, expected: "This is not an absolute URL." },
    {
      name: "whose binding cannot be one",
      input: { service: "my-orders" },
      expected: "`my-orders` cannot be the name of a binding.",
    },
    {
      name: "through a binding that cannot be one",
      input: { url: "https://orders.example", via: "my-vpc" },
      expected: "`my-vpc` cannot be the name of a binding.",
    },
    {
      name: "through a binding, without a URL",
      input: { service: "ORDERS", via: "ERP_VPC" },
      expected: "$.upstreams.orders.via: Only requests to a `url` go through `via`.",
    },
    {
      name: "over another scheme through a binding",
      input: { url: "ftp://orders.example", via: "ERP_VPC" },
      expected: "The URL is neither https nor http.",
    },
    {
      name: "through a variable that is missing, without a fault of the URL",
      input: { url: "http://orders.example", via: `\${NOWHERE}` },
      expected: "$.upstreams.orders.via: The variable `NOWHERE` is not set.",
    },
    {
      name: "with no time for a pause",
      input: { service: "ORDERS", idleTimeoutMs: 0 },
      expected: "0 is too small. The minimum is 1.",
    },
    {
      name: "with too much time for a pause",
      input: { service: "ORDERS", idleTimeoutMs: 600_001 },
      expected: "600001 is too large.",
    },
    { name: "with no time", input: { service: "ORDERS", timeoutMs: 0 }, expected: "0 is too small. The minimum is 1." },
    { name: "with too much time", input: { service: "ORDERS", timeoutMs: 600_001 }, expected: "600001 is too large." },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(withUpstream(input))).toEqual([expect.stringContaining(expected)]);
  });

  test("not when it waits just as long as it may", () => {
    expect(upstreamOf({ service: "ORDERS", timeoutMs: 600_000 })?.timeoutMs).toBe(600_000);
  });
});
