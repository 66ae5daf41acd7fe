import { base64url } from "jose";
import { MAX_KID_LENGTH, MAX_RSA_BITS, MAX_RSA_EXPONENT_BYTES, MIN_RSA_BITS, MIN_RSA_EXPONENT } from "../../limits.ts";
import { failure, type Result, success } from "../../result.ts";

/**
 * A usable public key (RFC 7517 4, RFC 7518 6, RFC 8037 2), reduced to what verification needs. Its members always have
 * this order, so that equal keys have equal JSON text.
 */
export type PublicJwk = { readonly kid: string; readonly alg?: string; readonly issuer?: string } & (
  | { readonly kty: "RSA"; readonly n: string; readonly e: string }
  | { readonly kty: "EC"; readonly crv: string; readonly x: string; readonly y: string }
  | { readonly kty: "OKP"; readonly crv: string; readonly x: string }
);

/** A key that is left out of the set, because it cannot be used. */
export interface SkippedKey {
  /** As the issuer wrote it; `undefined` if it is empty or not a string. */
  readonly kid: string | undefined;
  /** For example `rsa-too-short`. */
  readonly reason: SkipReason;
}

/** Why a key is skipped. Stable: the log has it as `why`. */
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
  | "issuer-malformed"
  | "alg-not-allowed"
  | "rsa-malformed"
  | "rsa-too-short"
  | "rsa-too-long"
  | "rsa-exponent"
  | "point-malformed"
  | "point-off-curve"
  | "too-many-keys"
  | "import-failed";

/** A usable key and the JWS algorithms that it may verify. */
export interface ParsedJwk {
  readonly jwk: PublicJwk;
  /** Never empty. */
  readonly algorithms: readonly string[];
}

/** Members that only private keys have (RFC 7518 6): `d` of every type, the others of RSA; `k` is a shared secret. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

const RSA_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

/** The algorithms of each curve and the bytes of a coordinate, which always has its full length (RFC 7518 6.2.1.2). */
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
 * Parses one member of a JWKS's `keys`, or tells why it is skipped. `allowed` is the issuer's allow list; a key without
 * `alg` serves every allowed algorithm that fits its type and curve. Does not check whether a point is on its curve,
 * because that is expensive: the import does. Never throws.
 *
 * @param hasTenants whether the issuer has tenants. The member `issuer` then says whose key it is; a key with such a
 * member that is not a string could be anybody's. Elsewhere the member is ignored.
 */
export function parsePublicJwk(
  entry: unknown,
  allowed: ReadonlySet<string>,
  hasTenants: boolean,
): Result<ParsedJwk, SkippedKey> {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    return failure({ kid: undefined, reason: "not-an-object" });
  }
  const members = entry as Readonly<Record<string, unknown>>;
  const { kid, alg } = members;
  if (typeof kid !== "string" || kid === "") return failure({ kid: undefined, reason: "kid-missing" });
  const parsed = parseMembers(members, kid);
  if (!parsed.ok) return failure({ kid, reason: parsed.failure });
  const { jwk } = parsed.value;
  const algorithms = parsed.value.algorithms.filter((name) => allowed.has(name) && (alg === undefined || alg === name));
  if (algorithms.length === 0) return failure({ kid, reason: "alg-not-allowed" });
  const issuer = hasTenants ? members["issuer"] : undefined;
  if (issuer !== undefined && typeof issuer !== "string") return failure({ kid, reason: "issuer-malformed" });
  const withAlg = typeof alg === "string" ? { ...jwk, alg } : jwk;
  return success({ jwk: issuer === undefined ? withAlg : { ...withAlg, issuer }, algorithms });
}

function parseMembers(members: Readonly<Record<string, unknown>>, kid: string): Result<ParsedJwk, SkipReason> {
  const { kty, use, key_ops: keyOps } = members;
  if (kid.length > MAX_KID_LENGTH) return failure("kid-too-long");
  if (kty === "oct") return failure("symmetric");
  // An issuer that publishes a private key has lost it: anyone who reads the set can sign.
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(members, name))) return failure("private");
  if (use !== undefined && use !== "sig") return failure("use-not-sig");
  if (keyOps !== undefined && !(Array.isArray(keyOps) && keyOps.includes("verify"))) {
    return failure("key-ops-without-verify");
  }
  if (kty === "RSA") return parseRsa(members, kid);
  return kty === "EC" || kty === "OKP" ? parseCurveKey(kty, members, kid) : failure("kty-unsupported");
}

function parseRsa({ n, e }: Readonly<Record<string, unknown>>, kid: string): Result<ParsedJwk, SkipReason> {
  if (typeof n !== "string" || typeof e !== "string") return failure("rsa-malformed");
  const weakness = rsaWeakness(n, e);
  if (weakness !== undefined) return failure(weakness);
  return success({ jwk: { kty: "RSA", kid, n, e }, algorithms: RSA_ALGORITHMS });
}

function parseCurveKey(
  kty: "EC" | "OKP",
  { crv, x, y }: Readonly<Record<string, unknown>>,
  kid: string,
): Result<ParsedJwk, SkipReason> {
  const curve = typeof crv === "string" && Object.hasOwn(CURVES[kty], crv) ? CURVES[kty][crv] : undefined;
  if (typeof crv !== "string" || curve === undefined) return failure("crv-unsupported");
  const { algorithms, bytes } = curve;
  if (typeof x !== "string" || decode(x)?.length !== bytes) return failure("point-malformed");
  if (kty === "OKP") return success({ jwk: { kty, kid, crv, x }, algorithms });
  if (typeof y !== "string" || decode(y)?.length !== bytes) return failure("point-malformed");
  return success({ jwk: { kty, kid, crv, x, y }, algorithms });
}

function rsaWeakness(n: string, e: string): SkipReason | undefined {
  const modulus = decodeInteger(n);
  const exponent = decodeInteger(e);
  if (modulus === undefined || exponent === undefined) return "rsa-malformed";
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < MIN_RSA_BITS) return "rsa-too-short";
  if (bits > MAX_RSA_BITS) return "rsa-too-long";
  if (exponent.length > MAX_RSA_EXPONENT_BYTES) return "rsa-exponent";
  const value = exponent.reduce((sum, byte) => sum * 256 + byte, 0);
  // An even exponent has no inverse, so nobody can sign for it: the key is damaged.
  return value < MIN_RSA_EXPONENT || value % 2 === 0 ? "rsa-exponent" : undefined;
}

/** Decodes a big-endian integer without its leading zeros; `undefined` if it is zero or not base64url. */
function decodeInteger(text: string): Uint8Array | undefined {
  const bytes = decode(text);
  const first = bytes?.findIndex((byte) => byte !== 0) ?? -1;
  return first < 0 ? undefined : bytes?.subarray(first);
}

/** Decodes strict base64url (RFC 7515 2): no padding, no space, no leftover bits. `jose` alone accepts all three. */
function decode(text: string): Uint8Array | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const bytes = base64url.decode(text);
  return base64url.encode(bytes) === text ? bytes : undefined;
}
