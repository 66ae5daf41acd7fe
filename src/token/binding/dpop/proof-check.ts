import { Denial } from "../../../answer/denial.ts";
import { REPLAY_RETRY_AFTER_SECONDS } from "../../../limits.ts";
import type { DpopSettings } from "../../../policy/policy.ts";
import type { PresentedRequest, TokenCheck } from "../../authenticate.ts";
import { dpopOrBearerToken, triedScheme } from "./credentials.ts";
import type { Nonces } from "./nonces.ts";
import { checkProof, type Proof } from "./proof.ts";
import type { ReplayStore } from "./replay-store.ts";

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

  const checkUnused = async (proof: Proof, nowMs: number): Promise<Denial | undefined> => {
    try {
      const isKnown = await store.seen(proof, nowMs);
      return isKnown === false ? undefined : new Denial("dpop-proof-invalid", "The proof was used before.");
    } catch {
      const detail = "The memory of used proofs cannot be reached.";
      return new Denial("replay-check-unavailable", detail, REPLAY_RETRY_AFTER_SECONDS);
    }
  };

  const check = async (thumbprint: string, clockToleranceSeconds: number, presented: PresentedRequest) => {
    const { headers, method, origin, url } = presented;
    const token = dpopOrBearerToken(headers.get("authorization"));
    if (token instanceof Denial) return token;
    const nowMs = now();
    // The path as the client spelt it, because RFC 9449 4.3 compares by RFC 3986 alone. The canonical path decodes more.
    const uri = origin + url.pathname;
    const result = await checkProof(headers.get("dpop"), {
      ...{ method, uri, token, algorithms, maxAgeSeconds, clockToleranceSeconds, nowMs },
    });
    if (!result.ok) return new Denial("dpop-proof-invalid", result.failure);
    const proof = result.value;
    if (proof.thumbprint !== thumbprint) {
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

  return ({ confirmation, issuer }, presented) => {
    const isProven = triedScheme(presented.headers.get("authorization")) === "dpop";
    if (confirmation?.method !== "dpop") {
      return isProven
        ? new Denial("token-binding-mismatch", "The token is not bound to the key of a proof.")
        : undefined;
    }
    if (!isProven) return new Denial("token-binding-mismatch", "The token is bound to a key and came without a proof.");
    return check(confirmation.thumbprint, issuer.clockToleranceSeconds, presented);
  };
}
