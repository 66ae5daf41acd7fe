import type { SentRequest, WayBack } from "./way-back.ts";

/** What decides how a cookie is mapped. */
export interface CookieRequest extends SentRequest {
  /** The gateway's own origin. */
  readonly gatewayOrigin: string;
}

/**
 * A `Set-Cookie` value (RFC 6265 4.1) as the caller gets it. A `Path` below the upstream's prefix becomes the path of
 * the gateway; any other stays. A `Domain` that is the upstream's host goes, and so does one above it in which the
 * gateway is not: the cookie is then one of the gateway's host. The name, the value and all other attributes stay as
 * they are.
 *
 * @param own the upstream's origin; `undefined`: it is a service, so its host is the gateway's
 */
export function mapCookie(cookie: string, own: URL | undefined, wayBack: WayBack, request: CookieRequest): string {
  const [pair = "", ...attributes] = cookie.split(";");
  // Browsers refuse such a cookie with any other path than `/` (RFC 6265bis 4.1.3.2).
  const isOfWholeHost = /^\s*__host-/i.test(pair);
  const mapped = attributes.flatMap((attribute) => {
    // Not by one pattern: with optional white space around each part, its time grows with the cube of the length.
    const equals = attribute.indexOf("=");
    const value = attribute.slice(equals + 1).trim();
    switch (attribute.slice(0, Math.max(equals, 0)).trim().toLowerCase()) {
      case "path": {
        const before = attribute.slice(0, attribute.trimEnd().length - value.length);
        return isOfWholeHost ? attribute : before + pathBack(value, wayBack, request);
      }
      case "domain":
        return own !== undefined && isOnlyOf(own.hostname, value, request.gatewayOrigin) ? [] : attribute;
      default:
        return attribute;
    }
  });
  return [pair, ...mapped].join(";");
}

/**
 * Whether a cookie's domain is of the upstream and not of the gateway. A dot before it is ignored (RFC 6265 5.2.3). A
 * scheme and a port make it no domain, but they name the upstream all the same.
 */
function isOnlyOf(upstreamHost: string, value: string, gatewayOrigin: string): boolean {
  const host = value
    .toLowerCase()
    .replace(/^(?:[a-z]+:)?\/\//, "")
    .replace(/(?::\d+)?\/?$/, "");
  const domain = host.replace(/^\./, "").replace(/\.$/, "");
  if (domain === "") return false;
  const isIn = (name: string) => name === domain || name.endsWith(`.${domain}`);
  return domain === upstreamHost || (isIn(upstreamHost) && !isIn(new URL(gatewayOrigin).hostname));
}

/** A path that is none is left alone: browsers then take that of the request, which is the gateway's. */
function pathBack(path: string, wayBack: WayBack, request: SentRequest): string {
  if (!path.startsWith("/")) return path;
  const inner = wayBack.withoutPathPrefix(path);
  if (inner === undefined) return path;
  return wayBack.areaOf(inner, request);
}
