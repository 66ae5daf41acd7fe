/**
 * Whether a text is the URI of a resource in normal form (RFC 3986 6.2.2, and 6.2.3 for the schemes that the URL
 * standard knows). Tables of resources compare texts. With a second spelling of one URI, a caller could slip past a
 * strict entry to the shorter prefix of a loose one, and the server reads the same resource. So these are refused:
 *
 * - an upper-case scheme or host, a user, an escape in the host, a default, empty or padded port
 * - dot segments, also behind backslashes, escaped slashes, double escapes or path parameters (`..;`)
 * - escapes of unreserved characters and of controls, escapes in lower case, broken escapes
 * - a backslash, a space, and every other character that no URI has
 * - a fragment, which no server gets by itself, and a lone `?`
 *
 * Two URIs in normal form can still name one resource of a server, for example with another query. Only the server
 * knows.
 */
export function isNormalUri(text: string): boolean {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):(.+)$/s.exec(text) ?? [];
  if (scheme === undefined || rest === undefined || !ONLY_URI_CHARACTERS.test(rest) || NEEDLESS_ESCAPE.test(rest)) {
    return false;
  }
  const [hierarchy = "", query] = split(rest, "?");
  if (query === "") return false;
  const [, authority] = /^\/\/([^/]*)/.exec(hierarchy) ?? [];
  if (authority !== undefined && !NORMAL_AUTHORITY.test(authority)) return false;
  // In the place of the host, too: a server that takes what follows `notes://` for a path reads `notes://./a` as `a`.
  if (hasDotSegment(hierarchy)) return false;
  // The URL standard knows more of its own schemes: default ports, the empty path, spellings of addresses.
  const head = `${scheme}:${hierarchy}`;
  return !SPECIAL_SCHEMES.has(scheme) || URL.parse(head)?.href === head;
}

/**
 * Whether a text is a template of URIs (RFC 6570) whose literal parts are in normal form, such as `orders://{id}`.
 * Every URI is one.
 */
export function isNormalTemplate(text: string): boolean {
  return isNormalUri(text.replace(/\{[+#./;?&]?[A-Za-z0-9_%.,:*]+\}/g, "x"));
}

/** Whether a text is the beginning of some URI in normal form. Otherwise no URI has this prefix. */
export function isPrefixOfNormalUri(text: string): boolean {
  return normalUriFrom(text) !== undefined;
}

/** The text itself if it is a URI in normal form, or else one that begins with it; `undefined`: there is none. */
export function normalUriFrom(text: string): string | undefined {
  return COMPLETIONS.map((end) => text + end).find(isNormalUri);
}

/** What completes each kind of beginning: none, part of a scheme, of an authority, a port, or a path. */
const COMPLETIONS = ["", "x", "x/", "/x/", "//x/", ":x", "://x/", "x:x", "9/"];

const SPECIAL_SCHEMES: ReadonlySet<string> = new Set(["http", "https", "ws", "wss", "ftp", "file"]);
/** The characters of RFC 3986 without `#`, and whole escapes in upper case. */
const ONLY_URI_CHARACTERS = /^(?:[A-Za-z0-9._~:/?[\]@!$&'()*+,;=-]|%[0-9A-F]{2})+$/;
/** An escape of an unreserved character (RFC 3986 2.3) or of a control character. */
const NEEDLESS_ESCAPE = /%(?:[01][0-9A-F]|7F|2D|2E|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])/;
/** A host in lower case, without escapes, and a port without padding. No user. */
const NORMAL_AUTHORITY = /^(?:[a-z0-9._~!$&'()*+,;=-]*|\[[0-9a-f:.]+\])(?::[1-9][0-9]*)?$/;
/** `.` and `..`, with path parameters or without. */
const DOT_SEGMENT = /^\.{1,2}(?:;.*)?$/;

/** Also in what a server may decode, once or several times, before it looks for dot segments. */
function hasDotSegment(hierarchy: string): boolean {
  const decoded = hierarchy.replace(/%(?:25)*(2E|2F|3B|5C)/gi, (_, code: string) => decodeURIComponent(`%${code}`));
  return decoded.split(/[/\\]/).some((segment) => DOT_SEGMENT.test(segment));
}

function split(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
