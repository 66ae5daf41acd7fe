import { describe, expect, it } from "vitest";
import { SAFE_ENVIRONMENT, safePolicy, safeWrangler } from "../../support/cli/deployable.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const RATE_LIMIT = { name: "RL", namespace_id: "1001", simple: { limit: 100, period: 60 } };
const REAL_ID = "0f2ac74b498b48028cb68387c421e279";
const { vars: VARS } = SAFE_ENVIRONMENT;

interface Shown {
  readonly code: string;
  readonly severity: string;
  readonly path: string;
  readonly message: string;
  readonly fix: string;
  readonly file?: string;
  readonly line: number;
  readonly environments?: readonly string[];
}

async function findings(wrangler: unknown, policy: unknown = safePolicy(), file = "wrangler.json") {
  const folder = scratch.folder();
  folder.write(file, wrangler);
  const { exitCode, stdout } = await scopegate("check", "--policy", folder.write("routes.json", policy), "--json");
  const { findings: all } = JSON.parse(stdout) as { findings: readonly Shown[] };
  // The only finding of the local top level.
  return { exitCode, found: all.filter(({ code }) => code !== "http-upstream") };
}

/** Holes of the environment `production`, and the same settings without the hole. */
const HOLES: readonly {
  readonly name: string;
  readonly hole: Readonly<Record<string, unknown>>;
  readonly twin: Readonly<Record<string, unknown>>;
  readonly top?: Readonly<Record<string, unknown>>;
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly expected: string;
  readonly hint: string;
}[] = [
  {
    name: "workers.dev is open",
    hole: { workers_dev: true },
    twin: { workers_dev: false },
    expected: "error workers-dev $.env.production.workers_dev",
    hint: "workers_dev = false",
  },
  {
    name: "workers.dev is inherited as open",
    hole: {},
    twin: { workers_dev: false },
    top: { workers_dev: true },
    expected: "error workers-dev $.env.production.workers_dev",
    hint: "workers_dev = false",
  },
  {
    name: "workers.dev is not mentioned, which opens it where there is no route",
    hole: {},
    twin: { workers_dev: false },
    top: { workers_dev: undefined },
    expected: "error workers-dev $.env.production.workers_dev",
    hint: "workers_dev = false",
  },
  {
    name: "versions have URLs",
    hole: { preview_urls: true },
    twin: { preview_urls: false },
    expected: "error version-urls $.env.production.preview_urls",
    hint: "preview_urls = false",
  },
  {
    name: "URLs of versions are not mentioned, which leaves them as they were",
    hole: {},
    twin: { preview_urls: false },
    top: { preview_urls: undefined },
    expected: "error version-urls $.env.production.preview_urls",
    hint: "preview_urls = false",
  },
  {
    name: "previews have URLs below the custom domain",
    hole: { routes: [{ pattern: "api.acme.dev", custom_domain: true, previews_enabled: true }] },
    twin: { routes: [{ pattern: "api.acme.dev", custom_domain: true, previews_enabled: false }] },
    expected: "error version-urls $.env.production.routes[0].previews_enabled",
    hint: "Remove it",
  },
  ...[
    "api.acme.dev/v1/*",
    "api.acme.dev/",
    "api.acme.dev",
    "api.acme.dev/*.json",
    "api.acme.dev*",
    "https://api.acme.dev/*",
    "http://api.acme.dev/*",
    "api.acme.dev/v1",
  ].map((pattern) => ({
    name: `the pattern ${pattern} leaves requests to the origin`,
    hole: { routes: [{ pattern, zone_name: "acme.dev" }] },
    twin: { routes: [{ pattern: "api.acme.dev/*", zone_name: "acme.dev" }] },
    expected: "error partial-route $.env.production.routes[0]",
    hint: "custom_domain = true",
  })),
  ...["api.acme.dev/v1", "api.acme.dev/*", "*.acme.dev", "api.acme.dev:8443"].map((pattern) => ({
    name: `the custom domain ${pattern} is no host name`,
    hole: { routes: [{ pattern, custom_domain: true }], vars: { ...VARS, ORDERS_URL: "https://orders.acme.net" } },
    twin: { routes: [{ pattern: "api.acme.dev", custom_domain: true }] },
    expected: "error partial-route $.env.production.routes[0]",
    hint: pattern.startsWith("*") ? "Name each host" : "Write `api.acme.dev`.",
  })),
  {
    name: "the pattern of `route` leaves requests to the origin",
    hole: { routes: undefined, route: "api.acme.dev/orders/*" },
    twin: { routes: undefined, route: "api.acme.dev/*" },
    expected: "error partial-route $.env.production.route",
    hint: "api.acme.dev/*",
  },
  {
    name: "the second pattern leaves requests for its host to the origin",
    hole: { routes: ["api.acme.dev/*", "shop.acme.dev/api/*"] },
    twin: { routes: ["api.acme.dev/*", "shop.acme.dev/api/*", "shop.acme.dev/*"] },
    expected: "error partial-route $.env.production.routes[1]",
    hint: "shop.acme.dev",
  },
  ...["*.acme.dev/*", "*acme.dev/*", "*/*"].map((pattern) => ({
    name: `the pattern ${pattern} takes hosts that nobody listed`,
    hole: { routes: [{ pattern, zone_name: "acme.dev" }], vars: { ...VARS, ORDERS_URL: "https://orders.acme.net" } },
    twin: { vars: { ...VARS, ORDERS_URL: "https://orders.acme.net" } },
    expected: "error partial-route $.env.production.routes[0]",
    hint: "`hosts`",
  })),
  {
    name: "an upstream is the custom domain",
    hole: { vars: { ...VARS, ORDERS_URL: "https://API.acme.dev:8443/internal" } },
    twin: { vars: { ...VARS, ORDERS_URL: "https://api.acme.dev.internal.acme.net" } },
    expected: "error upstream-loop $.upstreams.orders.url",
    hint: "address of the service itself",
  },
  {
    name: "an upstream is a host of a pattern",
    hole: { routes: ["api.acme.dev/*"], vars: { ...VARS, ORDERS_URL: "https://api.acme.dev./" } },
    twin: { routes: ["api.acme.dev/*"] },
    expected: "error upstream-loop $.upstreams.orders.url",
    hint: "address of the service itself",
  },
  {
    name: "an upstream is one of `hosts`",
    hole: { vars: { ...VARS, ORDERS_URL: "https://www.acme.dev" } },
    twin: {},
    policy: { hosts: ["api.acme.dev", "www.acme.dev"] },
    expected: "error upstream-loop $.upstreams.orders.url",
    hint: "address of the service itself",
  },
  {
    name: "an upstream is the host of `publicUrl`",
    hole: { vars: { ...VARS, ORDERS_URL: "https://www.acme.dev/orders" } },
    twin: {},
    policy: { publicUrl: "https://www.acme.dev" },
    expected: "error upstream-loop $.upstreams.orders.url",
    hint: "address of the service itself",
  },
  {
    name: "an upstream is the Worker at workers.dev",
    hole: { vars: { ...VARS, ORDERS_URL: "https://gateway-production.acme.workers.dev" } },
    twin: { vars: { ...VARS, ORDERS_URL: "https://orders.acme.workers.dev" } },
    expected: "error upstream-loop $.upstreams.orders.url",
    hint: "address of the service itself",
  },
  {
    name: "the service of an upstream is the Worker",
    hole: { services: [{ binding: "ORDERS", service: "gateway-production" }] },
    twin: { services: [{ binding: "ORDERS", service: "orders" }] },
    top: { services: [{ binding: "ORDERS", service: "orders" }] },
    policy: { upstreams: { orders: { service: "ORDERS" } } },
    expected: "error upstream-loop $.upstreams.orders.service",
    hint: "service binding",
  },
  {
    name: "the `via` of an upstream is the Worker",
    hole: { services: [{ binding: "ORDERS", service: "gateway-production" }] },
    twin: { services: [{ binding: "ORDERS", service: "orders" }] },
    top: { services: [{ binding: "ORDERS", service: "orders" }] },
    policy: { upstreams: { orders: { url: "https://api.acme.dev", via: "ORDERS" } } },
    expected: "error upstream-loop $.upstreams.orders.via",
    hint: "service binding",
  },
  {
    name: "an upstream with a certificate is the custom domain",
    hole: { mtls_certificates: [{ binding: "ORDERS", certificate_id: "a" }] },
    twin: { vpc_services: [{ binding: "ORDERS", service_id: "a" }] },
    top: { mtls_certificates: [{ binding: "ORDERS", certificate_id: "a" }] },
    policy: { upstreams: { orders: { url: "https://api.acme.dev", via: "ORDERS" } } },
    expected: "error upstream-loop $.upstreams.orders.url",
    hint: "address of the service itself",
  },
  ...["0".repeat(32), `${"0".repeat(31)}2`, "0123456789abcdef".repeat(2), "YOUR_KV_ID", "<id>"].map((id) => ({
    name: `the KV namespace has the id ${id}`,
    hole: { kv_namespaces: [{ binding: "JWKS", id }] },
    twin: { kv_namespaces: [{ binding: "JWKS", id: REAL_ID }] },
    expected: "error made-up-namespace $.env.production.kv_namespaces[0].id",
    hint: "Remove the id",
  })),
  {
    name: "the top level has the same KV namespace",
    hole: { kv_namespaces: [{ binding: "JWKS", id: REAL_ID }] },
    twin: { kv_namespaces: [{ binding: "JWKS", id: `${REAL_ID.slice(1)}1` }] },
    top: { kv_namespaces: [{ binding: "JWKS", id: REAL_ID }] },
    expected: "error shared-namespace $.env.production.kv_namespaces[0].id",
    hint: "of its own",
  },
  {
    name: "the top level has the same KV namespace for revocations",
    hole: { kv_namespaces: [{ binding: "JWKS" }, { binding: "REVOCATIONS", id: REAL_ID }] },
    twin: { kv_namespaces: [{ binding: "JWKS" }, { binding: "REVOCATIONS", id: `${REAL_ID.slice(1)}1` }] },
    top: { kv_namespaces: [{ binding: "JWKS" }, { binding: "REVOCATIONS", id: REAL_ID }] },
    expected: "error shared-namespace $.env.production.kv_namespaces[1].id",
    hint: "of its own",
  },
  {
    name: "the top level has the same KV namespace, in upper case",
    hole: { kv_namespaces: [{ binding: "JWKS", id: REAL_ID }] },
    twin: { kv_namespaces: [{ binding: "JWKS", id: `${REAL_ID.slice(1)}1` }] },
    top: { kv_namespaces: [{ binding: "JWKS", id: REAL_ID.toUpperCase() }] },
    expected: "error shared-namespace $.env.production.kv_namespaces[0].id",
    hint: "of its own",
  },
  {
    name: "the top level counts requests together",
    hole: { ratelimits: [RATE_LIMIT] },
    twin: { ratelimits: [{ ...RATE_LIMIT, namespace_id: "1002" }] },
    top: { ratelimits: [RATE_LIMIT] },
    expected: "warning shared-rate-limit $.env.production.ratelimits[0].namespace_id",
    hint: "of its own",
  },
  {
    name: "wrangler dev --remote has the same KV namespace",
    hole: { kv_namespaces: [{ binding: "JWKS", id: REAL_ID, preview_id: REAL_ID }] },
    twin: { kv_namespaces: [{ binding: "JWKS", id: REAL_ID, preview_id: `${REAL_ID.slice(1)}1` }] },
    expected: "error shared-namespace $.env.production.kv_namespaces[0].id",
    hint: "preview_id",
  },
  {
    name: "there is no KV namespace, because environments do not inherit it",
    hole: { kv_namespaces: undefined },
    twin: {},
    expected: "error missing-binding $.env.production",
    hint: "KV namespace",
  },
  {
    name: "there is no VERSION, because environments do not inherit it",
    hole: { version_metadata: undefined },
    twin: {},
    expected: "error missing-binding $.env.production",
    hint: "does not inherit",
  },
  ...[
    { services: [{ binding: "BILLING", service: "billing" }] },
    { queues: { producers: [{ binding: "JOBS", queue: "jobs" }] } },
    { analytics_engine_datasets: [{ binding: "METRICS" }] },
    { durable_objects: { bindings: [{ name: "GUARD", class_name: "Guard", script_name: "guard" }] } },
  ].map((binding) => ({
    name: `a binding of ${Object.keys(binding)[0]} is at the top level only`,
    hole: {},
    twin: binding,
    top: binding,
    expected: "error missing-binding $.env.production",
    hint: "does not inherit",
  })),
  {
    name: "a binding of ratelimits is at the top level only",
    hole: {},
    twin: { ratelimits: [{ ...RATE_LIMIT, namespace_id: "1002" }] },
    top: { ratelimits: [RATE_LIMIT] },
    expected: "error missing-binding $.env.production",
    hint: "does not inherit",
  },
  {
    name: "fetch reaches the own zone directly",
    hole: { compatibility_flags: [] },
    twin: { compatibility_flags: ["global_fetch_strictly_public", "nodejs_compat"] },
    expected: "error private-fetch $.env.production.compatibility_flags",
    hint: "global_fetch_strictly_public",
  },
  {
    name: "static assets are served in front of the gateway",
    hole: { assets: { directory: "public" } },
    twin: { assets: { directory: "public", run_worker_first: true } },
    expected: "error static-assets $.env.production.assets",
    hint: "Remove `assets`",
  },
  {
    name: "some static assets are served in front of the gateway",
    hole: { assets: { directory: "public", run_worker_first: ["/api/*"] } },
    twin: { assets: { directory: "public", run_worker_first: true } },
    expected: "error static-assets $.env.production.assets",
    hint: "Remove `assets`",
  },
  {
    name: "Cloudflare's cache answers for the gateway",
    hole: { cache: { enabled: true } },
    twin: { cache: { enabled: false } },
    expected: "error response-cache $.env.production.cache",
    hint: "Remove `cache`",
  },
  {
    name: "invocation logs are on",
    hole: { observability: { enabled: true, redact_query_string: true } },
    twin: { observability: { enabled: false } },
    expected: "error request-logs $.env.production.observability.logs.invocation_logs",
    hint: "invocation_logs = false",
  },
  {
    name: "queries are in the logs",
    hole: { observability: { logs: { enabled: true, invocation_logs: false } } },
    twin: { observability: { redact_query_string: true, logs: { enabled: true, invocation_logs: false } } },
    expected: "error request-logs $.env.production.observability.redact_query_string",
    hint: "redact_query_string = true",
  },
  {
    name: "queries are in the traces",
    hole: { observability: { traces: { enabled: true } } },
    twin: { observability: { redact_query_string: true, traces: { enabled: true } } },
    expected: "error request-logs $.env.production.observability.redact_query_string",
    hint: "redact_query_string = true",
  },
  {
    name: "a Tail Worker gets the requests",
    hole: { tail_consumers: [{ service: "tail" }] },
    twin: { tail_consumers: [] },
    expected: "warning tail-consumer $.env.production.tail_consumers",
    hint: "Remove it",
  },
  {
    name: "metadata overrides the settings",
    hole: { unsafe: { metadata: { anything: true } } },
    twin: { unsafe: {} },
    expected: "warning unsafe-setting $.env.production.unsafe",
    hint: "Remove it",
  },
  {
    name: "no log line can name the version",
    hole: { version_metadata: undefined },
    twin: {},
    top: { version_metadata: undefined },
    expected: "warning missing-version $.env.production",
    hint: "version_metadata",
  },
  {
    name: "nothing fetches keys in time",
    hole: { triggers: { crons: [] } },
    twin: { triggers: { crons: ["*/5 * * * *"] } },
    expected: "warning missing-cron $.env.production.triggers",
    hint: "triggers",
  },
  {
    name: "nothing bounds a request",
    hole: { limits: { cpu_ms: 100 } },
    twin: { limits: { cpu_ms: 100, subrequests: 50 } },
    expected: "notice no-limits $.env.production.limits",
    hint: "subrequests = 50",
  },
  {
    name: "the domain is that of an example",
    hole: { routes: [{ pattern: "api.example.com", custom_domain: true }] },
    twin: {},
    expected: "notice placeholder $.env.production.routes[0]",
    hint: "Replace it",
  },
  {
    name: "a var is a placeholder",
    hole: { vars: { ...VARS, ORDERS_URL: "https://orders.myecommerce.com" } },
    twin: {},
    expected: "notice placeholder $.env.production.vars.ORDERS_URL",
    hint: "Replace it",
  },
  {
    name: "an issuer in the policy is a placeholder",
    hole: {},
    twin: { limits: { cpu_ms: 50, subrequests: 50 } },
    policy: {
      issuers: { cognito: { issuer: "https://issuer.example.org", profile: "cognito", registeredClientsOnly: true } },
    },
    expected: "notice placeholder $.issuers.cognito.issuer",
    hint: "Replace it",
  },
];

