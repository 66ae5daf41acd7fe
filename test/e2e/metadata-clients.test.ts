/** Protected resource metadata as a strict client reads it (RFC 9728 3.3): `oauth4webapi` against a real gateway. */
import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fullName, gatewayPolicy } from "../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";

const ON_LOOPBACK = { [oauth.allowInsecureRequests]: true };
const CRM = "https://crm.example";

let issuer: TestIssuer;
let other: TestIssuer;
let upstream: TestUpstream;
/** Three resources, two resource servers, and issuers that know full and short names. */
let gateway: TestGateway;

beforeAll(async () => {
  [issuer, other, upstream] = await Promise.all([startIssuer(), startIssuer(), startUpstream()]);
  const base = gatewayPolicy(issuer, upstream);
  const short = { issuer: other.url, profile: "generic", algorithms: ["ES256"], audiences: ["crm"] };
  gateway = await startGateway({
    policy: {
      ...base,
      issuers: { ...base.issuers, short },
      resourceServers: { ...base.resourceServers, [CRM]: { scopes: { "read:contacts": "" } } },
      resources: { "/mcp": { name: "Tools" }, "/crm/": {} },
      routes: [
        ...base.routes,
        { path: "/mcp", methods: ["POST"], scopes: ["read:products"], upstream: "echo" },
        { path: "/mcp/:session", methods: ["GET"], authenticated: true, upstream: "echo" },
        { path: "/crm/*", methods: ["GET"], scopes: ["read:contacts"], upstream: "echo" },
      ],
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop(), other?.stop()]);
});

const RESOURCES = [
  { path: "", scopes: ["read:products", "write:products"], name: undefined },
  { path: "/mcp", scopes: ["read:products"], name: "Tools" },
];

function bothForms(scopes: readonly string[]): readonly string[] {
  return [...scopes.map(fullName), ...scopes];
}

describe("a strict client", () => {
  it.each(RESOURCES)("finds the metadata by the identifier alone: '$path'", async ({ path, scopes, name }) => {
    const identifier = new URL(gateway.origin + path);
    const metadata = await oauth.processResourceDiscoveryResponse(
      identifier,
      await oauth.resourceDiscoveryRequest(identifier, ON_LOOPBACK),
    );
    expect(metadata).toMatchObject({
      resource: gateway.origin + path,
      authorization_servers: [issuer.url, other.url],
      scopes_supported: bothForms(scopes),
    });
    expect(metadata.resource_name).toBe(name);
  });

  it("finds that of a resource with a slash at its end", async () => {
    const identifier = new URL(`${gateway.origin}/crm/`);
    const response = await oauth.resourceDiscoveryRequest(identifier, ON_LOOPBACK);
    expect(await oauth.processResourceDiscoveryResponse(identifier, response)).toMatchObject({
      resource: `${gateway.origin}/crm/`,
      scopes_supported: [`${CRM}/read:contacts`, "read:contacts"],
    });
  });

  it.each([
    { method: "POST", path: "/mcp", resource: "/mcp", scope: bothForms(["read:products"]).join(" ") },
    { method: "GET", path: "/mcp/7", resource: "/mcp", scope: undefined },
    { method: "GET", path: "/crm/contacts", resource: "/crm/", scope: `${CRM}/read:contacts read:contacts` },
    { method: "GET", path: "/products", resource: "", scope: bothForms(["read:products"]).join(" ") },
  ])("follows the challenge to $method $path", async ({ method, path, resource, scope }) => {
    const token = scope === undefined ? "malformed" : await issuer.token({ scope: "" });
    const parameters = await challengeTo(token, method, path);
    expect(parameters.scope).toBe(scope);
    const identifier = new URL(gateway.origin + resource);
    const response = await fetch(parameters.resource_metadata ?? "");
    expect(await oauth.processResourceDiscoveryResponse(identifier, response)).toMatchObject({
      resource: gateway.origin + resource,
    });
    expect(upstream.received).toEqual([]);
  });

  it.each([
    { name: "a path beneath a resource", path: "/mcp/7" },
    { name: "a resource server's identifier", path: "/api.myecommerce.com" },
    { name: "a path that only begins like a resource", path: "/mcps" },
  ])("finds nothing for $name", async ({ path }) => {
    const identifier = new URL(gateway.origin + path);
    const response = await oauth.resourceDiscoveryRequest(identifier, ON_LOOPBACK);
    expect(response.status).toBe(404);
    await expect(oauth.processResourceDiscoveryResponse(identifier, response)).rejects.toThrow();
  });

  it("refuses the document of another resource", async () => {
    const response = await oauth.resourceDiscoveryRequest(new URL(gateway.origin), ON_LOOPBACK);
    const identifier = new URL(`${gateway.origin}/mcp`);
    await expect(oauth.processResourceDiscoveryResponse(identifier, response)).rejects.toThrow(/"resource"/);
  });
});

/** The parameters of the one challenge to a request with a token that does not open it, as the library parses them. */
async function challengeTo(token: string, method: string, path: string) {
  const url = new URL(gateway.origin + path);
  const request = oauth.protectedResourceRequest(token, method, url, undefined, undefined, ON_LOOPBACK);
  const error: unknown = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof oauth.WWWAuthenticateChallengeError)) throw new Error("The request was not challenged.");
  const [challenge, ...others] = error.cause;
  expect(others).toEqual([]);
  return challenge?.parameters ?? {};
}
