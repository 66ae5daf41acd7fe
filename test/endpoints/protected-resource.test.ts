import { describe, expect, it } from "vitest";
import { protectedResource } from "../../src/endpoints/protected-resource.ts";
import type { Issuer, Policy, ProtectedResource } from "../../src/policy/policy.ts";
import { API, EXAMPLE_SCOPES, ISSUER_URL, issuerOf, policyOf } from "../support/policy/example-policy.ts";

const TENANT = "11111111-1111-4111-8111-111111111111";
const ORIGIN = "https://gw.example";
const TOOLS: ProtectedResource = {
  path: "/mcp/tools",
  name: "Tools",
  scopes: [`${API}/read:orders`, `${API}/write:orders`],
  acceptsTokens: true,
};
const NAMELESS: ProtectedResource = { path: "/caf%C3%A9/", name: undefined, scopes: [], acceptsTokens: true };
const PUBLIC: ProtectedResource = { path: "/public", name: undefined, scopes: [], acceptsTokens: false };
const SELF: ProtectedResource = { path: "", name: "All", scopes: [`${API}/read:products`], acceptsTokens: true };

function policyWith(
  resources: readonly ProtectedResource[],
  issuers: readonly Issuer[] = [issuerOf(), issuerOf({ name: "b", issuer: "https://b.example" })],
): Policy {
  return policyOf(issuers, EXAMPLE_SCOPES, { resources: new Map(resources.map((it) => [it.path, it])) });
}

describe("protectedResource", () => {
  const policy = policyWith([TOOLS, NAMELESS, PUBLIC, SELF]);
  const authorization_servers = [ISSUER_URL, "https://b.example"];

  it("describes the gateway", () => {
    expect(protectedResource(policy, "", ORIGIN)).toEqual({
      resource: ORIGIN,
      authorization_servers,
      scopes_supported: [`${API}/read:products`],
      bearer_methods_supported: ["header"],
      resource_name: "All",
    });
  });

  it("describes a resource beneath it by exactly its identifier", () => {
    expect(protectedResource(policy, "/mcp/tools", ORIGIN)).toEqual({
      resource: "https://gw.example/mcp/tools",
      authorization_servers,
      scopes_supported: [`${API}/read:orders`, `${API}/write:orders`],
      bearer_methods_supported: ["header"],
      resource_name: "Tools",
    });
  });

  it("leaves out the name of a resource that has none, and keeps the slash at its end", () => {
    expect(protectedResource(policy, "/caf%C3%A9/", ORIGIN)).toEqual({
      resource: "https://gw.example/caf%C3%A9/",
      authorization_servers,
      bearer_methods_supported: ["header"],
    });
  });

  it.each([
    {
      name: "names the iss of each listed tenant",
      accepted: new Set([TENANT]),
      expected: [ISSUER_URL, `https://login.example/${TENANT}/v2.0`],
    },
    { name: "names no iss where any tenant is accepted", accepted: "any" as const, expected: [ISSUER_URL] },
  ])("$name", ({ accepted, expected }) => {
    const tenants = { before: "https://login.example/", after: "/v2.0", accepted, claim: ["tid"] };
    const entra = issuerOf({ name: "entra", issuer: "https://login.example/{tenant}/v2.0", tenants });
    const found = protectedResource(policyWith([SELF], [issuerOf(), entra]), "", ORIGIN);
    expect(found?.authorization_servers).toEqual(expected);
  });

  it("names only the issuers that its routes accept", () => {
    const partner = { ...TOOLS, issuers: ["b"] };
    expect(protectedResource(policyWith([partner]), TOOLS.path, ORIGIN)).toMatchObject({
      authorization_servers: ["https://b.example"],
      scopes_supported: [`${API}/read:orders`, `${API}/write:orders`],
    });
  });

  it("names no issuer where no route takes a token", () => {
    expect(protectedResource(policy, "/public", ORIGIN)).not.toHaveProperty("authorization_servers");
  });

  it.each(["/", "/mcp", "/mcp/", "/mcp/tools/", "/mcp/tools/x", "/MCP/tools", "/caf%C3%A9", "mcp/tools", `/${API}`])(
    "describes nothing else, such as '%s'",
    (path) => {
      expect(protectedResource(policy, path, ORIGIN)).toBeUndefined();
    },
  );

  it("does not describe the origin where it is no resource", () => {
    expect(protectedResource(policyWith([TOOLS]), "", ORIGIN)).toBeUndefined();
  });

  it("leaves out lists that would be empty", () => {
    expect(protectedResource(policyOf([], {}), "", ORIGIN)).toEqual({
      resource: ORIGIN,
      bearer_methods_supported: ["header"],
    });
  });

  it("names scopes as the accepted issuers do", () => {
    const short = policyWith([TOOLS], [issuerOf({ scopeNames: "short" })]);
    expect(protectedResource(short, TOOLS.path, ORIGIN)?.scopes_supported).toEqual(["read:orders", "write:orders"]);
  });

  it.each([
    { name: "all take certificates", modes: ["accepted", "required"] as const, expected: true },
    { name: "one takes none", modes: ["required", "refused"] as const, expected: undefined },
    { name: "none takes any", modes: ["refused", "refused"] as const, expected: undefined },
  ])("says whether tokens can be bound to certificates: of the issuers, $name", ({ modes, expected }) => {
    const issuers = modes.map((mtls, at) =>
      issuerOf({ name: `i${at}`, issuer: `https://i${at}.example`, binding: { dpop: "accepted", mtls } }),
    );
    const found = protectedResource(policyWith([SELF], issuers), "", ORIGIN);
    expect(found?.tls_client_certificate_bound_access_tokens).toBe(expected);
  });
});