describe("where one setting of an environment is a hole", () => {
  it.each(HOLES)("$name: $expected", async ({ hole, top, policy, expected, hint }) => {
    const { exitCode, found } = await findings(safeWrangler(hole, top), safePolicy(policy));
    expect(found.map(({ severity, code, path }) => `${severity} ${code} ${path}`)).toEqual([expected]);
    expect(found[0]?.environments).toEqual(["production"]);
    expect(found[0]?.fix).toContain(hint);
    expect(exitCode).toBe(expected.startsWith("error") ? 1 : 0);
  });

  it.each(HOLES.filter(({ expected }) => !expected.endsWith("$.issuers.cognito.issuer")))(
    "finds nothing without it: $name",
    async ({ twin, top, policy }) => {
      expect(await findings(safeWrangler(twin, top), safePolicy(policy))).toEqual({ exitCode: 0, found: [] });
    },
  );
});

describe("with `hosts`, the gateway answers every other host with 421, so", () => {
  it.each([
    { name: "workers.dev may be open", settings: { workers_dev: true } },
    { name: "versions may have URLs", settings: { preview_urls: true } },
    { name: "a pattern may take all hosts of a zone", settings: { routes: ["*.acme.dev/*"] } },
  ])("$name", async ({ settings }) => {
    const vars = { ...VARS, ORDERS_URL: "https://orders.acme.net" };
    const policy = safePolicy({ hosts: ["api.acme.dev"] });
    expect(await findings(safeWrangler({ ...settings, vars }), policy)).toEqual({ exitCode: 0, found: [] });
  });

  it("a pattern must still take all paths", async () => {
    const policy = safePolicy({ hosts: ["api.acme.dev"] });
    const { found } = await findings(safeWrangler({ routes: ["*.acme.dev/v1/*"] }), policy);
    expect(found.map(({ code }) => code)).toContain("partial-route");
  });
});

