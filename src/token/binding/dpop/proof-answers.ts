import type { Challenge } from "../../../answer/challenge.ts";
import { Denial } from "../../../answer/denial.ts";
import { entryOf } from "../../../answer/reasons.ts";
import type { Requirement, ServedPolicy } from "../../../policy/policy.ts";
import { bindingOf } from "../../../policy/requirements/binding.ts";
import type { PresentedRequest } from "../../authenticate.ts";
import { type Scheme, triedScheme } from "./credentials.ts";

/** What answers have to say of proofs. */
export interface ProofAnswers {
  /** Offers DPoP in the challenges of a policy, beside Bearer where both serve. */
  readonly challenge: (bearer: Challenge) => Challenge;
  /** Completes an answer before it is sent. @param denial left out: the request is not refused */
  readonly finish: (presented: PresentedRequest, response: Response, denial: Denial | undefined) => void;
}

/** The nonce for the answer to a request. */
export interface AnswerNonce {
  readonly current: string;
  /** Whether the client does not have it yet: its proof used the one before. */
  readonly isNews: boolean;
}

/** A challenge for it has no error (RFC 6750 3.1). */
const NO_ERROR = new Denial("credentials-missing");

/**
 * Makes what is different in the answers of a policy with DPoP: the challenges (RFC 9449 7.1), the nonces (8, 9), and
 * what browsers must know of both.
 *
 * @param nonceOf `undefined`: the policy has no nonces, or the request was refused before its token was read
 */
export function createProofAnswers(
  policy: Pick<ServedPolicy, "cors" | "dpop" | "issuers">,
  nonceOf: (presented: PresentedRequest) => AnswerNonce | undefined,
): ProofAnswers {
  const algs = `, algs="${policy.dpop?.algorithms.join(" ")}"`;
  return {
    challenge: (bearer) => (denial, route, origin, held, headers) => {
      const own = bearer(denial, route, origin, held);
      const tried = triedScheme(headers?.get("authorization") ?? null);
      const error = entryOf(denial).challenge;
      if (own === undefined) return undefined;
      // Some clients look for these two errors in the only challenge, and a bearer token would not help.
      if (error === "use_dpop_nonce" || error === "invalid_dpop_proof") return dpopOf(own, algs);
      const serving = schemesOf(policy, route?.requirement);
      const offered = (["bearer", "dpop"] as const).filter(
        (it) => serving.has(it) || (it === tried && error !== "none"),
      );
      // No token opens this route, but a 401 needs a challenge all the same (RFC 9110 15.5.2).
      if (offered.length === 0) return own;
      const other = bearer(NO_ERROR, route, origin) ?? own;
      return offered
        .map((scheme) => {
          const challenge = scheme === tried ? own : other;
          return scheme === "dpop" ? dpopOf(challenge, algs) : challenge;
        })
        .join(", ");
    },
    finish(presented, { headers }, denial) {
      // No upstream gets a proof, so a nonce of its own would only mislead the client.
      headers.delete("dpop-nonce");
      const nonce = nonceOf(presented);
      if (nonce?.isNews || (nonce && denial && headers.has("www-authenticate"))) {
        headers.set("dpop-nonce", nonce.current);
        headers.set("cache-control", "no-store");
      }
      if (policy.cors !== undefined) allowProofs(headers, presented.headers);
    },
  };
}

/** Lets scripts of allowed origins send proofs and read nonces (Fetch standard, CORS protocol). */
function allowProofs(headers: Headers, asked: Pick<Headers, "get">): void {
  if (!headers.has("access-control-allow-origin")) return;
  const exposed = headers.get("access-control-expose-headers");
  if (exposed !== null) headers.set("access-control-expose-headers", `${exposed}, dpop-nonce`);
  const wanted = (asked.get("access-control-request-headers") ?? "").toLowerCase().split(",");
  if (!headers.has("access-control-allow-methods") || !wanted.some((name) => name.trim() === "dpop")) return;
  const allowed = headers.get("access-control-allow-headers");
  headers.set("access-control-allow-headers", allowed === null ? "dpop" : `${allowed}, dpop`);
}

/** The same challenge of the scheme DPoP, with the algorithms of proofs. */
function dpopOf(bearer: string, algs: string): string {
  return bearer.replace(/^Bearer/, "DPoP") + algs;
}

/**
 * The schemes by which some token may open a route.
 *
 * @param requirement left out: there is no route, so every issuer counts
 */
function schemesOf({ issuers }: Pick<ServedPolicy, "issuers">, requirement?: Requirement): ReadonlySet<Scheme> {
  const names = requirement && "issuers" in requirement ? requirement.issuers : undefined;
  const needsBinding = requirement !== undefined && "senderConstrained" in requirement;
  const schemes = new Set<Scheme>();
  for (const issuer of issuers.values()) {
    const { name, binding } = issuer;
    if (names?.includes(name) === false) continue;
    if (binding !== undefined && binding.dpop !== "refused") schemes.add("dpop");
    const bindsCertificates = binding !== undefined && binding.mtls !== "refused";
    if (bindsCertificates || (!needsBinding && bindingOf(issuer) !== "always")) schemes.add("bearer");
  }
  return schemes;
}
