import { DEFAULT_NONCE_SECONDS, DEFAULT_PROOF_AGE_SECONDS } from "../../../limits.ts";
import type { Report } from "../../fault.ts";
import type { DpopSettings, Issuer } from "../../policy.ts";
import { checkSecretName } from "../upstreams/binding-name.ts";

/** The members of the file that are read here. One that is `undefined` has a fault that is reported already. */
interface ProofConfig {
  readonly dpop?: DpopConfig | undefined;
}

interface DpopConfig {
  readonly algorithms?: readonly (string | undefined)[] | undefined;
  readonly maxAgeSeconds?: number | undefined;
  readonly nonce?: { readonly secret?: string | undefined; readonly everySeconds?: number | undefined } | undefined;
  readonly replay?: DpopSettings["replay"] | undefined;
}

/** Elliptic curves only: short proofs, and keys that clients make quickly. */
const DEFAULT_ALGORITHMS = ["ES256", "EdDSA"];

/**
 * Compiles `dpop`, and checks that there is one if an issuer accepts tokens that are bound by DPoP. It does not
 * check that the secret for nonces and the binding of the replay store exist: only the Worker knows.
 */
export function compileDpop(
  config: ProofConfig,
  issuers: Iterable<Pick<Issuer, "name" | "binding">>,
  report: Report,
): DpopSettings | undefined {
  if (!Object.hasOwn(config, "dpop")) checkProofsCovered(issuers, report);
  return config.dpop && compileSettings(config.dpop, report);
}

/** Reports each issuer that accepts DPoP. For a policy without `dpop`. */
export function checkProofsCovered(issuers: Iterable<Pick<Issuer, "name" | "binding">>, report: Report): void {
  for (const { name, binding } of issuers) {
    if (binding === undefined || binding.dpop === "refused") continue;
    report(
      ["issuers", name, "binding", "dpop"],
      "The policy has no `dpop`, which says how proofs are checked.",
      'Add `"dpop": {}` at the top of the file for the defaults, or write `refused` here.',
    );
  }
}

function compileSettings(
  { algorithms = DEFAULT_ALGORITHMS, maxAgeSeconds = DEFAULT_PROOF_AGE_SECONDS, nonce, replay = "isolate" }: DpopConfig,
  report: Report,
): DpopSettings {
  const secret = nonce?.secret;
  if (secret !== undefined) {
    const hint = "Write the name of the Worker secret, never its value.";
    checkSecretName(secret, ["dpop", "nonce", "secret"], hint, report);
  }
  return {
    algorithms: [...new Set(algorithms.filter((algorithm) => algorithm !== undefined))],
    maxAgeSeconds,
    ...(secret !== undefined && { nonce: { secret, everySeconds: nonce?.everySeconds ?? DEFAULT_NONCE_SECONDS } }),
    replay,
  };
}
