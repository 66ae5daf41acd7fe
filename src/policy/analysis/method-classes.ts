import { STANDARD_METHODS } from "../../http/methods.ts";
import type { Route, RouteGroup } from "../policy.ts";
import { routeFor } from "../routing/route-table.ts";

/** The methods that a policy can treat differently. */
export interface MethodClasses {
  readonly listed: readonly string[];
  /** An example of the methods that are not listed; `undefined`: none of those is served. */
  readonly other: string | undefined;
}

/**
 * The classes of methods that route groups treat differently: each method that a group lists or that is `named`
 * elsewhere and, if a group has `"*"`, one example for all the others. CONNECT, TRACE and methods in lower case are
 * left out, because no route serves them.
 */
export function methodClasses(
  groups: readonly (RouteGroup | undefined)[],
  named: Iterable<string> = [],
): MethodClasses {
  const listed = new Set<string>();
  for (const group of groups) if (group) for (const method of group.byMethod.keys()) listed.add(method);
  if (!groups.some((group) => group?.anyMethod)) return { listed: [...listed], other: undefined };
  for (const method of named) listed.add(method);
  return { listed: [...listed], other: unlistedMethod(listed) };
}

function unlistedMethod(listed: ReadonlySet<string>): string {
  const standard = STANDARD_METHODS.find((method) => !listed.has(method));
  if (standard !== undefined) return standard;
  for (let attempt = 1; ; attempt++) if (!listed.has(`X-METHOD-${attempt}`)) return `X-METHOD-${attempt}`;
}

/** Like `routeFor`, for a path that may have no routes. */
export function routeAt(group: RouteGroup | undefined, method: string): Route | undefined {
  return group && routeFor(group, method);
}
