import type { Rewriting, Route, RouteTemplate } from "../policy.ts";
import { parametersOf } from "./path-pattern.ts";

/**
 * How a route builds the path that its upstream gets; `undefined`: it is the path of the request.
 *
 * @param pattern the route's path, accepted by `parsePathPattern`
 * @param template the route's `upstreamPath`. It must have been checked against the pattern.
 * @param stripPrefix that of the upstream. It has no effect if there is a template, which stands for the whole path.
 */
export function rewritingOf(
  pattern: string,
  template: string | undefined,
  stripPrefix: string | undefined,
): Rewriting | undefined {
  if (template !== undefined) return { kind: "template", parts: partsOf(pattern, template) };
  return stripPrefix === undefined ? undefined : { kind: "strip", segments: segmentsOf(stripPrefix).length };
}

/**
 * The path for the upstream, before the upstream's own prefix is put in front. It is canonical like the path that it is
 * built from: each of its segments is a literal of the policy or a whole segment of the request, with its escapes as
 * they are. Segments are counted, never searched for as text, because a literal has several spellings
 * (`/@me`, `/%40me`). Path parameters of a segment that is not passed on are dropped with it.
 *
 * The result is empty if no segment is left, and it can be longer than `MAX_PATH_BYTES`: the caller must check that.
 *
 * @param path as `canonicalPath` returns it; it must match the route's pattern
 */
export function rewritePath(rewriting: Rewriting, path: string): string {
  if (rewriting.kind === "strip") return withoutSegments(path, rewriting.segments);
  const segments = segmentsOf(path);
  const built = rewriting.parts.map((part) => {
    if (typeof part === "string") return part;
    return typeof part === "number" ? segments[part] : segments.slice(part.from).join("/");
  });
  return `/${built.join("/")}`;
}

/** The templates of all routes that have one. */
export function templatesOf(routes: readonly Route[]): readonly RouteTemplate[] {
  return routes.flatMap(({ path, upstreamPath, upstream }) =>
    upstreamPath === undefined ? [] : [{ path, upstreamPath, upstream: upstream.name }],
  );
}

/** The segments of a path, pattern or template. The root has none. A trailing slash is an empty last segment. */
export function segmentsOf(path: string): readonly string[] {
  return path === "/" ? [] : path.slice(1).split("/");
}

function withoutSegments(path: string, count: number): string {
  let start = 0;
  for (let left = count; left > 0; left -= 1) {
    start = path.indexOf("/", start + 1);
    if (start === -1) return "";
  }
  return path.slice(start);
}

function partsOf(pattern: string, template: string): Extract<Rewriting, { kind: "template" }>["parts"] {
  const places = parametersOf(pattern);
  const last = segmentsOf(pattern).length - 1;
  return segmentsOf(template).map((part) => {
    if (part === "*") return { from: last };
    return part.startsWith(":") ? (places.get(part.slice(1)) ?? missing(part, pattern)) : part;
  });
}

function missing(part: string, pattern: string): never {
  throw new Error(`The path ${pattern} has no ${part}. Build the compiled policy again.`);
}
