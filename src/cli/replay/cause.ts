/**
 * Why nobody can tell from a line how another policy answers the request. The sentences follow a number of requests.
 */
export const CAUSES = {
  gateway: "The gateway answered itself: one of its endpoints, or a preflight.",
  error: "The gateway failed before it decided.",
  other: "Refused for something that the line does not describe, such as a rate limit or a malformed message.",
  path: "Refused for the path or the host, before a route was found.",
  pattern: "The route's pattern has several answers in this policy, and the line has no `path`.",
  host: "The answer depends on the host.",
  preflight: "An OPTIONS request may be a preflight, which this policy answers itself.",
  credentials: "The route did not look at credentials, so nobody knows whether there was a token.",
  token: "The token was refused. Whether this policy accepts it depends on more than the line says.",
  issuer: "This policy has other rules for tokens of the issuer.",
  scope: "The token may have scopes that did not count before, and that count in this policy.",
  message: "The answer depends on the message of the Model Context Protocol.",
  conditions: "The answer depends on conditions, and the line has no claims.",
  binding: "The answer depends on whether the token is bound to its sender.",
  authentication: "The answer depends on how or when the user authenticated.",
} as const;

export type Cause = keyof typeof CAUSES;
