import { base64url } from "jose";
import type { PublicJwk } from "../../../keys/jwk/public-jwk.ts";

/**
 * The SHA-256 thumbprint of a public key (RFC 7638 3), in base64url. Only the members that the key's type requires
 * count, so a `kid` or an unknown member changes nothing. Does not check that the values are canonical:
 * `parsePublicJwk` and `hasLeadingZero` do.
 */
export async function thumbprintOf(jwk: PublicJwk): Promise<string> {
  return sha256(JSON.stringify(requiredMembers(jwk)));
}

/** The SHA-256 of a text in UTF-8, in base64url. */
export async function sha256(text: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text))));
}

const encoder = new TextEncoder();

/** RFC 7638 3.2 and RFC 8037 2: the members in the order of their names. */
function requiredMembers(jwk: PublicJwk): Readonly<Record<string, string>> {
  if (jwk.kty === "RSA") return { e: jwk.e, kty: jwk.kty, n: jwk.n };
  if (jwk.kty === "EC") return { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y };
  return { crv: jwk.crv, kty: jwk.kty, x: jwk.x };
}

/**
 * Whether an integer of an RSA key is written with a leading zero byte, which RFC 7518 2 forbids (Base64urlUInt). Such
 * a spelling has a thumbprint of its own, so one key would have many. The other types have coordinates of one length.
 *
 * @param jwk as `parsePublicJwk` returns it
 */
export function hasLeadingZero(jwk: PublicJwk): boolean {
  return jwk.kty === "RSA" && [jwk.n, jwk.e].some((integer) => base64url.decode(integer)[0] === 0);
}
