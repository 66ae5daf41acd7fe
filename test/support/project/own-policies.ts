import { projectFile, type SHOP_POLICY, SHOP_WRANGLER } from "./project-files.ts";

/** A policy that a team may have at the root, and what it needs of the wrangler file. */
export interface OwnPolicy {
  readonly name: string;
  /** The parsed `routes.json`. */
  readonly policy: Readonly<Record<string, unknown>>;
  /** The vars of every environment. */
  readonly vars: Readonly<Record<string, string>>;
  /** The service bindings of every environment: the name of the Worker by the name of the binding. */
  readonly services: Readonly<Record<string, string>>;
}

const variable = (name: string): string => `\${${name}}`;

/** Three valid policies with nothing of the shop in them. */
export const OWN_POLICIES: readonly OwnPolicy[] = [
  {
    name: "one route, a generic issuer in a realm, and no clients",
    policy: {
      issuers: {
        keycloak: {
          issuer: `${variable("KEYCLOAK_URL")}/realms/notes`,
          jwksUri: `${variable("KEYCLOAK_URL")}/realms/notes/protocol/openid-connect/certs`,
          profile: "generic",
          audiences: ["notes-api"],
        },
      },
      resourceServers: { notes: { name: "Notes", scopes: { "notes.read": "Read notes" } } },
      upstreams: { backend: { url: variable("NOTES_ORIGIN") } },
      routes: [{ path: "/notes", methods: ["GET"], scopes: ["notes.read"], upstream: "backend" }],
    },
    vars: { KEYCLOAK_URL: "https://login.notes.example", NOTES_ORIGIN: "https://backend.notes.example/api" },
    services: {},
  },
  {
    name: "service bindings, registered clients only, guarantees, and no vars",
    policy: {
      issuers: {
        auth: {
          issuer: "https://acme.auth.example/",
          jwksUri: "https://acme.auth.example/.well-known/jwks.json",
          profile: "rfc9068",
          audiences: ["https://billing.example"],
          registeredClientsOnly: true,
        },
      },
      resourceServers: {
        "https://billing.example": { scopes: { "invoices:read": "Read", "invoices:write": "Write" } },
      },
      clients: { desk: { scopes: ["invoices:read", "invoices:write"] }, audit: { scopes: ["invoices:read"] } },
      upstreams: { ledger: { service: "LEDGER" } },
      routes: [
        { path: "/invoices", methods: ["GET"], scopes: ["invoices:read"], upstream: "ledger" },
        { path: "/invoices", methods: ["POST"], scopes: ["invoices:write"], upstream: "ledger" },
      ],
      guarantees: [
        { name: "audit only reads", clients: ["audit"], except: [{ methods: ["GET"] }], never: true },
        { publicOnly: [] },
      ],
    },
    vars: {},
    services: { LEDGER: "ledger" },
  },
  {
    name: "500 routes, two issuers, and the var names of the shop with other meanings",
    policy: {
      issuers: {
        staff: { issuer: "https://staff.example", profile: "cognito" },
        partners: { issuer: variable("ORDERS_URL"), profile: "generic", audiences: ["partners"] },
      },
      resourceServers: { api: { scopes: { read: "Read", write: "Write" } } },
      clients: { robot: { scopes: ["read", "write"], issuer: "staff" } },
      upstreams: { one: { url: variable("ISSUER_URL") } },
      routes: Array.from({ length: 250 }, (_, at) => [
        { path: `/things-${at}/*`, methods: ["GET"], scopes: ["read"], upstream: "one" },
        { path: `/things-${at}/*`, methods: ["POST"], scopes: ["write"], upstream: "one" },
      ]).flat(),
    },
    vars: { ORDERS_URL: "https://partners.example", ISSUER_URL: "https://one.example" },
    services: {},
  },
];

/** The text of one of the shop's files as it would be at the root, where the paths in it are shorter. */
export function shopFileAtRoot(file: typeof SHOP_POLICY | typeof SHOP_WRANGLER): string {
  return projectFile(file).replaceAll("../../", "./").replaceAll("examples/shop/", "");
}

/** The texts of the root's files with a policy of a team's own, by their names. The formatting is the team's, too. */
export function ownFiles({ policy, vars, services }: OwnPolicy): Readonly<Record<string, string>> {
  const withoutVars = shopFileAtRoot(SHOP_WRANGLER).replace(/^\[(?:env\.\w+\.)?vars\]\n(?:\w+ = .*\n)*/gm, "");
  const environments = ["", "env.staging.", "env.production."];
  const bindings = environments.flatMap((environment) => [
    `[${environment}vars]`,
    ...Object.entries(vars).map(([name, value]) => `${name} = "${value}"`),
    ...Object.entries(services).flatMap(([binding, service]) => [
      `[[${environment}services]]`,
      `binding = "${binding}"`,
      `service = "${service}"`,
    ]),
  ]);
  return {
    "routes.json": `${JSON.stringify(policy, undefined, "\t")}\n`,
    "wrangler.toml": `${withoutVars}\n${bindings.join("\n")}\n`,
  };
}
