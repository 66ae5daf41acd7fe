import * as v from "valibot";
import { BINDING_MODES, CERTIFICATE_TRUST } from "../../requirements/binding.ts";
import { closed } from "./closed.ts";
import { about } from "./values.ts";

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
