/** How a large policy looks. All members have a default. */
export interface Layout {
  /** Number of routes, about. Default: 20,000. */
  readonly routes?: number;
  /** The paths under which the same subtree stands. Default: the root and `/:tenant`. */
  readonly prefixes?: readonly string[];
  /** Number of scopes. With as many as resources, each resource has its own. Default: 1,000. */
  readonly scopes?: number;
  /** Number of clients. Each holds every seventh or so of the scopes. Default: 10. */
  readonly clients?: number;
  /** `scopes` of each route. Default: the scopes of its resource. */
  readonly requires?: (resource: number) => unknown;
  readonly guarantees?: readonly unknown[];
}

/** What stands beneath each resource, and whether it only reads. */
const ENDINGS = [
  { ending: "", methods: ["GET", "HEAD"], action: "read" },
  { ending: "", methods: ["POST"], action: "write" },
  { ending: "/search", methods: ["GET"], action: "read" },
  { ending: "/:id", methods: ["GET"], action: "read" },
  { ending: "/:id", methods: ["PUT", "PATCH", "DELETE"], action: "write" },
  { ending: "/:id/items", methods: ["GET"], action: "read" },
  { ending: "/:id/items/:item", methods: ["*"], action: "write" },
] as const;

/**
 * The file of a large policy: resources with collection, items and items of items, under each of the prefixes. It needs
 * no vars.
 */
export function largePolicyFile({
  routes: count = 20_000,
  prefixes = ["", "/:tenant"],
  scopes = 1_000,
  clients = 10,
  requires,
  guarantees = [],
}: Layout = {}) {
  const resources = Math.ceil(count / prefixes.length / ENDINGS.length);
  const scopeOf = (action: string, resource: number) => `${action}:things-${resource % Math.ceil(scopes / 2)}`;
  const names = Array.from({ length: Math.ceil(scopes / 2) }, (_, at) => at);
  return {
    issuers: {
      main: { issuer: "https://issuer.example/pool", profile: "cognito", registeredClientsOnly: true },
    },
    resourceServers: {
      "https://api.example": {
        scopes: Object.fromEntries(
          names.flatMap((at) => [
            [scopeOf("read", at), `Read things ${at}`],
            [scopeOf("write", at), { description: `Write things ${at}`, implies: [scopeOf("read", at)] }],
          ]),
        ),
      },
    },
    clients: Object.fromEntries(
      Array.from({ length: clients }, (_, client) => [
        `client-${client}`,
        { scopes: names.filter((at) => (at + client) % 7 === 0).map((at) => scopeOf("write", at)) },
      ]),
    ),
    upstreams: { main: { url: "https://main.example" }, other: { url: "https://other.example" } },
    routes: Array.from({ length: resources }, (_, resource) =>
      prefixes.flatMap((prefix) =>
        ENDINGS.map(({ ending, methods, action }) => ({
          path: `${prefix}/resource-${resource}${ending}`,
          methods: [...methods],
          scopes: requires ? requires(resource) : [scopeOf(action, resource)],
          upstream: resource % 2 === 0 ? "main" : "other",
        })),
      ),
    ).flat(),
    guarantees,
  };
}
