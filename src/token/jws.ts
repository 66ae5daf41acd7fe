import { base64url } from "jose";
import { Denial } from "../answer/denial.ts";

/** A compact JWS, taken apart and not verified: nothing in it may be believed, and nothing of it is ever echoed. */
export interface UnverifiedJws {
  readonly unverifiedHeader: JoseHeader;
  readonly unverifiedClaims: Claims;
}

/** The header parameters the gateway reads (RFC 7515 4.1). `jku`, `jwk`, `x5u`, `x5c` are never read. */
export interface JoseHeader {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly typ: string | undefined;
}

export type Claims = Readonly<Record<string, unknown>>;

const BASE64URL = /^[A-Za-z0-9_-]*$/;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** A byte order mark is not skipped: it is not JSON. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Takes a compact JWS apart (RFC 7515 7.1): three parts, each strictly base64url, the first two UTF-8 JSON objects.
 * Checks the types of the header parameters that are read, and refuses every `crit`, since no extension is
 * understood. Does not check the signature, the algorithm or any claim.
 *
 * @returns the parts, or `token-malformed`
 */
export function parseJws(token: string): UnverifiedJws | Denial {
  const first = token.indexOf(".");
  // Without a first one, neither is there a second.
  const second = token.indexOf(".", first + 1);
  if (second < 0 || token.indexOf(".", second + 1) >= 0) return malformed("not three parts");
  const header = parseJsonObject(token.slice(0, first));
  if (header === undefined) return malformed("header is not base64url JSON");
  const claims = parseJsonObject(token.slice(first + 1, second));
  if (claims === undefined) return malformed("payload is not base64url JSON");
  if (!isBase64url(token.slice(second + 1))) return malformed("signature is not base64url");

  const { alg, kid, typ } = header;
  if (typeof alg !== "string") return malformed("alg is not a string");
  if (!isOptionalString(kid)) return malformed("kid is not a string");
  if (!isOptionalString(typ)) return malformed("typ is not a string");
  // RFC 7515 4.1.11: an extension that is not understood makes the JWS invalid, and none is understood here.
  if (header["crit"] !== undefined) return malformed("crit names an extension");
  return { unverifiedHeader: { alg, kid, typ }, unverifiedClaims: claims };
}

/** Whether the text is base64url (RFC 4648 5) without padding and without leftover bits, so one value has one spelling. */
export function isBase64url(text: string): boolean {
  if (!BASE64URL.test(text)) return false;
  const rest = text.length % 4;
  if (rest === 0) return true;
  if (rest === 1) return false;
  const last = ALPHABET.indexOf(text.charAt(text.length - 1));
  return (last & (rest === 2 ? 0b1111 : 0b11)) === 0;
}

function parseJsonObject(part: string): Record<string, unknown> | undefined {
  if (!isBase64url(part)) return undefined;
  try {
    const value: unknown = JSON.parse(utf8.decode(base64url.decode(part)));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isOptionalString(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

function malformed(detail: string): Denial {
  return new Denial("token-malformed", detail);
}
