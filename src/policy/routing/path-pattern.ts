import { MAX_PATH_BYTES } from "../../limits.ts";
import { canonicalPath, hasPathParameters } from "./canonical-path.ts";
import { isReservedPath } from "./reserved-paths.ts";

/** One segment of a path pattern. A literal is decoded, so that `/@me` and `/%40me` are the same pattern. */
export type PathSegment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "wildcard" };

/** Why a pattern is refused, and what to write instead. */
export class PatternFault {
  readonly message: string;
  readonly hint: string;

  constructor(message: string, hint: string) {
    this.message = message;
    this.hint = hint;
  }
}

const PARAMETER = /^:[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads a path pattern: literal segments, `:name` for one segment that is not empty, and `*` as the last segment for
 * all that follow. Its literals must be in canonical form, or no request would ever match them; a `:` or `*` that is
 * meant literally is written `%3A` or `%2A` where it would be read as a pattern. Refuses the gateway's own paths and
 * path parameters, which matching cuts off. `/` has no segments.
 */
export function parsePathPattern(pattern: string): readonly PathSegment[] | PatternFault {
  if (!pattern.startsWith("/"))
    return new PatternFault("The path does not start with a slash.", `Write \`/${pattern}\`.`);
  const spelling = checkSpelling(pattern);
  if (spelling) return spelling;
  if (pattern === "/") return [];
  const parts = pattern.slice(1).split("/");
  const segments: PathSegment[] = [];
  const names = new Set<string>();
  for (const [index, part] of parts.entries()) {
    const segment = parseSegment(part, index === parts.length - 1);
    if (segment instanceof PatternFault) return segment;
    if (segment.kind === "parameter" && names.has(segment.name)) {
      return new PatternFault(`The path has \`:${segment.name}\` twice.`, "Name each parameter differently.");
    }
    if (segment.kind === "parameter") names.add(segment.name);
    segments.push(segment);
  }
  return segments;
}

/** Segments of unreserved characters, `:` and `*` that begin with no dot: canonical as they stand, as nearly all are. */
const PLAIN = /^(?:\/[A-Za-z0-9_~:*-][A-Za-z0-9._~:*-]*)+$/;

function checkSpelling(pattern: string): PatternFault | undefined {
  const isPlain = pattern.length <= MAX_PATH_BYTES && PLAIN.test(pattern);
  const fault = isPlain ? undefined : checkUnusualSpelling(pattern);
  if (fault) return fault;
  if (isReservedPath(pattern)) return new PatternFault("The path belongs to the gateway.", "Choose another path.");
  return undefined;
}

function checkUnusualSpelling(pattern: string): PatternFault | undefined {
  if (/[?#]/.test(pattern)) {
    return new PatternFault(
      "The path holds `?` or `#`.",
      "A query is never matched; write %3F or %23 for the character.",
    );
  }
  if (hasPathParameters(pattern) || pattern.includes("%3b")) {
    return new PatternFault("The path holds path parameters.", "Leave out `;` and what follows: it is never matched.");
  }
  // As a request's path is read. The origin is there so that `//host` cannot be taken for one.
  const canonical = canonicalPath(new URL(`http://pattern.invalid${pattern}`).pathname);
  if (!canonical.ok) return new PatternFault(canonical.failure.detail, "No request with such a path is served.");
  if (canonical.value !== pattern) {
    return new PatternFault("The path is not in canonical form.", `Write \`${canonical.value}\`.`);
  }
  if (pattern !== "/" && pattern.endsWith("/")) {
    return new PatternFault("The path ends with a slash.", `Write \`${pattern.slice(0, -1)}\`.`);
  }
  return undefined;
}

function parseSegment(part: string, isLast: boolean): PathSegment | PatternFault {
  if (part === "*" && isLast) return { kind: "wildcard" };
  if (part.includes("*")) {
    return new PatternFault("A `*` is not the whole last segment.", "Write %2A if the character is meant.");
  }
  if (!part.startsWith(":")) return { kind: "literal", text: part.includes("%") ? decodeURIComponent(part) : part };
  if (PARAMETER.test(part)) return { kind: "parameter", name: part.slice(1) };
  return new PatternFault(
    `\`${part}\` is not a parameter.`,
    "Name it with letters, digits and underscores; write %3A if a colon is meant.",
  );
}
