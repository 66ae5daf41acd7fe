/**
 * A registered name or IPv4 address, or an IPv6 address in brackets, and optionally a port. `_` is in no host name of
 * the DNS, but in names of containers.
 */
const HOST = /^(?:[0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]+)*\.?|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;

/**
 * Whether a `Host` header is a host name with an optional port (RFC 9110 7.2). Percent-encoding and characters outside
 * ASCII are not accepted, although RFC 3986 3.2.2 allows the former. Whether the name exists, or is one of this
 * gateway, is not checked.
 */
export function isHost(text: string): boolean {
  return HOST.test(text);
}

/**
 * The host name in a `Host` header, in lower case (RFC 3986 3.2.2) and without the port. It is not normalized further:
 * a dot at its end stays. `host` must have passed `isHost`.
 */
export function hostNameOf(host: string): string {
  return host.replace(/:\d*$/, "").toLowerCase();
}
