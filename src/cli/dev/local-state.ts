import { dirname, resolve } from "node:path";

/**
 * Where the local stack keeps its state, beside the policy. `wrangler dev` uses another folder. It is what wrangler
 * takes as `--persist-to`.
 *
 * @param hasRealIssuers whether it verifies tokens of real issuers. Keys of the local issuer must not be kept for them
 */
export function localState(policy: string, hasRealIssuers: boolean): string {
  return resolve(dirname(policy), `.wrangler/state/local${hasRealIssuers ? "-real" : ""}`);
}

/** The folder in it that Miniflare takes, as wrangler does. */
export function miniflareState(state: string): string {
  return resolve(state, "v3");
}
