import type { RouteTemplate } from "../../policy/policy.ts";
import { PatternIndex } from "../../policy/routing/pattern-index.ts";
import { segmentsOf } from "../../policy/routing/rewrite-path.ts";

/**
 * The templates of one upstream that can be read backwards: every parameter of the route's path, and its `*`, stands in
 * the template exactly once. Of templates that match the same path, only the most specific ones are tried.
 */
export class InvertibleTemplates {
  readonly #index = new PatternIndex();
  readonly #byShape = new Map<number, RouteTemplate[]>();

  constructor(templates: readonly RouteTemplate[]) {
    for (const template of templates) {
      if (!isInvertible(template)) continue;
      const shape = this.#index.add(template.upstreamPath);
      const known = this.#byShape.get(shape) ?? [];
      this.#byShape.set(shape, known);
      known.push(template);
    }
    for (const known of this.#byShape.values()) known.sort((one, other) => (one.path < other.path ? -1 : 1));
  }

  /**
   * The paths from which a template makes a path. Whether the gateway serves them by this template is not checked.
   *
   * @param path canonical, without the path of the upstream's URL
   * @param preferred the pattern whose way back is the first, if it has one
   */
  waysBack(path: string, preferred: string): readonly string[] {
    const found = this.#byShape.get(this.#index.find(path)) ?? [];
    const first = found.filter((template) => template.path === preferred);
    const others = found.filter((template) => template.path !== preferred);
    return [...first, ...others].map((template) => invert(template, path));
  }
}

function isInvertible({ path, upstreamPath }: RouteTemplate): boolean {
  const template = segmentsOf(upstreamPath);
  return segmentsOf(path).every(
    (segment) => !isVariable(segment) || template.filter((part) => part === segment).length === 1,
  );
}

function invert({ path, upstreamPath }: RouteTemplate, from: string): string {
  const template = segmentsOf(upstreamPath);
  const segments = segmentsOf(from);
  const built = segmentsOf(path).map((part) => {
    if (!isVariable(part)) return part;
    const at = template.indexOf(part);
    return part === "*" ? segments.slice(at).join("/") : segments[at];
  });
  return `/${built.join("/")}`;
}

function isVariable(segment: string): boolean {
  return segment === "*" || segment.startsWith(":");
}
