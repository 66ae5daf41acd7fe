import type { Fault, Report } from "../fault.ts";
import type { PathSegment } from "../routing/path-pattern.ts";

/** What of a route decides which requests are its own. */
export interface RouteClaim {
  /** The pattern as it stands in the file. */
  readonly path: string;
  readonly segments: readonly PathSegment[];
  readonly methods: readonly (string | undefined)[];
  readonly index: number;
}

/**
 * Reports every method that two routes claim on one path shape: parameter names do not tell shapes apart, nor do two
 * spellings of one literal. `"*"` gives way to a listed method, so the two do not conflict; nor does a listed HEAD with
 * the one that GET covers.
 */
export function reportConflicts(claims: readonly RouteClaim[], report: Report): void {
  const owners = new Map<string, RouteClaim>();
  for (const claim of claims) {
    const shape = shapeKey(claim.segments);
    for (const [position, method] of claim.methods.entries()) {
      if (method === undefined) continue;
      const key = `${method} ${shape}`;
      const owner = owners.get(key) ?? claim;
      owners.set(key, owner);
      // The same method twice in one list is reported where methods are checked.
      if (owner !== claim) report(pathOf(claim, position), conflict(method, claim, owner), "Leave one of them out.");
    }
  }
}

function pathOf(claim: RouteClaim, position: number): Fault["path"] {
  return ["routes", claim.index, "methods", position];
}

function conflict(method: string, claim: RouteClaim, owner: RouteClaim): string {
  return `\`${method} ${claim.path}\` is served by routes[${owner.index}] (\`${owner.path}\`) as well.`;
}

/** A decoded literal holds no slash, and the equals sign keeps one that reads `:` or `*` apart from the real ones. */
function shapeKey(segments: readonly PathSegment[]): string {
  return segments.map((it) => (it.kind === "literal" ? `=${it.text}` : it.kind === "parameter" ? ":" : "*")).join("/");
}
