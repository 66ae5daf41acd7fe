import type { Caller } from "./hostile-world.ts";
import { pathReadings } from "./path-readings.ts";

/** Whether a caller may ask for a path of the hostile routes; written down anew, with no help of the gateway's matching. */
export function mayReach(caller: Caller, path: string): boolean {
  if (/^\/(?:admin(?:\/|$)|nested\/admin\/.|files\/secret$)/s.test(path)) return caller === "admin";
  if (/^\/(?:public|nested|files)(?:\/|$)/.test(path)) return caller === "reader";
  return true;
}

/**
 * The ways to read a request target that reached the upstream under which its caller had no right to it. Case is ignored
 * only between routes of different first segments: the policy compares it, so `/nested/ADMIN` is not `/nested/admin`,
 * and a case-insensitive upstream needs routes that say so.
 */
export function forbiddenReadings(caller: Caller, target: string): readonly string[] {
  const forbidden = [...pathReadings(target, { ignoringCase: false })].filter((path) => !mayReach(caller, path));
  const folded = [...pathReadings(target, { ignoringCase: true })].filter((path) => /^\/admin(?:\/|$)/.test(path));
  return caller === "admin" ? forbidden : [...forbidden, ...folded];
}
