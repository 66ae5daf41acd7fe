import type { RouteTemplate } from "../../policy/policy.ts";
import { PatternIndex } from "../../policy/routing/pattern-index.ts";
import { segmentsOf } from "../../policy/routing/rewrite-path.ts";

/**
 * The templates of one upstream that can be read backwards: every parameter of the route's path, and its `*`, stands in
 * the template exactly once. Of templates that match the same path, only the most specific ones are tried.
 */
export class InvertibleTemplates {
  readonly #templates: readonly RouteTemplate[];
  readonly #index: PatternIndex;

  constructor(templates: readonly RouteTemplate[]) {
    this.#templates = templates.filter(isInvertible).sort((one, other) => (one.path < other.path ? -1 : 1));
    this.#index = new PatternIndex(this.#templates.map(({ upstreamPath }) => upstreamPath));
  }

  /**
   * The paths from which a template makes a path. Whether the gateway serves them by this template is not checked.
   *
   * @param path canonical, without the path of the upstream's URL
   * @param preferred the pattern whose way back is the first, if it has one
   */
  waysBack(path: string, preferred: string): readonly string[] {
    const found = this.#index.patternsOf(this.#index.find(path)).flatMap((at) => this.#templates[at] ?? []);
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
