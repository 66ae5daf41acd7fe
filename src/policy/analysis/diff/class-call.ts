import type { Route } from "../../policy.ts";
import type { Formula } from "../formulas/formula.ts";

/** A request that shows a change. */
export interface Witness {
  readonly method: string;
  /** In canonical form. */
  readonly path: string;
}

/** A request that stands for its class. */
export interface ClassCall extends Witness {
  /** The method as people should read it. */
  readonly label: string;
}

/** The route that serves a request under one policy, and its requirement as a formula. */
export interface Serving {
  readonly route: Route;
  readonly formula: Formula;
}

/** The words for a change of requests with path parameters. */
export const WITH_PATH_PARAMETERS = "with path parameters";

/** A request with path parameters (`;`), and the routes that serve it under each policy. */
export interface ParameterCall {
  readonly before: Serving | undefined;
  readonly after: Serving | undefined;
  readonly call: ClassCall;
}

/**
 * The same request with path parameters, if only one of the policies serves it. If both do, or neither does, each policy
 * decides as it does without the parameters. The root path has no segment, so it has no parameters.
 */
export function withPathParameters(
  old: Serving | undefined,
  now: Serving | undefined,
  call: ClassCall,
): ParameterCall | undefined {
  const could = old?.route.upstream.allowPathParameters ?? false;
  const can = now?.route.upstream.allowPathParameters ?? false;
  if (could === can || call.path === "/") return undefined;
  const path = call.path.replace(/^\/[^/]+/, "$&;v=1");
  return { before: could ? old : undefined, after: can ? now : undefined, call: { ...call, path } };
}
