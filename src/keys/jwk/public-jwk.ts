import { base64url } from "jose";
import { MAX_KID_LENGTH, MAX_RSA_BITS, MAX_RSA_EXPONENT_BYTES, MIN_RSA_BITS, MIN_RSA_EXPONENT } from "../../limits.ts";
import { isEd25519PublicKey } from "./ed25519-point.ts";

/**
 * A usable public key (RFC 7517 4, RFC 7518 6, RFC 8037 2), reduced to what verification needs. The members always
 * stand in this order, so that equal keys have equal JSON text.
 */
export type PublicJwk = { readonly kid: string; readonly alg?: string } & (
  | { readonly kty: "RSA"; readonly n: string; readonly e: string }
  | { readonly kty: "EC"; readonly crv: string; readonly x: string; readonly y: string }
  | { readonly kty: "OKP"; readonly crv: string; readonly x: string }
);

/** A key that is left out of the set, for the log. */
export interface SkippedKey {
  /** As the issuer wrote it; `undefined` if it is no string. */
  readonly kid: string | undefined;
  /** Stable, for example `rsa-too-short`. */
  readonly why: SkipReason;
}

export type SkipReason =
  | "not-an-object"
  | "kid-missing"
  | "kid-too-long"
  | "kty-unsupported"
  | "crv-unsupported"
  | "symmetric"
  | "private"
  | "use-not-sig"
  | "key-ops-without-verify"
  | "alg-not-allowed"
  | "rsa-malformed"
  | "rsa-too-short"
  | "rsa-too-long"
  | "rsa-exponent"
  | "point-malformed"
  | "point-off-curve"
  | "import-failed";

/** A usable key and the JWS algorithms that it may verify. */
export interface ParsedJwk {
  readonly jwk: PublicJwk;
  /** Never empty. */
  readonly algorithms: readonly string[];
}

/** `d` is the private key of every type, the rest are those of RSA; `k` is a shared secret (RFC 7518 6). */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

const RSA_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

/** By curve: its algorithms and the bytes of a coordinate, which always has its full length (RFC 7518 6.2.1.2). */
const CURVES: Readonly<Record<"EC" | "OKP", Readonly<Record<string, { algorithms: string[]; bytes: number }>>>> = {
  EC: {
    "P-256": { algorithms: ["ES256"], bytes: 32 },
    "P-384": { algorithms: ["ES384"], bytes: 48 },
    "P-521": { algorithms: ["ES512"], bytes: 66 },
  },
  OKP: {
    Ed25519: { algorithms: ["EdDSA", "Ed25519"], bytes: 32 },
  },
};

/**
 * Takes one member of a JWKS's `keys`, or says why it is skipped. `allowed` is the issuer's allow list; a key without
 * `alg` serves every allowed algorithm that its type and curve fit. Whether the point of an EC key is on its curve is
 * left to the import. Never throws.
 */
export function parsePublicJwk(entry: unknown, allowed: ReadonlySet<string>): ParsedJwk | SkippedKey {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    return { kid: undefined, why: "not-an-object" };
  }
  const members = entry as Readonly<Record<string, unknown>>;
  const { kid, alg } = members;
  if (typeof kid !== "string" || kid === "") return { kid: undefined, why: "kid-missing" };
  const parsed = parseMembers(members, kid);
  if (typeof parsed === "string") return { kid, why: parsed };
  const algorithms = parsed.algorithms.filter((name) => allowed.has(name) && (alg === undefined || alg === name));
  if (algorithms.length === 0) return { kid, why: "alg-not-allowed" };
  return { jwk: typeof alg === "string" ? { ...parsed.jwk, alg } : parsed.jwk, algorithms };
}

function parseMembers(members: Readonly<Record<string, unknown>>, kid: string): ParsedJwk | SkipReason {
  const { kty, crv, use, key_ops: keyOps } = members;
  if (kid.length > MAX_KID_LENGTH) return "kid-too-long";
  if (kty === "oct") return "symmetric";
  // An issuer that publishes a private key has lost it: whoever reads the set can sign.
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(members, name))) return "private";
  if (use !== undefined && use !== "sig") return "use-not-sig";
  if (keyOps !== undefined && !(Array.isArray(keyOps) && keyOps.includes("verify"))) return "key-ops-without-verify";

  if (kty === "RSA") {
    const { n, e } = members;
    if (typeof n !== "string" || typeof e !== "string") return "rsa-malformed";
    const why = rsaFault(n, e);
    return why ?? { jwk: { kty, kid, n, e }, algorithms: RSA_ALGORITHMS };
  }
  if (kty !== "EC" && kty !== "OKP") return "kty-unsupported";
  if (typeof crv !== "string" || !Object.hasOwn(CURVES[kty], crv)) return "crv-unsupported";
  const curve = CURVES[kty][crv];
  if (curve === undefined) return "crv-unsupported";
  const { x, y } = members;
  if (typeof x !== "string" || decode(x)?.length !== curve.bytes) return "point-malformed";
  if (kty === "OKP") {
    if (!isEd25519PublicKey(base64url.decode(x))) return "point-off-curve";
    return { jwk: { kty, kid, crv, x }, algorithms: curve.algorithms };
  }
  if (typeof y !== "string" || decode(y)?.length !== curve.bytes) return "point-malformed";
  return { jwk: { kty, kid, crv, x, y }, algorithms: curve.algorithms };
}

function rsaFault(n: string, e: string): SkipReason | undefined {
  const modulus = decodeInteger(n);
  const exponent = decodeInteger(e);
  if (modulus === undefined || exponent === undefined) return "rsa-malformed";
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < MIN_RSA_BITS) return "rsa-too-short";
  if (bits > MAX_RSA_BITS) return "rsa-too-long";
  if (exponent.length > MAX_RSA_EXPONENT_BYTES) return "rsa-exponent";
  const value = exponent.reduce((sum, byte) => sum * 256 + byte, 0);
  // An even exponent has no inverse, so no signature can be made for it: the key is damaged.
  return value < MIN_RSA_EXPONENT || value % 2 === 0 ? "rsa-exponent" : undefined;
}

/** Big-endian, leading zeros left out; `undefined` when it is not base64url or is zero. */
function decodeInteger(text: string): Uint8Array | undefined {
  const bytes = decode(text);
  const first = bytes?.findIndex((byte) => byte !== 0) ?? -1;
  return first < 0 ? undefined : bytes?.subarray(first);
}

/** Strict base64url (RFC 7515 2): no padding, no space, no leftover bits; `jose` alone is lax. */
function decode(text: string): Uint8Array | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const bytes = base64url.decode(text);
  return base64url.encode(bytes) === text ? bytes : undefined;
}
