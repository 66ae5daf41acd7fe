import { MAX_PATTERN_SEGMENTS } from "../../limits.ts";
import { canonicalPath } from "../../policy/routing/canonical-path.ts";
import { type PathSegment, parsePathPattern } from "../../policy/routing/path-pattern.ts";
import { type FaultText, fault, type Result, success } from "../../result.ts";

/** A path template as a path pattern. */
export interface ReadTemplate {
  readonly pattern: string;
  readonly segments: readonly PathSegment[];
  /** A key: two patterns of one shape match the same paths. It has no names of parameters, and literals are decoded. */
  readonly shape: string;
  /** Whether the pattern matches more paths than the template, because a segment is only partly a parameter. */
  readonly isLooser: boolean;
}

const DOT_SEGMENT = /\/(?:\.|%2E){1,2}(?:\/|$)/i;

/**
 * Reads an OpenAPI path template, `/files/{name}.{ext}`, as a path pattern, `/files/:name_ext`. Keeps a trailing slash.
 * A greedy parameter of Amazon API Gateway, `{proxy+}`, becomes `*`. Fails for a template that no pattern can express,
 * such as one with a query.
 *
 * @param prefix in front of every path, in canonical form without a trailing slash; may be empty
 */
export function readTemplate(template: string, prefix = ""): Result<ReadTemplate, FaultText> {
  if (!template.startsWith("/")) return fault("The path does not start with a slash.", "Correct it.");
  if (/[?#;\\]|\p{Cc}/u.test(template)) {
    const message = "The path contains `?`, `#`, `;`, a backslash or a control character.";
    return fault(message, "No path pattern can contain them.");
  }
  if (DOT_SEGMENT.test(template)) {
    return fault("The path contains a dot segment.", "Write the path that requests have: they resolve it.");
  }
  const names = new Set<string>();
  let isLooser = false;
  const templateParts = template.slice(1).split("/");
  if (templateParts.slice(0, -1).some(isGreedy)) {
    return fault("A greedy parameter is not the last segment.", "A `*` ends a path pattern.");
  }
  const parts = templateParts.map((part) => {
    if (isGreedy(part)) return "*";
    if (!/[{}]/.test(part)) return literal(part);
    isLooser ||= !/^\{[^{}]*\}$/.test(part);
    return parameter(part, names);
  });
  // OpenAPI appends a path to the server's URL as it is, so `/` under `/v1` is `/v1/`.
  const pattern = `${prefix}/${parts.join("/")}`;
  const segments = parsePathPattern(pattern);
  if (!segments.ok) return segments;
  return success({ pattern, segments: segments.value, shape: shapeOf(segments.value), isLooser });
}

function shapeOf(segments: readonly PathSegment[]): string {
  return JSON.stringify(segments.map((segment) => (segment.kind === "literal" ? [segment.text] : segment.kind)));
}

/**
 * A template that `readTemplate` refuses, as the path that the gateway makes of a request for it: without query,
 * fragment and path parameters, and with dot segments and backslashes resolved. A `*` stands for more segments than a
 * pattern may have. A route for that path serves its requests, too. `undefined` if no route can.
 */
export function readBarePath(template: string, prefix = ""): ReadTemplate | undefined {
  const parts = bareTemplate(template)
    .replace(/\{[^{}]*\+\}\/.*$/s, "{rest+}")
    .split("/");
  // Both begin with an empty part, which is not a segment.
  const room = MAX_PATTERN_SEGMENTS - prefix.split("/").length + 2;
  const kept = parts.length > room ? [...parts.slice(0, room - 1), "{rest+}"] : parts;
  const bare = readTemplate(kept.join("/"), prefix);
  return bare.ok ? { ...bare.value, isLooser: true } : undefined;
}

function bareTemplate(template: string): string {
  const path = template
    .replace(/\{[^{}]*\}/g, (parameter) => parameter.replace(/[?#;\\]/g, "_"))
    // As a URL is parsed: tabs and line breaks vanish.
    .replace(/[\t\n\r]|[?#].*$/gs, "")
    .replaceAll("\\", "/")
    .replace(/(?:;|%3B)[^/]*/gi, "")
    .replace(/%2E/gi, ".");
  const kept: string[] = [];
  const parts = path.replace(/^\//, "").split("/");
  for (const [index, part] of parts.entries()) {
    const isDot = part === "." || part === "..";
    if (part === "..") kept.pop();
    if (!isDot) kept.push(part);
    else if (index === parts.length - 1) kept.push("");
  }
  return `/${kept.join("/")}`;
}

/** Whether a segment is a parameter for the rest of the path, as Amazon API Gateway writes it. */
function isGreedy(part: string): boolean {
  return /^\{[^{}]*\+\}$/.test(part);
}

/**
 * Escapes what would be pattern syntax. A segment without a canonical form is left for `parsePathPattern` to refuse.
 */
function literal(part: string): string {
  const escaped = part.replaceAll("*", "%2A").replace(/^:/, "%3A");
  const url = URL.parse(`http://template.invalid/${escaped}`);
  const canonical = url && canonicalPath(url.pathname);
  return canonical?.ok ? canonical.value.slice(1) : escaped;
}

function parameter(part: string, names: Set<string>): string {
  const words = Array.from(part.matchAll(/\{([^{}]*)\}/g), ([, name]) => name).join("_");
  const identifier = words.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^(?![A-Za-z_])/, "_");
  let name = identifier;
  for (let count = 2; names.has(name); count++) name = `${identifier}_${count}`;
  names.add(name);
  return `:${name}`;
}
