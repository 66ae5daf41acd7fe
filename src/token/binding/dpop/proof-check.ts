import { Denial } from "../../../answer/denial.ts";
import { REPLAY_RETRY_AFTER_SECONDS } from "../../../limits.ts";
import type { DpopSettings } from "../../../policy/policy.ts";
import type { PresentedRequest, TokenCheck } from "../../authenticate.ts";
import type { VerifiedToken } from "../../verify.ts";
import { dpopOrBearerToken, triedScheme } from "./credentials.ts";
import type { Nonces } from "./nonces.ts";
import { checkProof, type Proof } from "./proof.ts";
import { ProofKeys } from "./proof-keys.ts";
import type { ReplayStore } from "./replay-store.ts";
import { sha256 } from "./thumbprint.ts";

/** What the check of proofs needs besides the request. */
export interface ProofCheckParts {
  readonly settings: Pick<DpopSettings, "algorithms" | "maxAgeSeconds">;
  readonly store: ReplayStore;
  /** The nonces of this moment; left out: proofs need none. */
  readonly nonces?: ((nowMs: number) => Promise<Nonces>) | undefined;
  /** Called if the proof of a request has the nonce before the current one. */
  readonly onOldNonce: (presented: PresentedRequest) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Makes the check of proofs (RFC 9449 7.1 and 7.2). Holds every token to its scheme, in both directions: a bound token
 * that came as a bearer token may be stolen, and a proof for a token that is not bound to its key proves nothing. The
 * memory of used proofs comes last, so that a proof which fails another check is not used up.
 *
 * @returns `token-binding-mismatch`, `dpop-proof-invalid`, `dpop-nonce-required` or `replay-check-unavailable`
 */
export function createProofCheck({ settings, store, nonces, onOldNonce, now }: ProofCheckParts): TokenCheck {
  const algorithms: ReadonlySet<string> = new Set(settings.algorithms);
  const { maxAgeSeconds } = settings;
  const keys = new ProofKeys();
  /** A remembered token is the same object in each request, so its hash is made once. */
  const hashes = new WeakMap<VerifiedToken, string>();

  const hashOf = async (token: VerifiedToken, text: string): Promise<string> => {
    const hash = await sha256(text);
    hashes.set(token, hash);
    return hash;
  };

  const checkUnused = async (proof: Proof, nowMs: number): Promise<Denial | undefined> => {
    try {
      const isKnown = await store.seen(proof, nowMs);
      return isKnown === false ? undefined : new Denial("dpop-proof-invalid", "The proof was used before.");
    } catch {
      const detail = "The memory of used proofs cannot be reached.";
      return new Denial("replay-check-unavailable", detail, REPLAY_RETRY_AFTER_SECONDS);
    }
  };

  const check = async (token: VerifiedToken, boundTo: string, presented: PresentedRequest) => {
    const { headers, method, origin, url } = presented;
    const text = dpopOrBearerToken(headers.get("authorization"));
    if (text instanceof Denial) return text;
    const tokenHash = hashes.get(token) ?? (await hashOf(token, text));
    const { clockToleranceSeconds } = token.issuer;
    const nowMs = now();
    // The path as the client spelt it, because RFC 9449 4.3 compares by RFC 3986 alone. The canonical path decodes
    // more.
    const uri = origin + url.pathname;
    const result = await checkProof(headers.get("dpop"), {
      ...{ method, uri, tokenHash, boundTo, keys, algorithms, maxAgeSeconds, clockToleranceSeconds, nowMs },
    });
    if (!result.ok) return new Denial("dpop-proof-invalid", result.failure);
    const proof = result.value;
    if (proof.thumbprint !== boundTo) {
      return new Denial("token-binding-mismatch", "The token is bound to another key than that of the proof.");
    }
    if (nonces !== undefined) {
      const { current, previous } = await nonces(nowMs);
      if (proof.nonce !== current && proof.nonce !== previous) {
        const detail = proof.nonce === undefined ? "The proof has no nonce." : "The proof's nonce has run out.";
        return new Denial("dpop-nonce-required", detail);
      }
      if (proof.nonce !== current) onOldNonce(presented);
    }
    return checkUnused(proof, nowMs);
  };

  return (token, presented) => {
    const { confirmation } = token;
    const isProven = triedScheme(presented.headers.get("authorization")) === "dpop";
    if (confirmation?.method !== "dpop") {
      return isProven
        ? new Denial("token-binding-mismatch", "The token is not bound to the key of a proof.")
        : undefined;
    }
    if (!isProven) return new Denial("token-binding-mismatch", "The token is bound to a key and came without a proof.");
    return check(token, confirmation.thumbprint, presented);
  };
}
