import type { Fault, Report } from "../../fault.ts";
import { hostKey } from "../../routing/served-hosts.ts";

/**
 * Compiles `hosts` of a route or a guarantee. Each must be one of the policy's `hosts`: a request for any other is
 * refused before it is matched. No text repeats the name, because a URL in a variable can contain a secret.
 *
 * @param names with their variables put in; `undefined`: it names no host
 * @param served the policy's `hosts`; `undefined`: it has none
 * @returns each host as `hostKey` returns it, once
 */
export function compileRouteHosts(
  names: readonly (string | undefined)[] | undefined,
  served: ReadonlySet<string> | undefined,
  path: Fault["path"],
  report: Report,
): readonly string[] | undefined {
  if (names === undefined) return undefined;
  if (served === undefined) {
    report(path, "The policy has no `hosts`.", "List the hosts that are served in `hosts` at the top.");
    return undefined;
  }
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (name === undefined) continue;
    if (seen.has(name)) report([...path, index], "The host is listed twice.", "Leave one of them out.");
    else if (!served.has(hostKey(name))) {
      report(
        [...path, index],
        "This is not one of the policy's `hosts`.",
        "Write one of them, or add this one to `hosts` at the top.",
      );
    }
    seen.add(name);
  }
  return [...new Set(Array.from(seen, hostKey))];
}
