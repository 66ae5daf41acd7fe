import { describe, expect, it } from "vitest";
import { askedRequest } from "../../src/explain/asked-request.ts";

const open = { publicUrl: undefined, hosts: undefined };
const get = { method: "GET", path: "/orders", host: undefined };

describe("the request that a text means", () => {
  it.each([
    { name: "a path", input: get, expected: "https://gateway.invalid/orders" },
    { name: "a path with a query", input: { ...get, path: "/a?b=c" }, expected: "https://gateway.invalid/a?b=c" },
    { name: "a whole URL", input: { ...get, path: "https://api.example/a" }, expected: "https://api.example/a" },
    { name: "a fragment, which nobody sends", input: { ...get, path: "/a#b" }, expected: "https://gateway.invalid/a" },
    {
      name: "a host with a port",
      input: { ...get, host: "api.example:8443" },
      expected: "https://api.example:8443/orders",
    },
  ])("is read from $name", ({ input, expected }) => {
    expect(askedRequest(input, open)).toMatchObject({ ok: true, value: { method: "GET", url: expected } });
  });

  it.each([
    {
      name: "`publicUrl`",
      policy: { ...open, publicUrl: "https://api.example" },
      expected: "https://api.example/orders",
    },
    {
      name: "the first of `hosts`",
      policy: { ...open, hosts: new Set(["b.example", "a.example"]) },
      expected: "https://b.example/orders",
    },
    {
      name: "the first of `hosts`, because `publicUrl` is not served",
      policy: { publicUrl: "https://api.example", hosts: new Set(["a.example"]) },
      expected: "https://a.example/orders",
    },
  ])("is for the host of $name if it names none", ({ policy, expected }) => {
    expect(askedRequest(get, policy)).toMatchObject({ value: { url: expected } });
  });
});

describe("a text makes no request", () => {
  it.each([
    { name: "an empty method", input: { ...get, method: "" }, member: "method" },
    { name: "a method with a space", input: { ...get, method: "GET /" }, member: "method" },
    { name: "an empty path", input: { ...get, path: "" }, member: "path" },
    { name: "a path without a slash", input: { ...get, path: "orders" }, member: "path" },
    { name: "a URL that is none", input: { ...get, path: "https://" }, member: "path" },
    {
      name: "a host beside a whole URL",
      input: { ...get, path: "https://a.example/", host: "b.example" },
      member: "host",
    },
    { name: "a path in the host", input: { ...get, host: "a.example/b" }, member: "host" },
    { name: "an address that is none", input: { ...get, host: "256.1.1.1" }, member: "host" },
  ])("if it has $name", ({ input, member }) => {
    expect(askedRequest(input, open)).toMatchObject({ ok: false, failure: { member } });
  });

  it.each([
    { name: "a URL", input: { ...get, path: "https://user:hunter2@api.example/" }, member: "path" },
    { name: "a URL that cannot be read", input: { ...get, path: "https://user:hunter2@256.1.1.1/" }, member: "path" },
    { name: "a URL of another scheme", input: { ...get, path: "ftp://user:hunter2@api.example/" }, member: "path" },
    { name: "a URL without a scheme", input: { ...get, path: "user:hunter2@api.example/" }, member: "path" },
    { name: "a host", input: { ...get, host: "user:hunter2@api.example" }, member: "host" },
    { name: "a method", input: { ...get, method: "GET https://user:hunter2@api.example/" }, member: "method" },
  ])("if $name has credentials, which the message does not repeat", ({ input, member }) => {
    const asked = askedRequest(input, open);
    expect(asked).toMatchObject({ ok: false, failure: { member } });
    expect(JSON.stringify(asked)).not.toContain("hunter2");
  });
});
