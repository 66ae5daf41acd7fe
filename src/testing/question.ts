import * as v from "valibot";
import { closed, dictionary } from "../policy/compile/schema/closed.ts";

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
  /** The claims of the token. What the issuer's profile requires besides is assumed. Times need `now`. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** Name of the issuer of the assumed token. Default: that of the client, or the first that accepts the token. */
  readonly issuer?: string | undefined;
  /** The time that the token's times are compared with: RFC 3339, or milliseconds since the epoch. */
  readonly now?: string | number | undefined;
}

const text = v.pipe(v.string(), v.nonEmpty());
const about = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.exactOptional(v.pipe(schema, v.description(description)));

/** The members of a question. Editors show the descriptions. */
export const QUESTION_MEMBERS = {
  method: v.pipe(text, v.description("The HTTP method; upper or lower case matters.")),
  path: v.pipe(v.string(), v.description("A path, with or without a query, or a whole URL.")),
  host: about(v.string(), "The Host header. Default: the host of `publicUrl`, or the first of `hosts`."),
  preflight: about(
    closed({
      origin: v.pipe(text, v.description("The origin of the script: the header Origin.")),
      method: v.pipe(text, v.description("The method that it asks about: Access-Control-Request-Method.")),
    }),
    "Makes an OPTIONS request a CORS preflight.",
  ),
  token: about(
    text,
    "An access token. Its signature is not checked. Needs `now`. Never commit one that is still valid.",
  ),
  client: about(text, "The name of a registered client. Its token grants all of its scopes, or those of `scopes`."),
  scopes: about(v.array(text), "The scopes of the token, by short or full name. Each must be declared."),
  claims: about(
    dictionary(v.unknown()),
    "The claims of the token. What the issuer's profile requires besides is assumed. Times need `now`.",
  ),
  issuer: about(
    text,
    "The name of the issuer of the assumed token. Default: that of the client, or the first that accepts the token.",
  ),
  now: about(
    v.union([v.string(), v.number()]),
    "The time that the token's times are compared with: 2026-01-31T12:00:00Z, or milliseconds since the epoch.",
  ),
} satisfies Readonly<Record<keyof Question, v.GenericSchema>>;
