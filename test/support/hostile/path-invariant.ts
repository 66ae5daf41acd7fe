import type { Caller } from "./hostile-world.ts";
import { pathReadings } from "./path-readings.ts";

/** Whether a caller may request a path of the hostile routes. Written independently of the gateway's matching. */
function mayReach(caller: Caller, path: string): boolean {
  if (/^\/(?:admin(?:\/|$)|nested\/admin\/.|(?:files|packages|trees)\/secret$)/s.test(path)) return caller === "admin";
  if (/^\/slash\/(?:[^/]+\/)?$/s.test(path)) return caller === "admin";
  if (/^\/stripped\/admin\/.|^\/built\/(?:items\/[^/]+\/delete$|store\/locked\/.)/s.test(path))
    return caller === "admin";
  if (/^\/(?:stripped(?:\/|$)|built\/(?:items\/.|store\/.))/s.test(path)) return caller === "reader";
  // Rewriting never leaves what it builds.
  if (/^\/(?:built|cut|items|store|twice)(?:\/|$)/.test(path)) return false;
  if (/^\/(?:public|nested|files|packages|trees|slash)(?:\/|$)/.test(path)) return caller === "reader";
  return true;
}

/**
 * The readings of a request target at the upstream that its caller had no right to. Case is ignored
 * only between routes of different first segments: the policy compares case, so `/nested/ADMIN` is not `/nested/admin`,
 * and a case-insensitive upstream needs routes that say so.
 */
export function forbiddenReadings(caller: Caller, target: string): readonly string[] {
  const forbidden = [...pathReadings(target, { ignoringCase: false })].filter((path) => !mayReach(caller, path));
  const folded = [...pathReadings(target, { ignoringCase: true })].filter((path) => /^\/admin(?:\/|$)/.test(path));
  return caller === "admin" ? forbidden : [...forbidden, ...folded];
}
