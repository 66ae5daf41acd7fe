/**
 * What a request comes to, worked out from the documented rules alone: no code of the gateway takes part. Slow and
 * plain on purpose.
 */

/** The members of a policy's file that decide it. */
export interface MatchedFile {
  readonly hosts?: readonly string[];
  readonly upstreams: Readonly<Record<string, { readonly url: string } & Allowed>>;
  readonly routes: readonly MatchedRoute[];
}

interface Allowed {
  readonly allowEncodedSlash?: boolean;
  readonly allowPathParameters?: boolean;
}

export interface MatchedRoute {
  readonly path: string;
  readonly methods: readonly string[];
  readonly hosts?: readonly string[];
  readonly upstream: string;
}

/** A status of the gateway, or the URL that the upstream gets, without the query. */
export type Expected = 400 | 404 | 405 | 421 | string;

interface Spelling {
  readonly path: string;
  readonly segments: readonly string[];
  readonly hasSlash: boolean;
  readonly hasParameters: boolean;
}

/** @param pathname as a URL parser writes it */
export function plainlyExpected(file: MatchedFile, host: string, method: string, pathname: string): Expected {
  const spelling = canonicalSpelling(pathname);
  const someAllow = Object.values(file.upstreams).some(({ allowEncodedSlash }) => allowEncodedSlash);
  if (spelling === undefined || (spelling.hasSlash && !someAllow)) return 400;
  if (file.hosts !== undefined && !file.hosts.includes(host)) return 421;
  const own = mostSpecific(
    file.routes.filter(({ hosts }) => hosts?.includes(host)),
    spelling.segments,
  );
  const group =
    own.length > 0
      ? own
      : mostSpecific(
          file.routes.filter(({ hosts }) => hosts === undefined),
          spelling.segments,
        );
  const listing = (name: string) => group.find(({ methods }) => methods.includes(name));
  const route = listing(method) ?? (method === "HEAD" ? listing("GET") : undefined) ?? listing("*");
  const upstream = route && file.upstreams[route.upstream];
  if (spelling.hasParameters && !upstream?.allowPathParameters) return 400;
  if (spelling.hasSlash && !upstream?.allowEncodedSlash) return 400;
  if (group.length === 0) return 404;
  return upstream === undefined ? 405 : upstream.url + spelling.path;
}

/** `undefined`: two servers could read the path in two ways. */
function canonicalSpelling(pathname: string): Spelling | undefined {
  if (!/^\/[!-~]*$/.test(pathname) || /%(?![0-9A-Fa-f]{2})/.test(pathname)) return undefined;
  const path = pathname.replace(/%../g, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escaped.toUpperCase();
  });
  const text = decodedOrNothing(path);
  if (text === undefined || /[\p{Cc}\\]/u.test(text) || /%25[0-9A-Fa-f]{2}/.test(path)) return undefined;
  if (path === "/") return { path, segments: [], hasSlash: false, hasParameters: false };
  const parts = path.slice(1).split("/");
  const segments = parts.map((part) => part.split(/;|%3B/)[0] ?? "");
  const isClear = parts.every((part, at) => {
    if (part === "" && at > 0 && at === parts.length - 1) return true;
    const segment = segments[at] ?? "";
    if (part.slice(segment.length).includes("%2F")) return false;
    return segment.split("%2F").every((piece) => piece !== "" && piece !== "." && piece !== "..");
  });
  if (!isClear) return undefined;
  return { path, segments, hasSlash: path.includes("%2F"), hasParameters: /;|%3B/.test(path) };
}

function decodedOrNothing(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * All routes of the shape that wins. At the first segment that differs, a literal wins over `:name`, and that over `*`.
 */
function mostSpecific(routes: readonly MatchedRoute[], segments: readonly string[]): readonly MatchedRoute[] {
  const ranked = routes.flatMap((route) => {
    const rank = rankOf(route.path, segments);
    return rank === undefined ? [] : [{ route, rank }];
  });
  const best = ranked.map(({ rank }) => rank).sort()[0];
  return ranked.filter(({ rank }) => rank === best).map(({ route }) => route);
}

/** One digit for each segment: 0 a literal, 1 `:name`, 2 `*`. `undefined`: the pattern does not match. */
function rankOf(pattern: string, segments: readonly string[]): string | undefined {
  const parts = pattern === "/" ? [] : pattern.slice(1).split("/");
  const ranks = parts.map((part, at) => {
    const segment = segments[at];
    if (segment === undefined) return undefined;
    if (part === "*" || part.startsWith(":")) return segment === "" ? undefined : part === "*" ? "2" : "1";
    return decodeURIComponent(part) === decodeURIComponent(segment) ? "0" : undefined;
  });
  if (ranks.includes(undefined) || (!pattern.endsWith("/*") && parts.length !== segments.length)) return undefined;
  return ranks.join("");
}
