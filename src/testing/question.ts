import type { BindingMethod } from "../policy/requirements/binding.ts";

/**
 * A request and its caller, for `decide` and for the rows of `routes.test.json`. A member that is `undefined` counts as
 * left out. Without `token`, `client`, `scopes` and `claims`, the caller sends no token.
 */
export interface Question {
  /** As it would be sent: upper or lower case matters. */
  readonly method: string;
  /** A path, with or without a query, or a whole URL. It is read as the gateway reads it. */
  readonly path: string;
  /** The `Host` header. Default: the host of `publicUrl`, or the first of `hosts`, or one that no policy names. */
  readonly host?: string | undefined;
  /** Makes an `OPTIONS` request a CORS preflight: its `Origin`, and the method that it asks about. */
  readonly preflight?: { readonly origin: string; readonly method: string } | undefined;
  /** An access token, or a whole `Authorization` value. Its signature is not checked. Needs `now`. */
  readonly token?: string | undefined;
  /** Name of a registered client. Its token grants all of its scopes, or those of `scopes`. */
  readonly client?: string | undefined;
  /** The scopes of the token, by short or full name. A name that the policy does not declare is an error. */
  readonly scopes?: readonly string[] | undefined;
  /** The claims of the token. Other claims that the issuer's profile requires are assumed. Times need `now`. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** Name of the issuer of the assumed token. Default: that of the client, or the first that accepts the token. */
  readonly issuer?: string | undefined;
  /**
   * How the token of `client`, `scopes` or `claims` is bound to its sender, who has what it is bound to. Default: as
   * the claim `cnf` says or, for a token without `claims`, as its issuer's `binding` requires.
   */
  readonly bound?: BindingMethod | undefined;
  /**
   * The time that the token's times are compared with: RFC 3339, or milliseconds since the epoch. A route with `report`
   * only reports if it does so at this time; without `now`, it enforces.
   */
  readonly now?: string | number | undefined;
}
