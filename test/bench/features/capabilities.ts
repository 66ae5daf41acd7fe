import { newSigningKey } from "../../../src/local/plan/signing-key.ts";
import type { RequestForm } from "../load/requests.ts";
import type { ServedWorker } from "../served/served-worker.ts";

/** The parts of the shop's policy that capabilities change. */
export interface Shop {
  readonly issuers: Readonly<Record<string, object>>;
  readonly clients: Readonly<Record<string, object>>;
  readonly upstreams: Readonly<Record<string, object>>;
  readonly routes: readonly { readonly path: string; readonly methods?: readonly string[] }[];
}

/** Something that a policy can have, and most do not. */
export interface Capability {
  readonly name: string;
  /** The shop with the capability where the bench's requests meet it. */
  readonly used: (shop: Shop) => object;
  /**
   * The shop with the capability where none of the bench's requests meets it. Left out: a policy has it for all or
   * none.
   */
  readonly elsewhere?: (shop: Shop) => object;
  /** What its Worker needs besides the shop's. */
  readonly served?: Partial<Pick<ServedWorker, "vars" | "networks" | "standIns">>;
  /** Whether the shop itself is its candidate. */
  readonly hasCandidate?: boolean;
  /** What a use may cost at most, relative to the same request without it. Left out: nothing is promised. */
  readonly usedAtMost?: number;
  /** How its requests differ. With `message` they are compared with the same POST on a plain route. */
  readonly sends?: "proofs" | "message";
}

/** All tokens of this bench have it, so that all rows have the same tokens. */
export const GROUP_CLAIM = { "cognito:groups": ["staff"] };

const GRANTS = { "cognito:groups": { staff: ["read:orders"] } };
const OTHER_ISSUER = { issuer: "https://other.example/pool", profile: "cognito" };
const DPOP = { binding: { dpop: "required" } };
const ASSERTION = {
  ...{ issuer: "https://gateway.example", trustDomain: "internal.example" },
  keys: { secret: "ASSERTION_KEYS" },
};
const STANDARD = { binding: "RL_STANDARD", limit: 1_000_000, periodSeconds: 60, by: "client" };
const MESSAGES = { path: "/mcp", upstream: "products", mcp: { tools: { get_product: { scopes: ["read:products"] } } } };

/** A call of a tool, as clients of the older revisions send it. */
export const MESSAGE: RequestForm = {
  method: "POST",
  target: "/mcp",
  body: JSON.stringify({
    ...{ jsonrpc: "2.0", id: 1, method: "tools/call" },
    params: { name: "get_product", arguments: { id: "p-1" } },
  }),
  headerLines: ["mcp-protocol-version: 2025-11-25"],
};

export const CAPABILITIES: readonly Capability[] = [
  {
    name: "grants",
    used: (shop) => withIssuer(shop, "cognito", { grants: GRANTS }),
    elsewhere: (shop) => withOtherIssuer(shop, { grants: GRANTS }),
  },
  {
    name: "conditions",
    used: (shop) => withRoute(shop, "/products", { scopes: [inGroup("read:products")] }),
    elsewhere: (shop) => withRoute(shop, "/orders", { scopes: [inGroup("read:orders")] }),
  },
  {
    name: "rewriting",
    used: (shop) => withRoute(shop, "/products", { upstreamPath: "/v2/products" }),
    elsewhere: (shop) => withRoute(shop, "/orders", { upstreamPath: "/v2/orders" }),
  },
  {
    name: "via",
    used: (shop) => withUpstream(shop, "products", { via: "NETWORK" }),
    elsewhere: (shop) => withUpstream(shop, "orders", { via: "NETWORK" }),
    served: { networks: ["NETWORK"] },
  },
  {
    name: "assertion",
    used: (shop) => ({ ...withUpstream(shop, "products", { assertion: true }), assertion: ASSERTION }),
    elsewhere: (shop) => ({ ...withUpstream(shop, "orders", { assertion: true }), assertion: ASSERTION }),
    served: { vars: { ASSERTION_KEYS: JSON.stringify({ keys: [newSigningKey("ES256", "bench")] }) } },
  },
  {
    name: "dpop",
    used: (shop) => ({ ...withIssuer(shop, "cognito", DPOP), dpop: { maxAgeSeconds: 600 } }),
    elsewhere: (shop) => ({ ...withOtherIssuer(shop, DPOP), dpop: {} }),
    sends: "proofs",
  },
  {
    name: "rate-limit",
    used: (shop) => ({
      ...withRoute(shop, "/products", { rateLimit: ["standard"] }),
      rateLimits: { standard: STANDARD },
    }),
    elsewhere: (shop) => ({
      ...withRoute(shop, "/orders", { rateLimit: ["standard"] }),
      rateLimits: { standard: STANDARD },
    }),
    served: { standIns: { RL_STANDARD: "export default () => ({ limit: async () => ({ success: true }) });" } },
  },
  { name: "shadow", used: (shop) => ({ ...shop, shadow: "routes.next.json" }), hasCandidate: true },
  {
    name: "metrics",
    used: (shop) => ({ ...shop, telemetry: { metrics: "METRICS" } }),
    served: { standIns: { METRICS: "export default () => ({ writeDataPoint() {} });" } },
  },
  {
    name: "mcp",
    used: (shop) => ({ ...shop, routes: [...shop.routes, MESSAGES] }),
    elsewhere: (shop) => ({ ...shop, routes: [...shop.routes, MESSAGES] }),
    sends: "message",
    usedAtMost: 1.5,
  },
];

/** The shop with a plain route for the messages of `mcp`. */
export function withPlainMessages(shop: Shop): object {
  const route = { path: "/mcp", methods: ["POST"], scopes: ["read:products"], upstream: "products" };
  return { ...shop, routes: [...shop.routes, route] };
}

function inGroup(scope: string): object {
  return { allOf: [scope, { claim: "cognito:groups", in: ["staff"] }] };
}

function withIssuer(shop: Shop, name: string, members: object): Shop {
  return { ...shop, issuers: { ...shop.issuers, [name]: { ...shop.issuers[name], ...members } } };
}

/** The shop with a second issuer. Clients must then name theirs. */
function withOtherIssuer(shop: Shop, members: object): Shop {
  const clients = Object.entries(shop.clients).map(([id, client]) => [id, { ...client, issuer: "cognito" }]);
  return { ...withIssuer(shop, "other", { ...OTHER_ISSUER, ...members }), clients: Object.fromEntries(clients) };
}

function withUpstream(shop: Shop, name: string, members: object): Shop {
  return { ...shop, upstreams: { ...shop.upstreams, [name]: { ...shop.upstreams[name], ...members } } };
}

/** Changes the route that reads a path. */
function withRoute(shop: Shop, path: string, members: object): Shop {
  const changed = shop.routes.map((route) =>
    route.path === path && route.methods?.includes("GET") ? { ...route, ...members } : route,
  );
  return { ...shop, routes: changed };
}
