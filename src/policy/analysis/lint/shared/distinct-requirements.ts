import type { Requirement, Route } from "../../../policy.ts";

/** The requirements of some routes, each once. Equal requirements of one file are one object, which many routes share. */
export function distinctRequirements(routes: readonly Route[]): ReadonlySet<Requirement> {
  return new Set(routes.map(({ requirement }) => requirement));
}
