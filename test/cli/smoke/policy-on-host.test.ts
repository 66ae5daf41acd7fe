import { describe, expect, it } from "vitest";
import { policyOnHost } from "../../../src/cli/smoke/policy-on-host.ts";
import { permittedPath, protectedPath } from "../../../src/cli/smoke/smoke-requests.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const open = { path: "/a", methods: ["GET"], public: true, upstream: "orders" };
const read = { path: "/a", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
const hosts = ["api.example", "admin.example"];

describe("a policy whose routes name hosts", () => {
  const routes = [read, { ...open, hosts: ["admin.example"] }, { ...read, path: "/b", hosts: ["admin.example"] }];
  const policy = compiled(policyFileWith({ hosts, publicUrl: "https://api.example", routes }));

  it.each([
    { origin: "https://api.example", index: 0, publicUrl: "https://api.example", path: "/a" },
    { origin: "https://admin.example:8443", index: 1, publicUrl: undefined, path: "/b" },
  ])("is what $origin serves", ({ origin, index, publicUrl, path }) => {
    const here = policyOnHost(policy, origin);
    expect(here.table.match("/a")?.byMethod.get("GET")?.index).toBe(index);
    expect([here.publicUrl, here.byHost]).toEqual([publicUrl, undefined]);
    expect(protectedPath(here)).toBe(path);
  });
});

it("any other policy is the same", () => {
  const policy = compiled(policyFileWith({ hosts, routes: [read] }));
  expect(policyOnHost(policy, "https://admin.example")).toBe(policy);
});

it("a GET that would open a stream of messages is not tried with a token", async () => {
  const any = { authenticated: true };
  const mcp = { path: "/mcp", upstream: "orders", mcp: { tools: { get: any }, streams: any } };
  const policy = compiled(policyFileWith({ routes: [mcp] }));
  expect([protectedPath(policy), await permittedPath(policy, "token", 0)]).toEqual(["/mcp", undefined]);
});
