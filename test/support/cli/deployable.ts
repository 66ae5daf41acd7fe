/** The settings of an environment that `check` finds nothing in. */
export const SAFE_ENVIRONMENT = {
  name: "gateway-production",
  routes: [{ pattern: "api.acme.dev", custom_domain: true }],
  limits: { cpu_ms: 100, subrequests: 50 },
  version_metadata: { binding: "VERSION" },
  kv_namespaces: [{ binding: "JWKS" }],
  vars: {
    ISSUER_URL: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_q7Gx2LpR9",
    ORDERS_URL: "https://orders.acme.dev",
  },
};

/** A wrangler file that `check` finds nothing in: the top level is for this machine, `production` is deployed. */
export function safeWrangler(
  production: Readonly<Record<string, unknown>> = {},
  top: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    name: "gateway",
    main: "index.ts",
    compatibility_date: "2026-08-01",
    compatibility_flags: ["global_fetch_strictly_public"],
    workers_dev: false,
    preview_urls: false,
    observability: { enabled: true, redact_query_string: true, logs: { enabled: true, invocation_logs: false } },
    version_metadata: { binding: "VERSION" },
    triggers: { crons: ["*/5 * * * *"] },
    kv_namespaces: [{ binding: "JWKS" }],
    vars: { ISSUER_URL: "http://127.0.0.1:8788/local_pool", ORDERS_URL: "http://127.0.0.1:8790" },
    ...top,
    env: { production: { ...SAFE_ENVIRONMENT, ...production } },
  };
}

/** A policy for `safeWrangler`, without findings except at the local top level. */
export function safePolicy(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    issuers: { cognito: { issuer: `\${ISSUER_URL}`, profile: "cognito", registeredClientsOnly: true } },
    resourceServers: { api: { scopes: { "read:orders": "Read orders" } } },
    clients: { web: { scopes: ["read:orders"] } },
    upstreams: { orders: { url: `\${ORDERS_URL}` } },
    routes: [
      { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
      { path: "/orders/:id", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
    ],
    ...changes,
  };
}
