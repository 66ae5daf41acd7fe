import { STANDARD_METHODS } from "../../http/methods.ts";
import type { Route, RouteGroup } from "../policy.ts";
import { routeFor } from "../routing/route-table.ts";

/** Methods that several leaves can tell apart. */
export interface MethodClasses {
  readonly listed: readonly string[];
  /** One that is listed nowhere and stands for all of that kind; `undefined`: none of them is served. */
  readonly other: string | undefined;
}

/**
 * The methods that some leaf lists or that are `named` elsewhere, and where a leaf has `"*"`, one for all the others.
 * CONNECT, TRACE and what is not in upper case are never served, so they are not among them.
 */
export function methodClasses(
  leaves: readonly (RouteGroup | undefined)[],
  named: Iterable<string> = [],
): MethodClasses {
  const listed = new Set(leaves.flatMap((leaf) => [...(leaf?.byMethod.keys() ?? [])]));
  if (!leaves.some((leaf) => leaf?.anyMethod)) return { listed: [...listed], other: undefined };
  for (const method of named) listed.add(method);
  return { listed: [...listed], other: unlistedMethod(listed) };
}

function unlistedMethod(listed: ReadonlySet<string>): string {
  const usual = STANDARD_METHODS.find((method) => !listed.has(method));
  if (usual !== undefined) return usual;
  for (let attempt = 1; ; attempt++) if (!listed.has(`X-METHOD-${attempt}`)) return `X-METHOD-${attempt}`;
}

/** Like `routeFor`, where there may be no leaf. */
export function routeAt(leaf: RouteGroup | undefined, method: string): Route | undefined {
  return leaf && routeFor(leaf, method);
}