describe("the top level", () => {
  const open = { workers_dev: true, preview_urls: true, kv_namespaces: [{ binding: "JWKS", id: "0".repeat(32) }] };

  it("is not checked if it is for this machine", async () => {
    const wrangler = safeWrangler({ workers_dev: false, preview_urls: false }, open);
    expect(await findings(wrangler)).toEqual({ exitCode: 0, found: [] });
  });

  it.each([
    { name: "its addresses are public", top: { vars: VARS } },
    { name: "one of its upstreams is public", top: { vars: { ...VARS, ISSUER_URL: "http://localhost:8788/pool" } } },
    { name: "it has a route", top: { routes: ["dev.acme.dev/*"] } },
  ])("is checked if $name", async ({ top }) => {
    const wrangler = safeWrangler({ workers_dev: false, preview_urls: false }, { ...open, ...top });
    const { exitCode, found } = await findings(wrangler);
    expect(exitCode).toBe(1);
    expect(found.map(({ code, path }) => `${code} ${path}`)).toEqual(
      expect.arrayContaining([
        "workers-dev $.workers_dev",
        "version-urls $.preview_urls",
        "made-up-namespace $.kv_namespaces[0].id",
      ]),
    );
  });

  it("is checked where there is no other environment", async () => {
    const { env: _, ...alone } = safeWrangler({}, { vars: VARS, workers_dev: true });
    const { found } = await findings(alone);
    expect(found.map(({ code, path }) => `${code} ${path}`)).toEqual(["workers-dev $.workers_dev"]);
  });
});

