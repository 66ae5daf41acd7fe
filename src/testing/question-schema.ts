import * as v from "valibot";
import { closed, dictionary } from "../policy/compile/schema/closed.ts";
import { BINDING_METHODS } from "../policy/requirements/binding.ts";
import type { Question } from "./question.ts";

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
    "The claims of the token. Other claims that the issuer's profile requires are assumed. Times need `now`.",
  ),
  issuer: about(
    text,
    "The name of the issuer of the assumed token. Default: that of the client, or the first that accepts the token.",
  ),
  bound: about(
    v.picklist(BINDING_METHODS),
    "How the token is bound to its sender. Default: as the claim `cnf` says, or as the issuer's `binding` requires.",
  ),
  now: about(
    v.union([v.string(), v.number()]),
    "The time that the token's times are compared with, and the end of a `report`: 2026-01-31T12:00:00Z, or milliseconds since the epoch. Default: every route enforces.",
  ),
} satisfies Readonly<Record<keyof Question, v.GenericSchema>>;
