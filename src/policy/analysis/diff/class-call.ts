import type { Route, RouteGroup, Upstream } from "../../policy.ts";
import type { Access } from "../formulas/access.ts";

/** A request that shows a change. */
export interface Witness {
  readonly method: string;
  /** In canonical form. */
  readonly path: string;
  /** The host, if the policies tell hosts apart; left out: any host that they do not name. */
  readonly host?: string | undefined;
}

/** A request that stands for its class. */
export interface ClassCall extends Witness {
  /** The method as people should read it. */
  readonly label: string;
  /** The routes of its path under each policy, with any method. */
  readonly groups: Groups;
}

export type Groups = readonly [RouteGroup | undefined, RouteGroup | undefined];

/** The route that serves a request under one policy, and which tokens its requirement admits. */
export interface Serving {
  readonly route: Route;
  readonly access: Access;
}

/** The words for a change of requests that only some upstreams may get. */
const WITH_PATH_PARAMETERS = "with path parameters";
const WITH_ENCODED_SLASH = "with an encoded slash";

/** A request that only some upstreams may get, and the routes that serve it under each policy. */
export interface CallVariant {
  readonly before: Serving | undefined;
  readonly after: Serving | undefined;
  readonly call: ClassCall;
  /** What sets it apart from the request of its class, for people. */
  readonly note: string;
}

/**
 * The same request with path parameters, and with an encoded slash, if only one of the policies serves it so. If both do,
 * or neither does, each policy decides as it does on the request itself.
 */
export function callVariants(
  old: Serving | undefined,
  now: Serving | undefined,
  call: ClassCall,
): readonly CallVariant[] {
  const variants: CallVariant[] = [];
  const add = (
    allowed: "allowPathParameters" | "allowEncodedSlash",
    note: string,
    pathOf: () => string | undefined,
  ) => {
    const could = old?.route.upstream[allowed] ?? false;
    const can = now?.route.upstream[allowed] ?? false;
    // Nearly all upstreams agree.
    const path = could === can ? undefined : pathOf();
    if (path === undefined) return;
    variants.push({ before: could ? old : undefined, after: can ? now : undefined, call: { ...call, path }, note });
  };
  add("allowPathParameters", WITH_PATH_PARAMETERS, () => withPathParameters(call.path));
  add("allowEncodedSlash", WITH_ENCODED_SLASH, () => withEncodedSlash(call));
  return variants;
}

/** The request of a class, as a witness. */
export function witnessOf({ method, path, host }: ClassCall): Witness {
  return { method, path, ...(host !== undefined && { host }) };
}

/** Which variants of a request an upstream may get, as a number: equal for upstreams that may get the same. */
export function variantsTaken({ allowPathParameters, allowEncodedSlash }: Upstream): number {
  return (allowPathParameters ? 1 : 0) + (allowEncodedSlash ? 2 : 0);
}

/** The path with path parameters; `undefined`: the root has no segment, so it has none. */
function withPathParameters(path: string): string | undefined {
  return path === "/" ? undefined : path.replace(/^\/[^/]+/, "$&;v=1");
}

/**
 * The path with an encoded slash in a segment for which neither policy has a literal; `undefined`: there is none. The same
 * routes serve it: no literal equals the new segment, so no pattern matches that did not match before.
 */
function withEncodedSlash({ path, groups }: ClassCall): string | undefined {
  const segments = path.split("/");
  const patterns = groups.flatMap((group) => (group ? [group.shape.split("/")] : []));
  // Behind the end of a pattern, its `*` goes on.
  const isFree = (index: number) => patterns.every((parts) => /^[:*]/.test(parts[index] ?? "*"));
  const at = segments.findIndex((segment, index) => segment !== "" && isFree(index));
  return at === -1 ? undefined : segments.with(at, `${segments[at]}%2Fx`).join("/");
}