it("tells errors of a deployment, and no notice, while the policy has a fault", async () => {
  const wrangler = safeWrangler({ workers_dev: true, limits: undefined });
  const { found } = await findings(wrangler, safePolicy({ realm: "" }));
  expect(found.map(({ code }) => code)).toEqual(["invalid", "workers-dev"]);
});

describe("the place of a finding", () => {
  const settings = safeWrangler();
  it("is a line of wrangler.json", async () => {
    const text = JSON.stringify(safeWrangler({ workers_dev: true }), null, 2);
    const line = text.split("\n").findIndex((it) => it.includes('"workers_dev": true')) + 1;
    const { found } = await findings(text);
    expect(found).toMatchObject([{ file: expect.stringMatching(/wrangler\.json$/), line }]);
  });

  it("is a line of wrangler.jsonc, whose comments count", async () => {
    const json = JSON.stringify({ ...settings, preview_urls: true }, null, 2);
    const text = `// "preview_urls": false,\n/* two\nlines */\n${json.replace(/\n}$/, ",\n}")}`;
    const line = text.split("\n").findIndex((it) => it.includes('"preview_urls": true')) + 1;
    const { found } = await findings(text, safePolicy(), "wrangler.jsonc");
    expect(found).toMatchObject([{ code: "version-urls", path: "$.env.production.preview_urls" }]);
    expect(found[0]?.line).toBeGreaterThan(line);
  });

  it("is a line of wrangler.toml, and that of the environment where the setting is missing", async () => {
    const text = `
name = "gateway"
main = "index.ts"
compatibility_date = "2026-08-01"
compatibility_flags = ["global_fetch_strictly_public"]
workers_dev = false
triggers = { crons = ["*/5 * * * *"] }
kv_namespaces = [{ binding = "JWKS" }]
vars = { ISSUER_URL = "http://127.0.0.1:8788/local_pool", ORDERS_URL = "http://127.0.0.1:8790" }

[env.production]
version_metadata = { binding = "VERSION" }
limits = { cpu_ms = 100, subrequests = 50 }

[[env.production.kv_namespaces]]
binding = "JWKS"
id = "00000000000000000000000000000000"

[env.production.vars]
ISSUER_URL = "${VARS.ISSUER_URL}"
ORDERS_URL = "https://orders.example.com"
`;
    const { found } = await findings(text, safePolicy(), "wrangler.toml");
    expect(found.map(({ code, line }) => `${code} ${line}`)).toEqual([
      "version-urls 11",
      "made-up-namespace 17",
      "placeholder 21",
    ]);
  });

  it("stands in front of the finding, in text, too", async () => {
    const folder = scratch.folder();
    const wrangler = folder.write("wrangler.json", safeWrangler({ workers_dev: true }));
    const policy = folder.write("routes.json", safePolicy());
    const { stdout } = await scopegate("check", "--policy", policy);
    expect(stdout).toMatch(
      new RegExp(`^${wrangler}:\\d+:\\d+: error workers-dev: .* \\(production\\)\n    \\$\\.env`, "m"),
    );
  });
});
