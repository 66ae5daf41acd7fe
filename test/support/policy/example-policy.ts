import { DEFAULT_CLAIM_HEADERS } from "../../../src/policy/compile/compile-claim-headers.ts";
import type { Client, Issuer, Policy, ResourceServer, Scope } from "../../../src/policy/policy.ts";
import { PROFILES } from "../../../src/policy/profiles.ts";
import { registrationsOf } from "../../../src/policy/registrations.ts";
import { RouteTable } from "../../../src/policy/routing/route-table.ts";

/** The resource server of the running example. */
export const API = "https://api.myecommerce.com";
export const ISSUER_URL = "https://issuer.example/pool";

/** Short scope names and what each implies (full names), by resource server identifier. */
export type Declared = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export const EXAMPLE_SCOPES: Declared = {
  [API]: { "read:products": [], "write:products": [], "read:orders": [], "write:orders": [`${API}/read:orders`] },
};

/** An issuer as the compiler makes one of profile `cognito`, with RS256 only. */
export function issuerOf(changes: Partial<Issuer> = {}): Issuer {
  return {
    name: "main",
    issuer: ISSUER_URL,
    tenants: undefined,
    jwksUri: `${ISSUER_URL}/.well-known/jwks.json`,
    profile: "cognito",
    algorithms: new Set(["RS256"]),
    audiences: undefined,
    audienceClaims: PROFILES[changes.profile ?? "cognito"].audienceClaims.map((name) => [name]),
    scopeClaim: [["scope"]],
    grants: [],
    scopeNames: "full",
    clockToleranceSeconds: 5,
    registeredClientsOnly: false,
    keys: {
      refreshAfterSeconds: 600,
      maxStaleSeconds: 86_400,
      cooldownSeconds: 30,
      publicationLagSeconds: 60,
      timeoutMs: 3_000,
    },
    ...changes,
  };
}

/** Resource servers, named like their identifiers, and their scopes. */
export function declare(declared: Declared): Pick<Policy, "scopes" | "resourceServers"> {
  const byFullName = new Map<string, Scope>();
  const byShortName = new Map<string, Scope[]>();
  const resourceServers = new Map<string, ResourceServer>();
  for (const [identifier, scopes] of Object.entries(declared)) {
    const fullNames = Object.entries(scopes).map(([shortName, implies]) => {
      const fullName = `${identifier}/${shortName}`;
      const scope: Scope = { fullName, shortName, resourceServer: identifier, description: shortName, implies };
      byFullName.set(fullName, scope);
      byShortName.set(shortName, [...(byShortName.get(shortName) ?? []), scope]);
      return fullName;
    });
    resourceServers.set(identifier, { identifier, name: `The API ${identifier}`, scopes: fullNames });
  }
  return { scopes: { byFullName, byShortName, issuersOf: new Map() }, resourceServers };
}

/** A client of the issuer that `issuerOf` makes, named after its id. */
export function clientOf(id: string, scopes: readonly string[], issuer = "main"): Client {
  return { name: id, id, issuer, scopes: new Set(scopes) };
}

/** A policy without routes: what everything but routing needs of one. */
export function policyOf(
  issuers: readonly Issuer[] = [issuerOf()],
  declared: Declared = EXAMPLE_SCOPES,
  changes: Partial<Policy> = {},
): Policy {
  return {
    realm: "scopegate",
    hosts: undefined,
    publicUrl: undefined,
    cors: undefined,
    issuers: new Map(issuers.map((issuer) => [issuer.issuer, issuer])),
    ...declare(declared),
    resources: new Map([["", { path: "", name: undefined, scopes: [], acceptsTokens: true }]]),
    clients: new Map(),
    registrations: registrationsOf(changes.clients?.values() ?? []),
    upstreams: new Map(),
    testedClaims: [],
    templates: [],
    claimHeaders: DEFAULT_CLAIM_HEADERS,
    routes: [],
    table: new RouteTable([], () => undefined),
    byHost: undefined,
    guarantees: [],
    ...changes,
  };
}
