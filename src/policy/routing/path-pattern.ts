import { MAX_PATH_BYTES, MAX_PATTERN_SEGMENTS } from "../../limits.ts";
import { type FaultText, fault, type Result, success } from "../../result.ts";
import { canonicalPath, hasPathParameters } from "./canonical-path.ts";
import { isReservedPath } from "./reserved-paths.ts";

/**
 * One segment of a path pattern. A literal is decoded, so that `/@me` and `/%40me` are the same pattern. A trailing
 * slash is a last literal without text.
 */
export type PathSegment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "wildcard" };

const PARAMETER = /^:[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Parses a path pattern: literal segments, `:name` for one segment that is not empty, and `*` as the last segment for
 * one or more segments. A trailing slash is a literal of its own: `/orders/` does not match `/orders`, nor the other
 * way round. `/` has no segments.
 *
 * Literals must be in canonical form, because no request has a path in another form. Write a literal `:` or `*` as
 * `%3A` or `%2A` where it would be read as part of the pattern. Refuses the gateway's own paths, path parameters, which
 * never take part in matching, and more than `MAX_PATTERN_SEGMENTS` segments.
 */
export function parsePathPattern(pattern: string): Result<readonly PathSegment[], FaultText> {
  const misspelled = checkSpelling(pattern);
  if (misspelled) return misspelled;
  if (isReservedPath(pattern)) return fault("The path belongs to the gateway.", "Choose another path.");
  const segments = parseSegments(pattern);
  if (!segments.ok) return segments;
  const names = new Set<string>();
  for (const segment of segments.value) {
    if (segment.kind !== "parameter") continue;
    if (names.has(segment.name)) {
      return fault(`The path has \`:${segment.name}\` twice.`, "Name each parameter differently.");
    }
    names.add(segment.name);
  }
  return segments;
}

/**
 * Parses a template for the path that an upstream gets. It is written like a path pattern. It may have a parameter
 * twice, and it may be any path, because the gateway's own paths mean nothing to an upstream.
 */
export function parsePathTemplate(template: string): Result<readonly PathSegment[], FaultText> {
  return checkSpelling(template) ?? parseSegments(template);
}

function parseSegments(pattern: string): Result<readonly PathSegment[], FaultText> {
  if (pattern === "/") return success([]);
  if (pattern.endsWith("/*/")) {
    return fault("The path goes on after its `*`.", "Remove the slash at its end: `*` also matches paths with one.");
  }
  const parts = pattern.slice(1).split("/");
  if (parts.length > MAX_PATTERN_SEGMENTS) {
    return fault(
      `The path has ${parts.length} segments, more than ${MAX_PATTERN_SEGMENTS}.`,
      "Shorten it. In a route, a `*` at the end matches all further segments.",
    );
  }
  const segments: PathSegment[] = [];
  for (const [index, part] of parts.entries()) {
    const parsed = parseSegment(part, index === parts.length - 1);
    if (!parsed.ok) return parsed;
    segments.push(parsed.value);
  }
  return success(segments);
}

/**
 * A pattern without the names of its parameters, for people and logs: `/orders/:` for `/orders/:id`. Patterns that the
 * matching rule takes for one shape can still differ here in the spelling of a literal, such as `@me` and `%40me`.
 */
export function shapeOf(pattern: string): string {
  return pattern.replace(/\/:[^/]+/g, "/:");
}

/** The place of each parameter of a pattern in its path, from 0, by name. The pattern must be valid. */
export function parametersOf(pattern: string): ReadonlyMap<string, number> {
  const parts = pattern.slice(1).split("/");
  return new Map(parts.flatMap((part, at) => (part.startsWith(":") ? [[part.slice(1), at] as const] : [])));
}

type Failed = ReturnType<typeof fault>;

/**
 * Segments of unreserved characters, `:` and `*` that do not begin with a dot: nearly all, and canonical as written.
 */
const PLAIN = /^(?:\/[A-Za-z0-9_~:*-][A-Za-z0-9._~:*-]*)+\/?$/;

function checkSpelling(pattern: string): Failed | undefined {
  if (!pattern.startsWith("/")) return fault("The path does not start with a slash.", `Write \`/${pattern}\`.`);
  const isPlain = pattern.length <= MAX_PATH_BYTES && PLAIN.test(pattern);
  return isPlain ? undefined : checkUnusualSpelling(pattern);
}

function checkUnusualSpelling(pattern: string): Failed | undefined {
  if (/[?#]/.test(pattern)) {
    return fault(
      "The path contains `?` or `#`.",
      "A query is never matched. Write %3F or %23 if you mean the character.",
    );
  }
  if (hasPathParameters(pattern) || pattern.includes("%3b")) {
    return fault("The path contains path parameters.", "Leave out `;` and what follows: it is never matched.");
  }
  // Read like a request's path. With an origin in front, `//host` is not taken for a host.
  const canonical = canonicalPath(new URL(`http://pattern.invalid${pattern}`).pathname);
  if (!canonical.ok) return fault(canonical.failure.detail, "The gateway refuses every request with such a path.");
  if (canonical.value !== pattern) return fault("The path is not in canonical form.", `Write \`${canonical.value}\`.`);
  return undefined;
}

function parseSegment(part: string, isLast: boolean): Result<PathSegment, FaultText> {
  if (part === "*" && isLast) return success({ kind: "wildcard" });
  if (part.includes("*")) {
    return fault("A `*` is not the whole last segment.", "Write %2A if you mean the character.");
  }
  if (!part.startsWith(":")) {
    return success({ kind: "literal", text: part.includes("%") ? decodeURIComponent(part) : part });
  }
  if (PARAMETER.test(part)) return success({ kind: "parameter", name: part.slice(1) });
  return fault(
    `\`${part}\` is not a parameter.`,
    "Name it with letters, digits and underscores. Write %3A if you mean a colon.",
  );
}
