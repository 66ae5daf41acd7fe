import { MAX_PROOF_BYTES, MAX_PROOF_ID_LENGTH } from "../../../limits.ts";
import { failure, type Result, success } from "../../../result.ts";
import { type Claims, splitJws } from "../../jws.ts";
import { isSignatureValid } from "../../signature.ts";
import { isFiniteNumber } from "../../standard-claims.ts";
import { importProofKey, type ProofKeys } from "./proof-keys.ts";
import { targetUri } from "./target-uri.ts";

/** A proof that passed every check which needs neither the token's binding nor the proofs of the past. */
export interface Proof {
  /** The thumbprint of its key (RFC 7638). */
  readonly thumbprint: string;
  readonly jti: string;
  /** Unchecked: the gateway's own nonces decide. */
  readonly nonce: string | undefined;
  /** The last time at which `checkProof` accepts this proof, in epoch milliseconds. */
  readonly expiresAtMs: number;
}

/** What a proof must fit. */
export interface ProofContext {
  readonly method: string;
  /** The URI of the request: origin and path, as the client sees them. Query and fragment do not count. */
  readonly uri: string;
  /** The hash of the access token that came with the proof, as `ath` has it. */
  readonly tokenHash: string;
  /**
   * The thumbprint of the key that the token is bound to. Only this key is remembered. Whether it fits, the caller
   * judges.
   */
  readonly boundTo: string;
  readonly keys: ProofKeys;
  /** JWS `alg` values that are accepted; asymmetric only. */
  readonly algorithms: ReadonlySet<string>;
  /** How old a proof may be. */
  readonly maxAgeSeconds: number;
  /** Widens the time of a proof at both ends. */
  readonly clockToleranceSeconds: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** One JWT: a comma joins the values of two headers, and a token holds none. */
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Checks a DPoP proof (RFC 9449 4.3): one JWT with `typ` `dpop+jwt`, an accepted algorithm, a public key as strong as
 * an issuer's must be, a valid signature, and `htm`, `htu`, `iat`, `jti` and `ath` that fit. Does not check the nonce,
 * whether the token is bound to the key, and whether the proof was used before: the caller must, with what this
 * returns. Cheap checks come first, so that a bad proof costs no signature.
 *
 * @param text the value of the `DPoP` header; `null`: there is none
 * @returns the proof, or a sentence for the log that says what is wrong
 */
export async function checkProof(text: string | null, context: ProofContext): Promise<Result<Proof, string>> {
  if (text === null) return failure("The DPoP header is missing.");
  if (text.length > MAX_PROOF_BYTES) return failure("The proof is too long.");
  if (!COMPACT_JWS.test(text)) return failure("The DPoP header does not hold exactly one JWT.");
  const split = splitJws(text);
  if (!split.ok) return split;
  const { unverifiedHeader, unverifiedClaims, unverifiedParameters } = split.value;
  const { alg, typ } = unverifiedHeader;
  if (typ !== "dpop+jwt") return failure("The proof's `typ` is not `dpop+jwt`.");
  if (!context.algorithms.has(alg)) return failure("The proof's `alg` is not among the accepted algorithms.");
  const claims = checkProofClaims(unverifiedClaims, context);
  if (!claims.ok) return claims;

  const header = text.slice(0, text.indexOf("."));
  const known = context.keys.get(context.boundTo, header);
  const key = known === undefined ? await importProofKey(unverifiedParameters["jwk"], alg) : success(known);
  if (!key.ok) return key;
  const { thumbprint, cryptoKey } = key.value;
  const isValid = await isSignatureValid(text, alg, cryptoKey).catch(() => false);
  if (!isValid) return failure("The proof's signature is invalid.");
  if (known === undefined && thumbprint === context.boundTo) context.keys.remember(header, key.value);
  return success({ ...claims.value, thumbprint });
}

/** Checks the claims of a proof before its signature: they decide nothing in a caller's favour yet. */
function checkProofClaims(
  { htm, htu, iat, jti, ath, nonce }: Claims,
  { method, uri, tokenHash, maxAgeSeconds, clockToleranceSeconds, nowMs }: ProofContext,
): Result<Omit<Proof, "thumbprint">, string> {
  // RFC 9110 9.1: methods are case-sensitive.
  if (htm !== method) return failure("The proof's `htm` is not the method of the request.");
  const target = targetUri(uri);
  // Most clients write the URI as the gateway does, and equal texts have one normal form.
  if (typeof htu !== "string" || target === undefined || (htu !== uri && targetUri(htu) !== target)) {
    return failure("The proof's `htu` is not the URI of the request.");
  }
  if (typeof jti !== "string" || jti === "" || jti.length > MAX_PROOF_ID_LENGTH) {
    return failure(`The proof's \`jti\` is not a string of 1 to ${MAX_PROOF_ID_LENGTH} characters.`);
  }
  if (nonce !== undefined && typeof nonce !== "string") return failure("The proof's `nonce` is not a string.");
  if (!isFiniteNumber(iat)) return failure("The proof's `iat` is not a number.");
  const expiresAtMs = (iat + maxAgeSeconds + clockToleranceSeconds) * 1000;
  if (nowMs > expiresAtMs) return failure("The proof is too old.");
  if (nowMs < (iat - clockToleranceSeconds) * 1000) return failure("The proof is from the future.");
  if (ath !== tokenHash) return failure("The proof's `ath` is not the hash of the access token.");
  return success({ jti, nonce, expiresAtMs });
}
