import type { Fault, Report } from "../../fault.ts";
import { parametersOf, parsePathTemplate } from "../../routing/path-pattern.ts";
import { closest } from "../../suggestion.ts";

/**
 * Compiles `upstreamPath`: a template in canonical form, with parameters of the route's path and, at its end, the `*`
 * of that path. A parameter may be left out or stand in it twice, and so may the `*` be left out.
 *
 * @param pattern the route's path, accepted by `parsePathPattern`; `undefined`: the route's path is faulty
 * @returns the template, or `undefined` if there is none or once its fault is reported
 */
export function compileUpstreamPath(
  template: string | undefined,
  pattern: string | undefined,
  path: Fault["path"],
  report: Report,
): string | undefined {
  if (template === undefined || pattern === undefined) return undefined;
  const parsed = parsePathTemplate(template);
  if (!parsed.ok) {
    report(path, parsed.failure.message, parsed.failure.hint);
    return undefined;
  }
  const names = [...parametersOf(pattern).keys()];
  for (const segment of parsed.value) {
    if (segment.kind === "parameter" && !names.includes(segment.name)) {
      report(path, `The route's path has no \`:${segment.name}\`.`, hintOf(segment.name, names));
      return undefined;
    }
    if (segment.kind === "wildcard" && !pattern.endsWith("/*")) {
      report(path, "The route's path has no `*`.", "Write %2A if you mean the character.");
      return undefined;
    }
  }
  return template;
}

function hintOf(name: string, names: readonly string[]): string {
  if (names.length === 0) return "It has no parameters. Write %3A if you mean a colon.";
  const meant = closest(name, names);
  if (meant !== undefined) return `Did you mean \`:${meant}\`?`;
  return `Its parameters: ${names.map((known) => `\`:${known}\``).join(", ")}.`;
}
