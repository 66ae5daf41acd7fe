import { base64url } from "jose";
import { Denial } from "../answer/denial.ts";
import { failure, type Result, success } from "../result.ts";

/**
 * The parts of a compact JWS before verification. Anyone can write them, so they decide nothing in a caller's favour,
 * and no answer holds them. The log has two, marked as unverified: `iss` and `kid`.
 */
export interface UnverifiedJws {
  readonly unverifiedHeader: JoseHeader;
  readonly unverifiedClaims: Claims;
}

/**
 * The header parameters that the gateway reads (RFC 7515 4.1). It never reads `jku`, `jwk`, `x5u` and `x5c`: an
 * attacker would name a key of their own there.
 */
export interface JoseHeader {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly typ: string | undefined;
}

/** The claims of a token (RFC 7519 4), as JSON values. Their types are unchecked. */
export type Claims = Readonly<Record<string, unknown>>;

const BASE64URL = /^[A-Za-z0-9_-]*$/;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Does not skip a byte order mark: JSON begins with none, and a second spelling of a token must not pass. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A compact JWS before verification, with the whole header: for a JWS that carries its own key. */
export interface SplitJws extends UnverifiedJws {
  /** Every header parameter, as a JSON value. Only `alg`, `kid` and `typ` have a checked type. */
  readonly unverifiedParameters: Claims;
}

/**
 * Parses an access token as a compact JWS: see `splitJws`. It drops the header parameters that the gateway never reads.
 *
 * @returns the parts, or `token-malformed`
 */
export function parseJws(token: string): UnverifiedJws | Denial {
  const split = splitJws(token);
  if (!split.ok) return new Denial("token-malformed", split.failure);
  const { unverifiedHeader, unverifiedClaims } = split.value;
  return { unverifiedHeader, unverifiedClaims };
}

/**
 * Splits a compact JWS (RFC 7515 7.1) into three parts. Each must be strict base64url, and the first two must be JSON
 * objects in UTF-8. Checks the types of the header parameters `alg`, `kid` and `typ`, and refuses every `crit`. Does
 * not check the signature, the algorithm or any claim.
 *
 * @returns the parts, or a sentence that says what is wrong with the text
 */
export function splitJws(token: string): Result<SplitJws, string> {
  const first = token.indexOf(".");
  // If there is no first dot, the search for the second starts at 0 and finds none either.
  const second = token.indexOf(".", first + 1);
  if (second < 0 || token.indexOf(".", second + 1) >= 0) return failure("The token does not have three parts.");
  const header = parseJsonObject(token.slice(0, first));
  if (header === undefined) return failure("The header is not a JSON object in base64url.");
  const claims = parseJsonObject(token.slice(first + 1, second));
  if (claims === undefined) return failure("The payload is not a JSON object in base64url.");
  if (!isBase64url(token.slice(second + 1))) return failure("The signature is not base64url.");

  const { alg, kid, typ } = header;
  if (typeof alg !== "string") return failure("The header's `alg` is not a string.");
  if (!isOptionalString(kid)) return failure("The header's `kid` is not a string.");
  if (!isOptionalString(typ)) return failure("The header's `typ` is not a string.");
  // RFC 7515 4.1.11: an extension that the recipient does not support makes the JWS invalid. This one supports none.
  if (header["crit"] !== undefined) return failure("The header's `crit` names an extension.");
  return success({ unverifiedHeader: { alg, kid, typ }, unverifiedClaims: claims, unverifiedParameters: header });
}

/**
 * Whether a text is base64url (RFC 4648 5) without padding and without leftover bits: each value then has one spelling.
 */
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
