import type { FeatureName } from "../../../src/features/usage/used-features.ts";
import { policyFile, policyFileWith, policyFileWithRoute } from "./policy-file.ts";

const ISSUER = { issuer: "https://issuer.example", profile: "cognito" };
const ORDERS = { url: "https://orders.example" };

/** For each feature, a policy that uses it and no other. */
export const FEATURE_POLICIES: Readonly<Record<FeatureName, object>> = {
  assertion: policyFileWith({
    assertion: {
      issuer: "https://gateway.example",
      trustDomain: "internal.example",
      keys: { secret: "SIGNING_KEYS" },
    },
    upstreams: { orders: { ...ORDERS, assertion: true } },
  }),
  binding: policyFileWith({ issuers: { main: { ...ISSUER, binding: { mtls: "required" } } } }),
  conditions: policyFileWithRoute({ scopes: [{ allOf: ["read:orders", { claim: "/tier", in: ["gold"] }] }] }),
  dpop: policyFileWith({ dpop: {} }),
  "idle-timeout": policyFileWith({ upstreams: { orders: { ...ORDERS, idleTimeoutMs: 1000 } } }),
  mcp: policyFileWith({
    issuers: { main: { ...ISSUER, audiences: ["https://orders.example/mcp"] } },
    routes: [
      ...policyFile().routes,
      { path: "/mcp", upstream: "orders", mcp: { tools: { get_order: { scopes: ["read:orders"] } } } },
    ],
  }),
  "own-headers": policyFileWith({ upstreams: { orders: { ...ORDERS, headers: { "x-env": "prod" } } } }),
  report: policyFileWithRoute({ scopes: ["read:orders"], report: { until: "2020-01-31" } }),
  "rate-limits": {
    ...policyFileWithRoute({ scopes: ["read:orders"], rateLimit: ["standard"] }),
    rateLimits: { standard: { binding: "RL_STANDARD", limit: 2, periodSeconds: 60, by: "client" } },
  },
  revocation: policyFileWith({ revocation: {} }),
  "route-hosts": {
    ...policyFileWithRoute({ scopes: ["read:orders"], hosts: ["gateway.example"] }),
    hosts: ["gateway.example"],
  },
  shadow: policyFileWith({ shadow: "routes.next.json" }),
  "step-up": policyFileWithRoute({ scopes: ["read:orders"], authentication: { maxAgeSeconds: 300 } }),
  "strip-prefix": policyFileWith({ upstreams: { orders: { ...ORDERS, stripPrefix: "/orders" } } }),
  telemetry: policyFileWith({ telemetry: { allow: 0.5 } }),
  tenants: policyFileWith({
    issuers: {
      main: {
        issuer: "https://login.example/{tenant}",
        jwksUri: "https://login.example/keys",
        tenants: ["11111111-1111-1111-1111-111111111111"],
        tenantClaim: "tid",
        profile: "generic",
        audiences: ["api"],
      },
    },
  }),
};

/** All features, in the order of their names. */
export const FEATURE_NAMES = Object.keys(FEATURE_POLICIES).toSorted() as readonly FeatureName[];
