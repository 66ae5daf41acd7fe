import { MAX_PATH_BYTES } from "../../limits.ts";
import { failure, type Result, success } from "../../result.ts";

/** Why a path is refused. `detail` is a sentence for the log. It contains nothing of the path. */
export interface PathFault {
  readonly reason: "path-ambiguous" | "path-too-long";
  readonly detail: string;
}

/** Matches every path that may not be canonical yet. Most paths do not match. */
const SUSPECT = /[^!-~]|[#%;?\\]|\/\.{0,2}\/|\/\.{1,2}$/;
const FORBIDDEN_RAW = /[^!-~]|[#?\\]/;
const ESCAPE = /%[0-9A-Fa-f]{2}/g;
const MALFORMED_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const UNRESERVED = /^[A-Za-z0-9._~-]$/;
/** `/`, `\`, and the controls of ASCII and Latin-1. `%C2` always begins a character of two bytes. */
const ENCODED_SEPARATOR_OR_CONTROL = /%(?:2F|5C|[01][0-9A-F]|7F|C2%[89][0-9A-F])/;
/** The same without `/`. */
const ENCODED_BACKSLASH_OR_CONTROL = /%(?:5C|[01][0-9A-F]|7F|C2%[89][0-9A-F])/;
/**
 * At the end of a path, or in path parameters, which some servers cut off before they decode and some after. Looks only
 * behind the last `;` before it: a search from each to the end of the segment would take quadratic time.
 */
const MISPLACED_ENCODED_SLASH = /%2F$|(?:;|%3B)(?:(?!%3B)[^/;])*%2F/;
const DOUBLE_ENCODING = /%25[0-9A-Fa-f]{2}/;
/** Nothing, `.` or `..` before a separator or path parameters: servers disagree on whether to cut those first. */
const EMPTY_OR_DOT_SEGMENT = /\/(\.{0,2})(?:\/|;|%3B)|\/(\.{1,2})$/;

/**
 * The one spelling of a path that is matched and forwarded (RFC 3986 6.2.2): escapes of unreserved characters are
 * decoded, all other escapes are in upper case.
 *
 * Refuses every path that two servers could read in two ways: malformed escapes, escapes that are not UTF-8, encoded
 * separators and controls, double encoding, empty and dot segments (also before path parameters), and characters that
 * must be escaped. A path whose canonical form is longer than `MAX_PATH_BYTES` is too long.
 *
 * Takes `URL.pathname` of the request, never its raw target: dot segments are refused here, not folded. Accepts `;` and
 * `%3B`, which only some upstreams may get: see `hasPathParameters`. Idempotent, linear, never throws.
 *
 * @param keepsEncodedSlash whether `%2F` may stand inside a segment. The caller must then check that the upstream may
 * get it: see `hasEncodedSlash`. Nothing on either side of it is empty or a dot segment, so no server that decodes it
 * first resolves the path to another one. It is never in path parameters.
 */
export function canonicalPath(pathname: string, keepsEncodedSlash = false): Result<string, PathFault> {
  // An escape shrinks to a third at most, so the canonical form of a longer path is always too long.
  if (pathname.length > 3 * MAX_PATH_BYTES) return tooLong;
  if (SUSPECT.test(pathname) || !pathname.startsWith("/")) return canonicalize(pathname, keepsEncodedSlash);
  return pathname.length > MAX_PATH_BYTES ? tooLong : success(pathname);
}

/** Whether a canonical path has path parameters (RFC 3986 3.3): a `;`, also as `%3B`. */
export function hasPathParameters(path: string): boolean {
  return path.includes(";") || path.includes("%3B");
}

/** Whether a canonical path has an encoded slash. */
export function hasEncodedSlash(path: string): boolean {
  return path.includes("%2F");
}

const tooLong = failure<PathFault>({
  reason: "path-too-long",
  detail: `The path is longer than ${MAX_PATH_BYTES} bytes.`,
});

function canonicalize(pathname: string, keepsEncodedSlash: boolean): Result<string, PathFault> {
  if (!pathname.startsWith("/")) return ambiguous("The path does not start with a slash.");
  if (FORBIDDEN_RAW.test(pathname)) return ambiguous("The path contains a character that must be escaped.");
  if (MALFORMED_ESCAPE.test(pathname)) return ambiguous("The path contains a malformed escape.");
  const path = pathname.replace(ESCAPE, decodeUnreserved);
  // Tested on the result, because `%25%32F` is a double-encoded slash, too.
  if (DOUBLE_ENCODING.test(path)) return ambiguous("The path is encoded twice.");
  if ((keepsEncodedSlash ? ENCODED_BACKSLASH_OR_CONTROL : ENCODED_SEPARATOR_OR_CONTROL).test(path)) {
    return ambiguous("The path contains an encoded separator or control.");
  }
  if (!isUtf8(path)) return ambiguous("The path contains an escape that is not UTF-8.");
  if (keepsEncodedSlash && MISPLACED_ENCODED_SLASH.test(path)) {
    return ambiguous("The path contains an encoded slash at its end or in path parameters.");
  }
  // The parts around an encoded slash must be neither empty nor dots, as if they were segments.
  const segment = EMPTY_OR_DOT_SEGMENT.exec(keepsEncodedSlash ? path.replaceAll("%2F", "/") : path);
  if (segment) return ambiguous(`The path contains ${segment[1] === "" ? "an empty" : "a dot"} segment.`);
  return path.length > MAX_PATH_BYTES ? tooLong : success(path);
}

function ambiguous(detail: string): Result<string, PathFault> {
  return failure({ reason: "path-ambiguous", detail });
}

function decodeUnreserved(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return UNRESERVED.test(character) ? character : encoded.toUpperCase();
}

function isUtf8(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
