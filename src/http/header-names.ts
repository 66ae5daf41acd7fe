/** Whether the text is a field name (RFC 9110 5.1, 5.6.2). */
export function isHeaderName(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text);
}

/**
 * The name under which an upstream may know a header: lower case, and everything but letters and digits read as `-`.
 * CGI and its heirs (RFC 3875 4.1.18) cannot tell `X_Auth_Subject` from `X-Auth-Subject`, so whoever compares names for
 * safety's sake compares these.
 */
export function foldHeaderName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "-");
}

/** They would make an upstream serve another path or method than the one that was authorized. */
export const REQUEST_OVERRIDES = [
  "x-original-url",
  "x-rewrite-url",
  "x-http-method",
  "x-http-method-override",
  "x-method-override",
];

/** What other proxies say of the caller's address or the original request, and what CGI takes for a setting (httpoxy). */
export const CALLER_ADDRESS_AND_ORIGINAL = [
  "x-real-ip",
  "true-client-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "client-ip",
  "x-original-host",
  "x-original-uri",
  "x-envoy-original-path",
  "proxy",
];
