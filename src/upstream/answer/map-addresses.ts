import type { ServedPolicy, Upstream } from "../../policy/policy.ts";
import { hostKey } from "../../policy/routing/served-hosts.ts";
import { mapCookie } from "./map-cookie.ts";
import { type SentRequest, WayBack } from "./way-back.ts";

/** A request whose answer is mapped. */
export interface AnsweredRequest extends SentRequest {
  /** The gateway's own origin. */
  readonly gatewayOrigin: string;
}

/**
 * Maps the addresses in an answer back to the gateway's, in place: `Location`, `Content-Location` (RFC 9110 10.2.2 and
 * 8.7), and `Path` and `Domain` of every `Set-Cookie` (RFC 6265 5.2). Other headers and the body stay as they are, and
 * so does the query of such an address.
 *
 * @returns whether an address had no way back, so that only its path and query were sent
 */
export type MapAddresses = (headers: Headers, answered: AnsweredRequest) => boolean;

/** Whether an answer has a header that `MapAddresses` may change. Nearly none has. */
export function hasAddresses(headers: Headers): boolean {
  return headers.has("location") || headers.has("set-cookie") || headers.has("content-location");
}

/**
 * Makes the mapping of each upstream. `undefined` for a service whose paths are not rewritten: its answers name the
 * gateway's own addresses already.
 */
export function createAddressMaps(
  policy: Pick<ServedPolicy, "upstreams" | "table" | "byHost" | "templates">,
): (upstream: Upstream) => MapAddresses | undefined {
  const maps = new Map<string, MapAddresses>();
  for (const upstream of policy.upstreams.values()) {
    const wayBack = new WayBack(upstream, policy);
    if (upstream.kind === "service" && wayBack.isIdentity) continue;
    const own = upstream.kind === "url" ? new URL(upstream.origin) : undefined;
    maps.set(upstream.name, (headers, answered) => mapAddresses(headers, own, wayBack, answered));
  }
  return ({ name }) => maps.get(name);
}

function mapAddresses(headers: Headers, own: URL | undefined, wayBack: WayBack, answered: AnsweredRequest): boolean {
  let isUnmapped = false;
  for (const name of ["location", "content-location"]) {
    const value = headers.get(name);
    if (value === null) continue;
    // Browsers leave tabs out before they read a URL, so one could hide that the URL is absolute.
    const mapped = mapReference(onlyFirst(value).replaceAll("\t", ""), own, wayBack, answered);
    if (mapped === REMOVED) headers.delete(name);
    else if (mapped.value !== value) headers.set(name, mapped.value);
    isUnmapped ||= mapped === REMOVED || mapped.isUnmapped;
  }
  if (headers.has("set-cookie")) {
    const cookies = headers.getSetCookie();
    headers.delete("set-cookie");
    for (const cookie of cookies) headers.append("set-cookie", mapCookie(cookie, own, wayBack, answered));
  }
  return isUnmapped;
}

interface Mapped {
  readonly value: string;
  readonly isUnmapped: boolean;
}

/** A value that no URL parser takes, but that may name the upstream. */
const REMOVED = "removed";

function mapReference(
  value: string,
  own: URL | undefined,
  wayBack: WayBack,
  answered: AnsweredRequest,
): Mapped | typeof REMOVED {
  const asItIs = { value, isUnmapped: false };
  const isAbsolute = ABSOLUTE.test(value);
  // A reference to the same path means the caller's path, too.
  if (!isAbsolute && (wayBack.isIdentity || /^(?:[?#]|$)/.test(value))) return asItIs;
  const base = (own === undefined ? answered.gatewayOrigin : own.origin) + wayBack.pathPrefix + answered.sentPath;
  const url = URL.parse(value, base);
  if (url === null) return own && value.toLowerCase().includes(own.hostname) ? REMOVED : asItIs;
  const { gatewayOrigin } = answered;
  const tail = /[?#].*$/s.exec(value)?.[0] ?? "";
  const whole = (path: string): string => {
    // Without the origin, a path with two slashes first would be read as another host.
    return isAbsolute || path.startsWith("//") ? gatewayOrigin + path + tail : path + tail;
  };
  switch (placeOf(url, own, answered)) {
    case "upstream": {
      const back = wayBack.to(url.pathname, answered);
      if (back !== undefined) return { value: whole(back), isUnmapped: false };
      return { value: pathAlone(url.pathname, gatewayOrigin) + tail, isUnmapped: true };
    }
    case "other port":
      return { value: pathAlone(url.pathname, gatewayOrigin) + tail, isUnmapped: true };
    case "gateway": {
      // The upstream may know the gateway's host, but not that its paths are others there. A path that the gateway
      // serves is one that the upstream knows to be the gateway's.
      const back = wayBack.isServed(url.pathname, answered) ? undefined : wayBack.to(url.pathname, answered);
      return back !== undefined && wayBack.isServed(back, answered)
        ? { value: whole(back), isUnmapped: false }
        : asItIs;
    }
    case "elsewhere":
      return asItIs;
  }
}

/** A scheme, or two slashes, which browsers also take backslashes for. */
const ABSOLUTE = /^(?:[a-z][a-z0-9+.-]*:|[\\/]{2})/i;

function pathAlone(pathname: string, gatewayOrigin: string): string {
  return pathname.startsWith("//") ? gatewayOrigin + pathname : pathname;
}

/**
 * Whose address it is. The scheme does not count: behind a proxy that ends TLS, an upstream may not know its own. The
 * default port of a scheme is the upstream's own for the same reason. Any other port is another service on the same
 * host. On loopback every service has the same host, so there such an address is the gateway's or elsewhere.
 */
function placeOf(
  { hostname, host, port }: URL,
  own: URL | undefined,
  { gatewayOrigin, url }: AnsweredRequest,
): "upstream" | "other port" | "gateway" | "elsewhere" {
  const isGateway = host !== "" && (host === url.host || host === new URL(gatewayOrigin).host);
  // A service gets requests for the gateway's own origin.
  if (own === undefined) return isGateway ? "upstream" : "elsewhere";
  const key = keyOf(hostname);
  if (key === keyOf(own.hostname)) {
    if (port === "" || port === (own.port || DEFAULT_PORTS[own.protocol])) return "upstream";
    if (key !== "localhost") return "other port";
  }
  return isGateway ? "gateway" : "elsewhere";
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** A dot at the end names the same host. */
function keyOf(hostname: string): string {
  return hostKey(hostname.toLowerCase().replace(/\.$/, ""));
}

/** Two fields of one name are read as one value. Only the first address counts: the others would pass as its path. */
function onlyFirst(value: string): string {
  return value.replace(/,\s+(?:[a-z][a-z0-9+.-]*:|[\\/]).*$/is, "");
}
