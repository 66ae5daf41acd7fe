import { MAX_PATH_BYTES } from "../../limits.ts";

/** Why a path is refused. `why` is for people; it holds nothing of the path. */
export interface PathFault {
  readonly reason: "path-ambiguous" | "path-too-long";
  readonly why: string;
}

/** Anything that keeps a path from being canonical as it stands; most paths have none of it. */
const SUSPECT = /[^!-~]|[#%;?\\]|\/\.{0,2}\/|\/\.{1,2}$/;
const FORBIDDEN_RAW = /[^!-~]|[#?\\]/;
const ESCAPE = /%[0-9A-Fa-f]{2}/g;
const MALFORMED_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const UNRESERVED = /^[A-Za-z0-9._~-]$/;
/** `/`, `\`, and the controls of ASCII and of Latin-1 (`%C2` never ends a character, so it always leads this one). */
const ENCODED_SEPARATOR_OR_CONTROL = /%(?:2F|5C|[01][0-9A-F]|7F|C2%[89][0-9A-F])/;
const DOUBLE_ENCODING = /%25[0-9A-Fa-f]{2}/;
/** Nothing, `.` or `..` before a separator or before path parameters: servers disagree on whether those are cut first. */
const EMPTY_OR_DOT_SEGMENT = /\/(\.{0,2})(?:\/|;|%3B)|\/(\.{1,2})$/;

/**
 * The one spelling of a path that is matched and forwarded (RFC 3986 6.2.2): escapes of unreserved characters decoded,
 * the rest in upper case. Refuses what two servers could read in two ways: malformed escapes, escapes that are not
 * UTF-8, encoded separators and controls, double encoding, empty and dot segments (path parameters aside), and whatever
 * should have been escaped. Longer than `MAX_PATH_BYTES` in canonical form is too long.
 *
 * Takes `URL.pathname` of the request, never its raw target: it does not fold dot segments, it refuses them. Accepts
 * `;` and `%3B`, which only some upstreams may get: see `hasPathParameters`. Idempotent, linear, never throws.
 */
export function canonicalPath(pathname: string): string | PathFault {
  // An escape shrinks to a third at most. Beyond that the canonical form need not be made to know that it is too long.
  if (pathname.length > 3 * MAX_PATH_BYTES) return tooLong;
  const path = SUSPECT.test(pathname) || !pathname.startsWith("/") ? canonicalize(pathname) : pathname;
  return typeof path === "string" && path.length > MAX_PATH_BYTES ? tooLong : path;
}

/** Whether a canonical path has path parameters (RFC 3986 3.3): a `;`, also as `%3B`. */
export function hasPathParameters(path: string): boolean {
  return path.includes(";") || path.includes("%3B");
}

const tooLong: PathFault = { reason: "path-too-long", why: `The path is longer than ${MAX_PATH_BYTES} bytes.` };

function canonicalize(pathname: string): string | PathFault {
  if (!pathname.startsWith("/")) return ambiguous("The path does not start with a slash.");
  if (FORBIDDEN_RAW.test(pathname)) return ambiguous("The path holds a character that must be escaped.");
  if (MALFORMED_ESCAPE.test(pathname)) return ambiguous("The path holds a malformed escape.");
  const path = pathname.replace(ESCAPE, decodeUnreserved);
  // On the result, not the input: `%25%32F` is a double-encoded slash, too.
  if (DOUBLE_ENCODING.test(path)) return ambiguous("The path is encoded twice.");
  if (ENCODED_SEPARATOR_OR_CONTROL.test(path)) return ambiguous("The path holds an encoded separator or control.");
  if (!isUtf8(path)) return ambiguous("The path holds an escape that is not UTF-8.");
  const segment = EMPTY_OR_DOT_SEGMENT.exec(path);
  if (segment) return ambiguous(`The path holds ${segment[1] === "" ? "an empty" : "a dot"} segment.`);
  return path;
}

function ambiguous(why: string): PathFault {
  return { reason: "path-ambiguous", why };
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
