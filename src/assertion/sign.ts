import { base64url } from "jose";
import type { AssertionClaims } from "./assertion-claims.ts";
import { SIGNATURE_PARAMETERS, type SigningKeys } from "./signing-keys.ts";

const encoder = new TextEncoder();

/** Signs an assertion as a compact JWS (RFC 7515 7.1). */
export async function signAssertion(claims: AssertionClaims, { header, algorithm, key }: SigningKeys): Promise<string> {
  const input = `${header}.${base64url.encode(JSON.stringify(claims))}`;
  const signature = await crypto.subtle.sign(SIGNATURE_PARAMETERS[algorithm], key, encoder.encode(input));
  return `${input}.${base64url.encode(new Uint8Array(signature))}`;
}

/** SHA-256 of a query, without its `?`, as base64url. */
export async function querySha256(query: string): Promise<string> {
  const bytes = encoder.encode(query.startsWith("?") ? query.slice(1) : query);
  return base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
