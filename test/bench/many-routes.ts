/** How many routes a service has; a policy with more routes has more services. */
const ROUTES_PER_SERVICE = 10;

/**
 * A policy in the shape of the running example with so many routes, `/team-1/service-7/resource-3/:id/items` each.
 *
 * @returns a parsed `routes.json` that needs no vars
 */
export function policyWithRoutes(count: number): unknown {
  return {
    issuers: { cognito: { issuer: "https://issuer.example/pool", profile: "cognito" } },
    resourceServers: {
      "https://api.myecommerce.com": {
        scopes: { "read:products": "Read products", "write:products": "Write products" },
      },
    },
    clients: { admin: { scopes: ["read:products", "write:products"] } },
    upstreams: { products: { url: "https://products.example" } },
    routes: Array.from({ length: count }, (_, index) => ({
      path: `${prefix(index)}/:id/items`,
      methods: ["GET"],
      scopes: ["read:products"],
      upstream: "products",
    })),
  };
}

/** A path of a request for the route at that place. */
export function requestPath(index: number): string {
  return `${prefix(index)}/4711/items`;
}

function prefix(index: number): string {
  const service = Math.floor(index / ROUTES_PER_SERVICE);
  return `/team-${Math.floor(service / 100)}/service-${service % 100}/resource-${index % ROUTES_PER_SERVICE}`;
}
