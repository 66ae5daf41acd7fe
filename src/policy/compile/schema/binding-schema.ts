import * as v from "valibot";
import { MAX_NONCE_SECONDS, MAX_PROOF_AGE_SECONDS } from "../../../limits.ts";
import { ALGORITHMS } from "../../issuer-choices.ts";
import { BINDING_MODES, CERTIFICATE_TRUST, REPLAY_STORES } from "../../requirements/binding.ts";
import { closed } from "./closed.ts";
import { about, listOf, text, wholeNumber } from "./values.ts";

/** `binding` of an issuer: whether its tokens may be bound to their sender. */
export const bindingSchema = closed({
  dpop: about(v.picklist(BINDING_MODES), "Tokens bound to a key by DPoP (RFC 9449). Default: refused."),
  mtls: about(
    v.picklist(BINDING_MODES),
    "Tokens bound to a client certificate (RFC 8705). With required, tokens without a binding are refused. Default: refused.",
  ),
});

/** `mtls`: how client certificates are checked. */
export const mtlsSchema = closed({
  trust: about(
    v.picklist(CERTIFICATE_TRUST),
    "verified: only certificates that Cloudflare has verified count. binding-only: others count, too, such as self-signed ones. Default: verified.",
  ),
});

/** `dpop`: how DPoP proofs are checked. */
export const dpopSchema = closed({
  algorithms: about(listOf(v.picklist(ALGORITHMS)), "JWS algorithms of proofs to accept. Default: ES256, EdDSA."),
  maxAgeSeconds: about(wholeNumber(1, MAX_PROOF_AGE_SECONDS), "How old a proof may be. Default: 60."),
  nonce: about(
    closed({
      secret: v.pipe(
        text,
        v.description("Name of the Worker secret that nonces are made with: a random text of 32 characters or more."),
      ),
      everySeconds: about(
        wholeNumber(1, MAX_NONCE_SECONDS),
        "How long the gateway sends one nonce. It accepts the nonce for as long again afterwards. Default: 60.",
      ),
    }),
    "Every proof must contain a nonce of the gateway, so that nobody can make proofs in advance. Default: none is needed.",
  ),
  replay: about(
    v.picklist(REPLAY_STORES),
    "Where used proofs are remembered. isolate: each isolate has its own list, so another isolate accepts the same proof. global: one Durable Object has the list for all isolates. Default: isolate.",
  ),
});
