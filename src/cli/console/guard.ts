/** What decides whether the console answers: the request as it came, before any routing. */
export interface IncomingRequest {
  readonly method: string;
  /** The request target (RFC 9112 3.2) as it was sent. */
  readonly target: string;
  /** Every value of each header, by its name in lower case. A header that was sent twice has two values. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

/** Why a request is refused. */
export interface Refusal {
  readonly status: 400 | 403 | 405 | 421;
  /** One sentence for the person at the desk. It repeats nothing of the request. */
  readonly text: string;
}

const METHODS = ["GET", "HEAD", "POST"];

/**
 * Refuses what no page of the console sends. A site in the same browser could otherwise ask the console: by a name of
 * its own that resolves to loopback (DNS rebinding), or across origins. Returns `undefined` for a request to be
 * answered. It does not tell one program on this machine from another: each can send any header.
 *
 * @param port the port that the console listens on
 * @param isPage whether the path is that of a view. A link on another site may lead there, and to nothing else
 */
export function refusalOf(
  { method, target, headers }: IncomingRequest,
  port: number,
  isPage: boolean,
): Refusal | undefined {
  // A target in absolute form has a host of its own, and nothing would have checked it.
  if (!target.startsWith("/")) return { status: 400, text: "The request target must be a path." };
  const [host, ...otherHosts] = headers["host"] ?? [];
  if (host === undefined || otherHosts.length > 0 || !hostsOf(port).includes(host.toLowerCase())) {
    return { status: 421, text: `The console answers at ${hostsOf(port)[0]} only.` };
  }
  if (!METHODS.includes(method)) return { status: 405, text: "The console answers GET, HEAD and POST only." };
  const origins = headers["origin"] ?? [];
  if (origins.some((origin) => origin !== `http://${host.toLowerCase()}`)) return FOREIGN;
  const sites = headers["sec-fetch-site"] ?? [];
  if (sites.every((site) => site === "same-origin" || site === "none")) return undefined;
  return isPage && isNavigation(method, headers) ? undefined : FOREIGN;
}

const FOREIGN: Refusal = {
  status: 403,
  text: "The console answers requests of its own pages, and links from other sites.",
};

/** A browser leaves out the port of `Host` if it is the default one of http. */
function hostsOf(port: number): readonly string[] {
  const names = ["127.0.0.1", "localhost"];
  return names.map((name) => (port === 80 ? name : `${name}:${port}`));
}

/** Whether a browser opens the address as a page of its own, in a tab, and not in a frame. */
function isNavigation(method: string, headers: IncomingRequest["headers"]): boolean {
  const is = (name: string, value: string) => headers[name]?.length === 1 && headers[name][0] === value;
  return ["GET", "HEAD"].includes(method) && is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document");
}

/**
 * The headers of every answer. The content security policy lets a page load from the console only, run no inline script
 * or style, and turn no text into elements. No page can be framed, be read by another origin, or be kept in a cache.
 */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"],
    ...["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
    ...["require-trusted-types-for 'script'", "trusted-types 'none'"],
  ].join("; "),
  "x-content-type-options": "nosniff",
  // Not `no-referrer`: with that, browsers send `Origin: null` with a form, as a sandboxed page of another site does.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};
