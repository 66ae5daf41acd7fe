import { Denial } from "../answer/denial.ts";
import { tokenIss } from "../policy/issuers/tenants.ts";
import type { Requirement, Route } from "../policy/policy.ts";
import type { AssertionSettings } from "../policy/upstream.ts";
import type { Admission } from "../token/admit.ts";
import { claimAt, isFaithful } from "../token/claim-at.ts";
import { isFilledString } from "../token/standard-claims.ts";

/** What an assertion is about, besides the access token. */
export interface AssertedCall {
  readonly method: string;
  readonly route: Pick<Route, "path" | "requirement" | "mcp">;
  /** Value of `txn`. */
  readonly transaction: string;
  /** Seconds since the epoch. */
  readonly issuedAtSeconds: number;
  /** The one request that the assertion is good for; `undefined`: it serves every request of the route. */
  readonly bound: BoundRequest | undefined;
}

/** The request that an assertion is bound to. */
export interface BoundRequest {
  /** The path that the upstream gets, with the path of its URL. */
  readonly path: string;
  /** SHA-256 of the query that the upstream gets, without its `?`, as base64url. */
  readonly querySha256: string;
  /** Value of `jti`: no other assertion has it. A caller can choose the request id, and so `txn`. */
  readonly id: string;
}

/** The claims of an assertion. See OAuth Transaction Tokens, "JWT Body Claims". */
export interface AssertionClaims {
  readonly iss: string;
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  readonly txn: string;
  readonly jti?: string;
  readonly sub: string;
  /** RFC 9493 3.2.4: a subject means something only together with its issuer. */
  readonly sub_id: { readonly format: "iss_sub"; readonly iss: string; readonly sub: string };
  readonly scope: string;
  readonly req_wl: string;
  readonly tctx: Readonly<Record<string, unknown>>;
  readonly rctx: {
    readonly method: string;
    readonly route: string;
    readonly path?: string;
    readonly query_sha256?: string;
  };
}

/**
 * The claims of an assertion about one caller's call. `scope` has the scopes that the route mentions and the caller
 * holds, implied ones included, and no other: an upstream learns nothing that the route does not need. An MCP route
 * mentions the scopes of all its messages, because an assertion serves many requests of a route. `tctx` has the
 * client and the claims that the policy lists, except those that are absent or that `isFaithful` refuses. Never
 * contains the access token.
 *
 * @returns `claim-missing` if the token names neither a subject nor a client, or a subject that is no filled string:
 * see `callerOf`
 */
export function assertionClaims(
  { issuer, trustDomain, ttlSeconds, claims }: AssertionSettings,
  token: Admission,
  { method, route, transaction, issuedAtSeconds, bound }: AssertedCall,
): AssertionClaims | Denial {
  const sub = callerOf(token);
  if (sub instanceof Denial) return sub;
  const mentioned = route.mcp === undefined ? mentionedBy(route.requirement) : mentionedByAny(route.mcp.requirements);
  return {
    iss: issuer,
    aud: trustDomain,
    iat: issuedAtSeconds,
    exp: issuedAtSeconds + ttlSeconds,
    txn: transaction,
    ...(bound && { jti: bound.id }),
    sub,
    sub_id: { format: "iss_sub", iss: tokenIss(token.issuer, token.tenant), sub },
    scope: mentioned.filter((name) => token.granted.effective.has(name)).join(" "),
    req_wl: issuer,
    tctx: transactionContext(token, claims),
    rctx: {
      method,
      route: route.path,
      ...(bound && { path: bound.path, query_sha256: bound.querySha256 }),
    },
  };
}

/**
 * Whom an assertion names: the subject, or the client of a token without one. A token whose `sub` is a number, for
 * example, has a subject, so an assertion about the client would take all users for the client itself.
 */
function callerOf({ claims: { sub }, subject, clientId }: Admission): string | Denial {
  if (sub !== undefined && sub !== null && !isFilledString(sub)) {
    return new Denial("claim-missing", "The token's `sub` is not a string with at least one character.");
  }
  const caller = subject ?? clientId;
  return caller || new Denial("claim-missing", "The token names neither a subject nor a client to assert.");
}

function mentionedBy(requirement: Requirement): readonly string[] {
  return requirement.kind === "scopes" ? requirement.mentioned : [];
}

function mentionedByAny(requirements: readonly Requirement[]): readonly string[] {
  return [...new Set(requirements.flatMap(mentionedBy))];
}

function transactionContext(token: Admission, claims: AssertionSettings["claims"]): Readonly<Record<string, unknown>> {
  const listed = claims.map(({ name, claim }) => [name, claimAt(token.claims, claim)] as const);
  // `fromEntries` defines members: a name such as `__proto__` is one like any other.
  return Object.fromEntries([
    ...(token.clientId === undefined ? [] : [["client_id", token.clientId] as const]),
    ...listed.filter(([, value]) => isFaithful(value)),
  ]);
}
