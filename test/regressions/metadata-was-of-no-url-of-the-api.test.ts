import { expect, it } from "vitest";
import { createChallenge } from "../../src/answer/challenge.ts";
import { Denial } from "../../src/answer/denial.ts";
import { protectedResource } from "../../src/endpoints/protected-resource.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

/**
 * With several resource servers, challenges named documents whose `resource` was made of a resource server's
 * identifier: `https://gw.example/crm.example`. Clients compare it with the URL that they call (RFC 9728 3.3, and the
 * MCP SDK), and gave up.
 */
it.each([{ resources: {} }, { resources: { "/mcp": {} } }, { resources: { "/mcp": {}, "/contacts": {}, "/": {} } }])(
  "the resource in the metadata contains the URL that was called: $resources",
  ({ resources }) => {
    const origin = "https://gw.example";
    const policy = compiled(
      policyFileWith({
        resources,
        resourceServers: {
          "https://api.example": { scopes: { "read:orders": "" } },
          "https://crm.example": { scopes: { "read:contacts": "" } },
        },
        routes: [
          { path: "/mcp", methods: ["POST"], scopes: ["read:orders"], upstream: "orders" },
          { path: "/contacts/all", methods: ["GET"], scopes: ["read:contacts"], upstream: "orders" },
          { path: "/both", methods: ["GET"], scopes: ["read:orders", "read:contacts"], upstream: "orders" },
        ],
      }),
    );
    const challenge = createChallenge(policy);
    for (const route of policy.routes) {
      const value = challenge(new Denial("credentials-missing"), route, origin) ?? "";
      const [, url = ""] = /resource_metadata="([^"]*)"/.exec(value) ?? [];
      const path = new URL(url).pathname.slice("/.well-known/oauth-protected-resource".length);
      const { resource = "" } = protectedResource(policy, path, origin) ?? {};
      expect(`${origin}${route.path}/`.startsWith(`${resource}/`)).toBe(true);
      // RFC 9728 3.1: the document is where a client that knows the resource alone looks for it.
      expect(resource).toBe(origin + path);
    }
  },
);
