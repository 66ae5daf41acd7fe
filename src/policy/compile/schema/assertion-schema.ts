import * as v from "valibot";
import { MAX_ASSERTION_TTL_SECONDS } from "../../../limits.ts";
import { ASSERTION_ALGORITHMS } from "../../upstream.ts";
import { closed, dictionary } from "./closed.ts";
import { about, text, wholeNumber } from "./values.ts";

/** The shape of `assertion`. */
export const assertionSchema = closed({
  issuer: v.pipe(
    text,
    v.description("What upstreams read as `iss` and `req_wl`: an identifier of the gateway, such as its own origin."),
  ),
  trustDomain: v.pipe(
    text,
    v.description(
      "What upstreams read as `aud`: a name for all services that accept these assertions. No other service may accept them.",
    ),
  ),
  algorithm: about(v.picklist(ASSERTION_ALGORITHMS), "JWS algorithm of the key that signs. Default: ES256."),
  ttlSeconds: about(wholeNumber(1, MAX_ASSERTION_TTL_SECONDS), "How long an assertion is valid. Default: 60."),
  keys: v.pipe(
    closed({
      secret: v.pipe(
        text,
        v.description(
          "Name of a Worker secret or of a Secrets Store binding. It holds a private JWK Set as JSON; its first key signs.",
        ),
      ),
    }),
    v.description("The keys that sign. Their public halves are at `/_gateway/jwks.json`."),
  ),
  claims: about(
    dictionary(text),
    "Claims of the access token that `tctx` repeats: the name there, then the claim's name or JSON Pointer (RFC 6901). Default: none.",
  ),
  bind: about(
    v.literal("request"),
    "request: each assertion names the path and the query of its request, and has its own signature. Default: the gateway sends one assertion for a token and a route during half its lifetime.",
  ),
});
