import type { RouteChange } from "../../policy/analysis/diff/route-comparer.ts";
import { formatClaims } from "../../policy/analysis/format-claims.ts";
import { formatRoute, shortestName } from "../../policy/analysis/format-requirement.ts";
import type { Message } from "../../policy/analysis/messages/message.ts";
import type { Issuer, Policy, Route } from "../../policy/policy.ts";
import { requestText } from "../print/request-text.ts";

/** A change in words. `diff --json` prints it as it is; the other formats are built from it. */
export interface DescribedChange {
  readonly kind: RouteChange["kind"];
  readonly methods: readonly string[];
  /** The pattern that serves the requests now; if none does, the old one. */
  readonly path: string;
  /** The MCP messages that change, with a pattern in place of a name. Left out: all of the requests do. */
  readonly mcp?: Message;
  readonly before: DescribedRoute | undefined;
  readonly after: DescribedRoute | undefined;
  readonly example: Example;
  /** Scopes with which the example is permitted now, and was not before. */
  readonly gained: readonly string[] | undefined;
  /** What else that token needs, if it needs more. */
  readonly gainedBy: DescribedToken | undefined;
  /** Scopes with which the example was permitted before, and is not now. */
  readonly lost: readonly string[] | undefined;
  /** What else that token needed, if it needed more. */
  readonly lostBy: DescribedToken | undefined;
  /** The request that the token with `lost` may no longer make, if it is another one than `example`. */
  readonly lostExample?: Example;
  readonly note: string | undefined;
}

interface Example {
  readonly method: string;
  readonly path: string;
  readonly host?: string | undefined;
  readonly mcp?: Message;
}

/** The token of an example, besides its scopes. */
export interface DescribedToken {
  /** Name of its issuer, where issuers are not treated alike. */
  readonly issuer?: string;
  /** Its tenant, where tenants are not treated alike. */
  readonly tenant?: string;
  /** The claims with which it meets conditions, where it needs some. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** One side of a change, in texts for people and programs. */
export interface DescribedRoute {
  readonly path: string;
  readonly requirement: string;
  readonly upstream: string;
}

/** Puts a change into words. Scope names are short where they are unambiguous in their policy. */
export function describeRouteChange(change: RouteChange, before: Policy, after: Policy): DescribedChange {
  const { kind, methods, mcp, witness, gained, lost, lostWitness, note } = change;
  return {
    kind,
    methods,
    path: (change.after ?? change.before)?.path ?? witness.path,
    ...(mcp && { mcp }),
    before: describeRoute(change.before, before),
    after: describeRoute(change.after, after),
    example: witness,
    gained: gained?.map((scope) => shortestName(scope, after)),
    gainedBy: describeToken(change.gainedBy, change.gainedTenant, change.gainedClaims),
    lost: lost?.map((scope) => shortestName(scope, before)),
    lostBy: describeToken(change.lostBy, change.lostTenant, change.lostClaims),
    ...(lostWitness && { lostExample: lostWitness }),
    note,
  };
}

function describeToken(
  issuer: Issuer | undefined,
  tenant: string | undefined,
  claims: DescribedToken["claims"],
): DescribedToken | undefined {
  if (issuer === undefined && tenant === undefined && claims === undefined) return undefined;
  return { ...(issuer && { issuer: issuer.name }), ...(tenant && { tenant }), ...(claims && { claims }) };
}

function describeRoute(route: Route | undefined, policy: Policy): DescribedRoute | undefined {
  if (route === undefined) return undefined;
  return { path: route.path, requirement: formatRoute(route, policy), upstream: route.upstream.name };
}

/** One line with scopes that are enough for the example now, and one with scopes that no longer are. */
export function exampleLines(change: DescribedChange): readonly string[] {
  const { example, gained, gainedBy, lost, lostBy, lostExample = example } = change;
  const call = requestText(example);
  const withToken = (scopes: readonly string[], { issuer, tenant, claims }: DescribedToken = {}): string => {
    const what = scopes.length === 0 ? "with a token without scopes" : `with ${scopes.join(" ")}`;
    const needed = claims === undefined ? what : `${what} and the claims ${formatClaims(claims)}`;
    const ofTenant = tenant === undefined ? needed : `${needed}, of the tenant ${tenant}`;
    return issuer === undefined ? ofTenant : `${ofTenant}, from ${issuer}`;
  };
  const lines = [
    ...(gained ? [`${call} is now permitted ${withToken(gained, gainedBy)}`] : []),
    ...(lost ? [`${requestText(lostExample)} is no longer permitted ${withToken(lost, lostBy)}`] : []),
  ];
  return lines.length > 0 ? lines : [call];
}

/** The requirement. If it differs, the one before and the one now. */
export function requirementChange({ before, after }: DescribedChange): string {
  if (before && after) {
    return before.requirement === after.requirement
      ? after.requirement
      : `${before.requirement} -> ${after.requirement}`;
  }
  return after?.requirement ?? before?.requirement ?? "";
}
