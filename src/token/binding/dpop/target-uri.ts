/** `http` or `https`, an authority without user information, and printable ASCII without `\`. */
const ABSOLUTE_URL = /^https?:\/\/[!-.0-9:;=A-Z[\]_a-z~]+(?:[/?#][!-[\]-~]*)?$/i;
const ENCODED = /%([0-9A-Fa-f]{2})/g;
const BROKEN_ENCODING = /%(?![0-9A-Fa-f]{2})/;
/** RFC 3986 2.3. */
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/**
 * Normalizes the URI of a request for comparison with `htu` (RFC 9449 4.3, RFC 3986 6.2.2 and 6.2.3): scheme and host
 * in lower case, percent-encoding only where it is needed and in upper case, no dot segments, no default port, `/` for
 * an empty path. Query and fragment are dropped. An encoded slash stays encoded, because it is another path.
 *
 * `URL` alone is too lenient: it removes line breaks, reads `\` as `/`, and accepts `https:host`.
 *
 * @returns `undefined` for a text that is no absolute `http` or `https` URI, has user information or is not ASCII
 */
export function targetUri(text: string): string | undefined {
  if (!ABSOLUTE_URL.test(text)) return undefined;
  const end = text.search(/[?#]/);
  const target = end < 0 ? text : text.slice(0, end);
  if (BROKEN_ENCODING.test(target)) return undefined;
  const decoded = target.replace(ENCODED, (encoding: string, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return UNRESERVED.test(character) ? character : encoding.toUpperCase();
  });
  const url = URL.parse(decoded);
  return url === null ? undefined : url.origin + url.pathname;
}
