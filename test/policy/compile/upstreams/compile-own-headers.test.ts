import { describe, expect, test } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const SECRET = "s3cr3t value";
const upstream = (headers: unknown, more: Record<string, unknown> = {}) =>
  policyFileWith({ upstreams: { orders: { url: "https://orders.example", headers, ...more } } });
const AT = "$.upstreams.orders.headers";

describe("the headers that the gateway sets", () => {
  test("are compiled in lower case, with variables in their values, in the order of the file", () => {
    const file = upstream({ "X-Env": `\${STAGE}`, Api_Key: { secret: "API_KEY" }, Authorization: { secret: "TOKEN" } });
    expect(compiled(file, { STAGE: "prod" }).upstreams.get("orders")?.headers).toEqual([
      { header: "x-env", value: { kind: "text", text: "prod" } },
      { header: "api_key", value: { kind: "secret", secret: "API_KEY" } },
      { header: "authorization", value: { kind: "secret", secret: "TOKEN" } },
    ]);
  });

  test.each([
    "cf-access-client-id",
    "cf-access-client-secret",
    "x-api-key",
    "x-auth-token",
    "accept",
    "user-agent",
    "x-forwarded-prefix",
    "ssl-client-cert",
    "impersonate-user",
  ])("may be %s", (name) => {
    expect(faultsOf(upstream({ [name]: "a" }))).toEqual([]);
  });

  const owned = (name: string) => `The header \`${name}\` belongs to HTTP or to the gateway.`;
  test.each([
    ...["connection", "transfer-encoding", "upgrade", "proxy-authorization"],
    ...["host", "cookie", "content-length", "content-type", "expect", "range", "if-match", "accept-encoding"],
    ...["x-http-method-override", "x-original-url", "X_Original_URL", "script-name"],
    ...["x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip", "cf-connecting-ip", "cdn-loop"],
    ...["via", "x-request-id", "traceparent", "tracestate", "dpop", "txn-token"],
  ])("cannot be %s", (name) => {
    expect(faultsOf(upstream({ [name]: "a" }))).toEqual([expect.stringContaining(owned(name))]);
  });

  test.each([
    { name: "no header name", input: { "x key": "a" }, expected: `${AT}["x key"]: This is not a header name.` },
    {
      name: "two spellings of one name",
      input: { "x-key": "a", X_Key: "b" },
      expected: "Some upstreams take this header for `x-key`, which is also set.",
    },
    { name: "an empty value", input: { "x-key": "" }, expected: `${AT}["x-key"]: ` },
    { name: "a space before", input: { "x-key": " a" }, expected: "The value cannot stand in a header as it is." },
    { name: "a space after", input: { "x-key": "a " }, expected: "The value cannot stand in a header as it is." },
    { name: "a tab inside", input: { "x-key": "a\tb" }, expected: `${AT}["x-key"]: ` },
    { name: "a line break", input: { "x-key": "a\r\nx-admin: true" }, expected: `${AT}["x-key"]: ` },
    { name: "other letters", input: { "x-key": "Zoë" }, expected: "The value cannot stand in a header as it is." },
    { name: "no value", input: { "x-key": null }, expected: `${AT}["x-key"]` },
    { name: "a number", input: { "x-key": 1 }, expected: `${AT}["x-key"]` },
    { name: "no secret", input: { "x-key": {} }, expected: `${AT}["x-key"]` },
    { name: "an empty secret", input: { "x-key": { secret: "" } }, expected: `${AT}["x-key"]` },
    { name: "more than a secret", input: { "x-key": { secret: "K", prefix: "a" } }, expected: `${AT}["x-key"]` },
  ])("are refused with $name", ({ input, expected }) => {
    expect(faultsOf(upstream(input))).toEqual([expect.stringContaining(expected)]);
  });

  test.each(["a b", "!", "~".repeat(8192)])("may have the value %j", (text) => {
    expect(faultsOf(upstream({ "x-key": text }))).toEqual([]);
  });

  test("do not repeat a secret that stands where its name should", () => {
    const faults = faultsOf(upstream({ "x-key": { secret: SECRET } }));
    expect(faults).toEqual([
      `${AT}["x-key"].secret: This cannot be the name of a secret. ` +
        "Write the name of the secret or of its binding, never its value.",
    ]);
    expect(faults.join()).not.toContain("s3cr3t");
  });

  test("do not repeat a value that a variable brings in", () => {
    expect(faultsOf(upstream({ "x-key": `\${KEY}` }), { KEY: "s3cr3t " }).join()).not.toContain("s3cr3t");
  });

  test("take the place of the caller's Authorization", () => {
    const headers = { Authorization: { secret: "KEY" } };
    expect(faultsOf(upstream(headers, { forwardAuthorization: true }))).toEqual([
      "$.upstreams.orders.forwardAuthorization: The upstream's `headers` set `authorization`, so the caller's cannot be " +
        "passed on. Remove one of them.",
    ]);
    expect(faultsOf(upstream(headers, { forwardAuthorization: false }))).toEqual([]);
  });
});
