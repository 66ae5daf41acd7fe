import fc from "fast-check";
import { Denial } from "../../../src/answer/denial.ts";
import { meets } from "../../../src/policy/authorize.ts";
import type { Client, Issuer, Policy, Route } from "../../../src/policy/policy.ts";
import { admit } from "../../../src/token/admit.ts";
import { scopesMember } from "./random-policy.ts";

/** Full names of the scopes of these policies: two resource servers, of which each may name its issuers. */
export const ISSUED_SCOPES = ["a/p", "a/q", "b/r"] as const;

/** Every set of them. */
export const ISSUED_SETS: readonly (readonly string[])[] = ISSUED_SCOPES.reduce<readonly (readonly string[])[]>(
  (sets, name) => sets.flatMap((set) => [set, [...set, name]]),
  [[]],
);

const names: fc.Arbitrary<readonly string[] | undefined> = fc.constantFrom(
  undefined,
  undefined,
  ["ours"],
  ["partner"],
  ["ours", "partner"],
);
const registered = fc.subarray([...ISSUED_SCOPES]);
const named = <Part extends object>(part: Part, issuers: readonly string[] | undefined) => ({
  ...part,
  ...(issuers && { issuers }),
});

const requirement = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ scopes: scopesMember }) },
      { weight: 1, arbitrary: fc.constant({ authenticated: true }) },
      { weight: 1, arbitrary: fc.constant({ optional: true }) },
    ),
    names,
  )
  .map(([required, issuers]) => named(required, issuers));
const anyRequirement = fc.oneof(
  { weight: 6, arbitrary: requirement },
  { weight: 1, arbitrary: fc.constant({ public: true }) },
);

const claim = fc.oneof(
  fc.constant({ never: true }),
  fc.record({ requires: scopesMember }),
  fc.constant({ publicOnly: [] }),
);
const selection = fc
  .record({ clients: fc.constantFrom(undefined, undefined, ["boss"], ["*"]), issuers: names })
  .map(({ clients, issuers }) => named(clients === undefined ? {} : { clients }, issuers));
const exception = selection.filter((it) => Object.keys(it).length > 0);
const guarantee = fc
  .tuple(selection, fc.array(exception, { maxLength: 2 }), claim)
  .map(([selected, except, claimed]) => ({
    ...selected,
    ...claimed,
    ...(except.length > 0 && { except }),
  }));

/** The paths of the routes, and requests to each of them. */
const PATTERNS = ["/a", "/:x", "/a/:x", "/b/*"];
export const ISSUED_PATHS = ["/a", "/c", "/a/c", "/b/c"];

/** The file of a small policy with two issuers that know the client id `admin`. */
export const issuersFile = fc
  .record({
    restricted: fc.record({ ours: fc.boolean(), partner: fc.boolean() }),
    servers: fc.record({ a: names, b: names }),
    implied: fc.record({ q: fc.subarray(["a/p", "b/r"]), r: fc.subarray(["a/p"]) }),
    boss: registered,
    guest: fc.option(registered, { nil: undefined }),
    requirements: fc.array(anyRequirement, { minLength: PATTERNS.length, maxLength: PATTERNS.length }),
    guarantees: fc.array(guarantee, { maxLength: 2 }),
  })
  .map(({ restricted, servers, implied, boss, guest, requirements, guarantees }) => {
    // A client cannot be registered for scopes that its issuer may not grant.
    const grantable = (issuer: string, scopes: readonly string[]) =>
      scopes.filter((name) => servers[name.startsWith("a/") ? "a" : "b"]?.includes(issuer) ?? true);
    return {
      issuers: {
        ours: { issuer: "https://ours.example", profile: "cognito", registeredClientsOnly: restricted.ours },
        partner: { issuer: "https://partner.example", profile: "cognito", registeredClientsOnly: restricted.partner },
      },
      resourceServers: {
        a: named({ scopes: { p: "", q: { description: "", implies: implied.q } } }, servers.a),
        b: named({ scopes: { r: { description: "", implies: implied.r } } }, servers.b),
      },
      clients: {
        boss: { id: "admin", issuer: "ours", scopes: grantable("ours", boss) },
        ...(guest && { guest: { id: "admin", issuer: "partner", scopes: grantable("partner", guest) } }),
      },
      upstreams: { u: { url: "https://u.example" } },
      routes: requirements.map((required, at) => ({
        path: PATTERNS[at],
        methods: ["GET"],
        ...required,
        upstream: "u",
      })),
      guarantees,
    };
  });

/**
 * Whether a route lets a request through whose token grants these scopes: the rules once more, as the documentation
 * writes them.
 *
 * @param issuer name of the token's issuer; `undefined`: the policy does not have it
 * @param granted `undefined`: the request comes without a token
 */
export function permitsFrom(
  policy: Policy,
  { requirement: required }: Pick<Route, "requirement">,
  issuer: string | undefined,
  granted: readonly string[] | undefined,
): boolean {
  if (required.kind === "public" || required.kind === "optional") return true;
  if (granted === undefined) return false;
  if (required.issuers !== undefined && !(issuer !== undefined && required.issuers.includes(issuer))) return false;
  return required.kind === "authenticated" || meets(required.expression, heldFrom(policy, issuer, granted));
}

/** The scopes that a token with these scopes gives its holder. */
export function heldFrom(policy: Policy, issuer: string | undefined, granted: readonly string[]): Set<string> {
  const counts = (name: string): boolean => {
    const { issuers } = policy.resourceServers.get(name.startsWith("a/") ? "a" : "b") ?? {};
    return issuers === undefined || (issuer !== undefined && issuers.includes(issuer));
  };
  const own = granted.filter(counts);
  const implied = own.flatMap((name) => policy.scopes.byFullName.get(name)?.implies ?? []);
  return new Set([...own, ...implied.filter(counts)]);
}

/** A token that an issuer can mint and that the gateway admits. */
export interface MintedToken {
  readonly issuer: Issuer;
  /** `undefined`: no registered client of this issuer. */
  readonly client: Client | undefined;
  /** As the token names them. */
  readonly scopes: readonly string[];
  readonly granted: readonly string[];
}

/**
 * Every token that the gateway admits. Left out are those that hold more than the registration of their client: proofs
 * assume that its issuer mints none.
 */
export function mintedTokens(policy: Policy): readonly MintedToken[] {
  return [...policy.issuers.values()].flatMap((issuer) =>
    ["admin", "boss", "other"].flatMap((clientId) =>
      ISSUED_SETS.flatMap((scopes): readonly MintedToken[] => {
        const claims = {
          iss: issuer.issuer,
          client_id: clientId,
          token_use: "access",
          scope: scopes.join(" "),
          exp: 2,
        };
        const admission = admit(claims, issuer, policy, 1000);
        if (admission instanceof Denial) return [];
        const client = [...policy.clients.values()].find(
          ({ id, issuer: its }) => id === clientId && its === issuer.name,
        );
        if (client && !scopes.every((name) => client.scopes.has(name))) return [];
        return [{ issuer, client, scopes, granted: admission.granted.names }];
      }),
    ),
  );
}
