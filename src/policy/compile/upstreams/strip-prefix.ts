import type { Fault, Report } from "../../fault.ts";
import type { Upstream } from "../../policy.ts";
import { canonicalPath, hasPathParameters } from "../../routing/canonical-path.ts";
import { segmentsOf } from "../../routing/rewrite-path.ts";

/** Compiles `stripPrefix`: literal segments in canonical form. `checkStripPrefixes` compares it with the routes. */
export function compileStripPrefix(text: string | undefined, path: Fault["path"], report: Report): string | undefined {
  if (text === undefined) return undefined;
  const fault = faultOf(text);
  if (fault === undefined) return text;
  report(path, ...fault);
  return undefined;
}

function faultOf(text: string): readonly [message: string, hint: string] | undefined {
  if (!text.startsWith("/")) return ["The prefix does not start with a slash.", `Write \`/${text}\`.`];
  if (text === "/") return ["The prefix has no segment.", "Remove `stripPrefix`: nothing is taken off."];
  const canonical = canonicalPath(text);
  if (!canonical.ok || hasPathParameters(text)) {
    return ["The gateway refuses requests with this prefix.", "Write it in canonical form, without `;`."];
  }
  if (canonical.value !== text) return ["The prefix is not in canonical form.", `Write \`${canonical.value}\`.`];
  if (text.endsWith("/")) return ["The prefix ends in a slash.", `Write \`${text.slice(0, -1)}\`.`];
  if (segmentsOf(text).some((segment) => segment.startsWith(":") || segment.includes("*"))) {
    return [
      "The prefix has a parameter or a `*`.",
      "Write literal segments, or write `upstreamPath` in the routes. A literal colon is %3A, a literal star %2A.",
    ];
  }
  return undefined;
}

/** A route whose path may begin with the `stripPrefix` of its upstream. */
export interface PrefixedRoute {
  readonly path: string;
  /** Name of the upstream. */
  readonly upstream: string;
}

/**
 * Reports every `stripPrefix` with which a route to the upstream does not begin. Whole segments are compared, decoded.
 *
 * @param routes in the order of the file;
 * `undefined`: it need not begin with the prefix, because it has an `upstreamPath` or a fault of its own
 */
export function checkStripPrefixes(
  upstreams: ReadonlyMap<string, Pick<Upstream, "stripPrefix">>,
  routes: readonly (PrefixedRoute | undefined)[],
  report: Report,
): void {
  for (const [name, { stripPrefix }] of upstreams) {
    if (stripPrefix === undefined) continue;
    const prefix = segmentsOf(stripPrefix).map(decodeURIComponent);
    const [first, ...others] = routes.flatMap((route, index) => {
      if (route?.upstream !== name) return [];
      return startsWith(segmentsOf(route.path), prefix) ? [] : [`routes[${index}] (\`${route.path}\`)`];
    });
    if (first === undefined) continue;
    const also = others.length > 0 ? ` and ${others.length} more` : "";
    report(
      ["upstreams", name, "stripPrefix"],
      `The path of ${first}${also} does not start with it.`,
      "Write an `upstreamPath` in that route, or choose another upstream for it.",
    );
  }
}

/** A parameter can have any text, so it never stands for a literal of the prefix. */
function startsWith(pattern: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((literal, at) => {
    const segment = pattern[at];
    return segment !== undefined && !/^(?::|\*$)/.test(segment) && decodeURIComponent(segment) === literal;
  });
}
