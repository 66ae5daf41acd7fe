import { STANDARD_METHODS } from "../../../../http/methods.ts";
import { admitsAnyone } from "../../../authorize.ts";
import type { Requirement, Route, RouteGroup, Upstream } from "../../../policy.ts";
import { routeFor } from "../../../routing/route-table.ts";
import { counterexample, createFormulaOf, type Formula } from "../../formula.ts";
import type { PathTree } from "../../paths/path-tree.ts";
import { routeTree } from "../../route-tree.ts";
import { UndecidedError } from "../../undecided-error.ts";
import type { Rule, RuleFinding } from "./rule.ts";

/**
 * Routes that serve another spelling of a stricter route's path, to callers whom that route refuses. Many upstreams
 * treat `/orders/Export`, `/orders/export.json` and `/orders/export/` like `/orders/export`, so a caller could get
 * around the stricter route. Only routes to the same destination count, because another upstream does not serve the
 * same resource.
 */
export const looserSibling: Rule = (policy) => {
  const findings: RuleFinding[] = [];
  const reported = new Set<string>();
  const formulaOf = createFormulaOf(policy.scopes);
  walk(routeTree(policy), [], ({ leaf, ...path }) => {
    for (const variant of variantsOf(path)) {
      const looser = policy.table.match(variant);
      if (looser === undefined || looser === leaf) continue;
      for (const [strict, loose] of sharedMethods(leaf, looser)) {
        const pair = `${strict.index} ${loose.index}`;
        if (reported.has(pair) || !isSameDestination(strict.upstream, loose.upstream)) continue;
        if (!isLooser(loose.requirement, strict.requirement, formulaOf)) continue;
        reported.add(pair);
        findings.push(findingAt(loose, strict, variant));
      }
    }
  });
  return findings;
};

/** Whether `one` admits a caller whom `other` refuses. Two requirements that are too complex to compare count, too. */
function isLooser(one: Requirement, other: Requirement, formulaOf: (requirement: Requirement) => Formula): boolean {
  if (admitsAnyone(other)) return false;
  if (admitsAnyone(one)) return true;
  try {
    return counterexample(formulaOf(one), formulaOf(other)) !== undefined;
  } catch (error) {
    if (error instanceof UndecidedError) return true;
    throw error;
  }
}

function findingAt(loose: Route, strict: Route, variant: string): RuleFinding {
  return {
    route: loose.index,
    path: ["routes", loose.index, "path"],
    message: `It serves \`${variant}\` to callers whom \`${strict.path}\` (routes[${strict.index}]) refuses.`,
    hint: "Require at least as much as that sibling, or give the reason under `lint` why the upstream treats the paths differently.",
  };
}

interface Segment {
  readonly kind: "literal" | "sample";
  readonly text: string;
}

/** A path that a pattern matches. */
interface Path {
  readonly segments: readonly Segment[];
  /** Whether a slash follows the last segment. */
  readonly hasSlash: boolean;
}

interface Ending extends Path {
  /** The routes of the pattern. */
  readonly leaf: RouteGroup;
}

/** A sample for a segment that may be anything. No policy has it as a literal, in any spelling. */
const SAMPLE: Segment = { kind: "sample", text: "~any~" };

function walk(node: PathTree<RouteGroup>, above: readonly Segment[], visit: (ending: Ending) => void): void {
  if (node.leaf) visit({ leaf: node.leaf, segments: above, hasSlash: false });
  if (node.slash) visit({ leaf: node.slash, segments: above, hasSlash: true });
  if (node.wildcard) visit({ leaf: node.wildcard, segments: [...above, SAMPLE], hasSlash: false });
  for (const [text, child] of node.literals) walk(child, [...above, { kind: "literal", text }], visit);
  if (node.parameter) walk(node.parameter, [...above, SAMPLE], visit);
}

/**
 * Other spellings of a path: a literal in another case, a suffix on the last literal, a trailing slash added or
 * removed.
 */
function variantsOf({ segments, hasSlash }: Path): readonly string[] {
  const variants: string[] = [];
  for (const [index, { kind, text }] of segments.entries()) {
    if (kind === "sample") continue;
    const capitalized = text.charAt(0).toUpperCase() + text.slice(1);
    for (const other of [capitalized, text.toUpperCase(), text.toLowerCase()]) {
      if (other !== text) variants.push(pathOf({ segments: segments.with(index, { kind, text: other }), hasSlash }));
    }
  }
  const last = segments.at(-1);
  if (last?.kind === "literal") {
    variants.push(pathOf({ segments: segments.with(-1, { ...last, text: `${last.text}.json` }), hasSlash }));
  }
  // The slash of the root is not a trailing slash.
  if (last !== undefined) variants.push(pathOf({ segments, hasSlash: !hasSlash }));
  return [...new Set(variants)];
}

function pathOf({ segments, hasSlash }: Path): string {
  return `/${segments.map(({ text }) => encodeURIComponent(text)).join("/")}${hasSlash ? "/" : ""}`;
}

function sharedMethods(strict: RouteGroup, loose: RouteGroup): readonly (readonly [Route, Route])[] {
  const methods = new Set([...strict.byMethod.keys(), ...loose.byMethod.keys(), ...STANDARD_METHODS]);
  return Array.from(methods).flatMap((method) => {
    const [a, b] = [routeFor(strict, method), routeFor(loose, method)];
    return a && b ? [[a, b] as const] : [];
  });
}

function isSameDestination(a: Upstream, b: Upstream): boolean {
  if (a.kind === "url" && b.kind === "url") return a.origin === b.origin && a.pathPrefix === b.pathPrefix;
  return a.kind === "service" && b.kind === "service" && a.binding === b.binding;
}
