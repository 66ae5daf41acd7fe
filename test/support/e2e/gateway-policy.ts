import { API } from "../policy/example-policy.ts";
import type { TestIssuer } from "./test-issuer.ts";
import type { TestUpstream } from "./test-upstream.ts";

/** A member of `routes.json`. */
export type Members = Readonly<Record<string, unknown>>;

/** How `routes.json` refers to one of the Worker's vars. */
export const variable = (name: string): string => `\${${name}}`;

/** Full name of a scope of the running example. */
export const fullName = (scope: string): string => `${API}/${scope}`;

/**
 * A `routes.json` with the scopes of the running example, one issuer `main` in the shape of Cognito, one upstream
 * `echo`, and protected, authenticated and public routes. `changes` replaces or adds members at the top.
 */
export function gatewayPolicy(
  issuer: Pick<TestIssuer, "url">,
  upstream: Pick<TestUpstream, "origin">,
  changes: Members = {},
) {
  return {
    issuers: { main: { issuer: issuer.url, profile: "cognito", algorithms: ["ES256"] } },
    resourceServers: {
      [API]: {
        name: "E-commerce API",
        scopes: { "read:products": "", "write:products": "", "read:orders": "", "write:orders": "" },
      },
    },
    upstreams: { echo: { url: upstream.origin } },
    routes: [
      { path: "/products", methods: ["GET"], scopes: ["read:products"], upstream: "echo" },
      { path: "/products", methods: ["POST"], scopes: ["write:products"], upstream: "echo" },
      { path: "/me", methods: ["GET"], authenticated: true, upstream: "echo" },
      { path: "/open", methods: ["*"], public: true, upstream: "echo" },
    ],
    ...changes,
  };
}
