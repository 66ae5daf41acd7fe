import type { Guarantee, Issuer, Policy, Route, RouteGroup } from "../../policy.ts";
import { anyConfirmation } from "../../requirements/binding.ts";
import { isAtom, isSingleValue, pointerTo, readAtom, SENDER_CONSTRAINED } from "../../requirements/conditions.ts";
import { readStepUpAtom } from "../../requirements/step-up.ts";
import { parametersOf } from "../../routing/path-pattern.ts";
import { requirementsIn } from "../../routing/requirements-in.ts";
import { withClaim } from "../../with-claim.ts";
import { pathTextsOf } from "./claim-uses.ts";
import type { OriginTenant } from "./tenants-in-use.ts";
import { namedParameters, type Pins, pinnedSegments } from "./with-atoms.ts";

/** A token's scopes and claims, and a path, with which exactly some atoms hold. */
export interface Realized {
  /** In canonical form. */
  readonly path: string;
  /** Full names. */
  readonly scopes: readonly string[];
  /**
   * The claims that conditions and the authentication need. `undefined`: none. `auth_time` counts from the time of the
   * request, so it is negative.
   */
  readonly claims: Readonly<Record<string, unknown>> | undefined;
}

/** Gives paths and tokens for what a search finds, under some policies. */
export class Realizer {
  readonly #taken: ReadonlySet<string>;

  /** @param policies those that the paths and tokens are for */
  constructor(policies: readonly Policy[]) {
    this.#taken = policies.some(hasParameterConditions) ? new Set(policies.flatMap(textsOf)) : new Set();
  }

