import { Denial } from "../../../answer/denial.ts";
import { MIN_NONCE_SECRET_LENGTH } from "../../../limits.ts";
import type { Fault } from "../../../policy/fault.ts";
import type { DpopSettings, ServedPolicy } from "../../../policy/policy.ts";
import { putSecret } from "../../../policy/settings/put-secret.ts";
import type { Authenticate, PresentedRequest, TokenCheck } from "../../authenticate.ts";
import { dpopOrBearerToken } from "./credentials.ts";
import { createGlobalReplayStore, isReplayNamespace, type ReplayNamespace } from "./global-replay-store.ts";
import { createNonces } from "./nonces.ts";
import { type AnswerNonce, createProofAnswers, type ProofAnswers } from "./proof-answers.ts";
import { createProofCheck } from "./proof-check.ts";
import { createIsolateReplayStore } from "./replay-store.ts";

/** Everything that a policy with DPoP adds to the stages of a request. */
export interface Dpop {
  /** Reads the token of an `Authorization` header, of either scheme. */
  readonly tokenOf: typeof dpopOrBearerToken;
  readonly check: TokenCheck;
  /** Prepares the nonces for the answer, also for that to a request without a token. */
  readonly prepared: (authenticate: Authenticate) => Authenticate;
  readonly answers: ProofAnswers;
}

/**
 * Makes the parts that serve DPoP (RFC 9449).
 *
 * @param bindings the Worker's; they must have passed `dpopFaults`
 * @param now epoch milliseconds
 */
export function createDpop(
  policy: Pick<ServedPolicy, "cors" | "dpop" | "issuers">,
  settings: DpopSettings,
  bindings: Readonly<Record<string, unknown>>,
  now: () => number,
): Dpop {
  const { nonce } = settings;
  const namespace = settings.replay === "global" ? (bindings["REPLAY"] as ReplayNamespace) : undefined;
  const store = namespace === undefined ? createIsolateReplayStore() : createGlobalReplayStore(namespace);
  const nonces = nonce && createNonces(String(bindings[nonce.secret]), nonce.everySeconds);
  const nonceOf = new WeakMap<PresentedRequest, AnswerNonce>();
  const onOldNonce = (presented: PresentedRequest): void => {
    const known = nonceOf.get(presented);
    if (known) nonceOf.set(presented, { ...known, isNews: true });
  };
  return {
    tokenOf: dpopOrBearerToken,
    check: createProofCheck({ settings, store, nonces, onOldNonce, now }),
    prepared: (authenticate) =>
      nonces === undefined
        ? authenticate
        : async (authorization, presented, waitUntil) => {
            const { current } = await nonces(now());
            nonceOf.set(presented, { current, isNews: false });
            const found = await authenticate(authorization, presented, waitUntil);
            // If the route only reports, its answer has no challenge, and the client learns the nonce in no other way.
            if (found instanceof Denial && found.reason === "dpop-nonce-required") onOldNonce(presented);
            return found;
          },
    answers: createProofAnswers(policy, (presented) => nonceOf.get(presented)),
  };
}

/**
 * The faults of a Worker that lacks what `dpop` needs. No fault repeats any of the secret.
 *
 * @param own names of the gateway's own bindings: none of them is a secret
 */
export function dpopFaults(
  { nonce, replay }: DpopSettings,
  bindings: Readonly<Record<string, unknown>>,
  own: ReadonlySet<string>,
): readonly Fault[] {
  const faults: Fault[] = [];
  const value = nonce && bindings[nonce.secret];
  if (nonce && (own.has(nonce.secret) || typeof value !== "string" || value.length < MIN_NONCE_SECRET_LENGTH)) {
    faults.push({
      path: ["dpop", "nonce", "secret"],
      message: `The Worker has no secret \`${nonce.secret}\` of ${MIN_NONCE_SECRET_LENGTH} characters or more.`,
      hint: `Set it with \`openssl rand -hex 32 | ${putSecret(nonce.secret)}\`.`,
    });
  }
  if (replay === "global" && !isReplayNamespace(bindings["REPLAY"])) {
    faults.push({
      path: ["dpop", "replay"],
      message: "The Worker has no Durable Object `REPLAY`.",
      hint: "Bind the class `ReplayGuard` to it in wrangler.toml, for every environment, or write `isolate`.",
    });
  }
  return faults;
}
