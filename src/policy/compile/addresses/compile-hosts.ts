import { isHost } from "../../../http/host.ts";
import type { FaultText } from "../../../result.ts";
import type { Report } from "../../fault.ts";
import { hostKey } from "../../routing/served-hosts.ts";

/**
 * Compiles `hosts`. Each item must be a host name as the URL parser writes it: in lower case and ASCII, without a port
 * or a dot at its end, an IPv6 address in brackets. Another form would match no request. Whether the name exists, or
 * leads to this Worker, is not checked.
 *
 * @param names `undefined`: every host is served
 */
export function compileHosts(
  names: readonly (string | undefined)[] | undefined,
  report: Report,
): ReadonlySet<string> | undefined {
  if (names === undefined) return undefined;
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (name === undefined) continue;
    const fault = seen.has(name) ? LISTED_TWICE : faultOf(name);
    if (fault) report(["hosts", index], fault.message, fault.hint);
    seen.add(name);
  }
  return new Set(Array.from(seen, hostKey));
}

const LISTED_TWICE: FaultText = { message: "The host is listed twice.", hint: "Leave one of them out." };

/** The texts repeat only the host: a URL in a variable can contain a secret. */
function faultOf(name: string): FaultText | undefined {
  if (name.includes("*")) {
    return { message: "A host name cannot contain `*`.", hint: "List each host name: they are compared exactly." };
  }
  const url = URL.parse(name.includes("://") ? name : `https://${name.trim()}`);
  const meant = url?.hostname.replace(/\.$/, "") ?? "";
  if (isHost(name) && name === meant) return undefined;
  const rule = "without a scheme, port, path or dot at the end, in lower case and ASCII";
  return {
    message: "This is not a plain host name.",
    hint: isHost(meant) ? `Write \`${meant}\`: ${rule}.` : `Write it as in api.example or [2001:db8::1], ${rule}.`,
  };
}