  /**
   * The path with a text of its own in each segment that a condition can look at: one that equals no other of them, and
   * no value that the policy knows. So only the claims that are meant to can equal it.
   *
   * @param pins see `PathClass`
   * @param segments which of them conditions look at
   */
  pathOf(path: string, pins: Pins, segments: Iterable<number>): string {
    const parts = path.split("/");
    const used = new Set(this.#taken);
    for (const segment of new Set(segments)) {
      if (pins[segment] !== undefined || parts[segment + 1] === undefined) continue;
      const text = unusedText(used);
      used.add(text);
      parts[segment + 1] = text;
    }
    return parts.join("/");
  }

  /**
   * @param path with a text of its own in each segment: see `pathOf`
   * @param tenant that of the token. The claims that name it are left out.
   * @param issuer an issuer of the token, which says how a bound one is bound, and where the class of authentication
   * is; default: to a certificate, and in `acr`
   */
  tokenFor(
    found: Iterable<string>,
    path: string,
    tenant?: OriginTenant,
    issuer?: Pick<Issuer, "binding" | "acrClaim">,
  ): Pick<Realized, "scopes" | "claims"> {
    const scopes: string[] = [];
    const lists = new Map<string, { readonly claim: readonly string[]; readonly values: string[] }>();
    let claims: Readonly<Record<string, unknown>> | undefined;
    for (const name of found) {
      if (name === SENDER_CONSTRAINED) {
        const isCertificate = issuer?.binding === undefined || issuer.binding.mtls !== "refused";
        claims = withClaim(claims ?? {}, ["cnf"], anyConfirmation(isCertificate ? "mtls" : "dpop"));
        continue;
      }
      const authentication = isAtom(name) ? readStepUpAtom(name) : undefined;
      if (authentication !== undefined) {
        const isClass = authentication.kind === "acr";
        const claim = isClass ? (issuer?.acrClaim ?? ["acr"]) : ["auth_time"];
        claims = withClaim(claims ?? {}, claim, isClass ? authentication.value : -authentication.seconds);
        continue;
      }
      const meaning = isAtom(name) ? readAtom(name) : undefined;
      if (meaning === undefined) {
        scopes.push(name);
        continue;
      }
      const { claim } = meaning;
      if (tenant?.claims.has(pointerTo(claim))) continue;
      if (meaning.kind === "claim") {
        const key = JSON.stringify(claim);
        const list = lists.get(key) ?? { claim, values: [] };
        lists.set(key, list);
        list.values.push(meaning.value);
        continue;
      }
      const value = meaning.kind === "parameter" ? segmentOf(path, meaning.segment) : meaning.value;
      claims = withClaim(claims ?? {}, claim, value);
    }
    const segments = new Set(path.split("/").map(decodeURIComponent));
    for (const { claim, values } of lists.values()) {
      const [first = "", ...others] = values;
      // As a string it would equal a parameter, too. A list never does.
      const isList = others.length > 0 || (segments.has(first) && !isSingleValue(claim));
      claims = withClaim(claims ?? {}, claim, isList ? values : first);
    }
    return { scopes, claims };
  }
}

/** The path with the tenant in the segments that have to equal it. */
export function pathOfTenant(found: Iterable<string>, path: string, tenant: OriginTenant | undefined): string {
  if (tenant === undefined) return path;
  const parts = path.split("/");
  for (const name of found) {
    const meaning = isAtom(name) ? readAtom(name) : undefined;
    if (meaning?.kind !== "parameter" || !tenant.claims.has(pointerTo(meaning.claim))) continue;
    parts[meaning.segment + 1] = tenant.name;
  }
  return parts.join("/");
}

/**
 * Returns a function that gives the segments of a route's paths that conditions look at: its own, and those of the
 * guarantees of its policy. `undefined`: no condition of the policies looks at paths.
 */
export function segmentsLookedAt(...policies: readonly Policy[]): ((route: Route) => readonly number[]) | undefined {
  if (!policies.some(hasParameterConditions)) return undefined;
  const names = new Set(policies.flatMap(({ guarantees }) => guarantees.flatMap(namedIn)));
  return (route) => {
    const { path, requirement, mcp } = route;
    const own = mcp ? [...requirementsIn([route])].flatMap(pinnedSegments) : pinnedSegments(requirement);
    if (names.size === 0) return own;
    const parameters = parametersOf(path);
    return [...own, ...Array.from(names, (name) => parameters.get(name) ?? own[0]).filter((it) => it !== undefined)];
  };
}

/** The routes of a leaf of `routeTree`. */
export function routesOf({ byMethod, anyMethod }: RouteGroup): readonly Route[] {
  return anyMethod ? [...byMethod.values(), anyMethod] : [...byMethod.values()];
}

/** Whether some condition of a policy looks at paths. */
function hasParameterConditions({ routes, guarantees }: Pick<Policy, "routes" | "guarantees">): boolean {
  return (
    [...requirementsIn(routes)].some((requirement) => pinnedSegments(requirement).length > 0) ||
    guarantees.some((guarantee) => namedIn(guarantee).length > 0)
  );
}

function namedIn({ claim }: Guarantee): readonly string[] {
  return claim.kind === "requires" ? namedParameters(claim.expression) : [];
}

/** All texts that a segment or a claim of the policy can be compared with. */
function textsOf({ routes, guarantees, testedClaims, clients, issuers }: Policy): readonly string[] {
  return [
    ...pathTextsOf({ routes, guarantees }),
    ...testedClaims.flatMap(({ atoms }) => [...atoms.keys()]),
    ...guarantees.flatMap(({ claim }) => (claim.kind === "requires" ? valuesIn(claim.expression) : [])),
    ...Array.from(clients.values(), ({ id }) => id),
    ...Array.from(issuers.values()).flatMap(({ audiences, grants }) => [
      ...(audiences ?? []),
      ...grants.flatMap(({ byValue }) => [...byValue.keys()]),
    ]),
  ];
}

function valuesIn(expression: Extract<Guarantee["claim"], { kind: "requires" }>["expression"]): readonly string[] {
  if (expression.kind === "anyOf" || expression.kind === "allOf") return expression.of.flatMap(valuesIn);
  return expression.kind === "claim" ? expression.in : [];
}

function unusedText(used: ReadonlySet<string>): string {
  for (let attempt = 0; ; attempt += 1) {
    const text = attempt === 0 ? "x" : `x${attempt}`;
    if (!used.has(text)) return text;
  }
}

function segmentOf(path: string, segment: number): string {
  return decodeURIComponent(path.split("/")[segment + 1] ?? "");
}
