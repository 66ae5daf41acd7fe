/**
 * Parses an absolute URL over which tokens or keys may travel: https, or http on loopback, and no user or password.
 * Otherwise says what is wrong with it, without repeating it: it may hold a secret.
 */
export function parseSafeUrl(text: string): URL | string {
  const url = URL.parse(text);
  if (url === null) return "This is not an absolute URL.";
  if (url.username !== "" || url.password !== "") return "The URL holds a user or password.";
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return url;
  return "The URL is neither https nor http on loopback.";
}

/** `hostname` is that of a `URL`, which has folded every spelling of an IP address into one. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
