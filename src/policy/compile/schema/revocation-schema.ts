import * as v from "valibot";
import { MAX_DURATION_SECONDS, MAX_REVOCATION_REFRESH_SECONDS } from "../../../limits.ts";
import { closed } from "./closed.ts";
import { about, wholeNumber } from "./values.ts";

/** `revocation`: how the list of revoked tokens is read. */
export const revocationSchema = closed({
  refreshSeconds: about(
    wholeNumber(1, MAX_REVOCATION_REFRESH_SECONDS),
    "How old the list may be, in seconds. A revocation counts everywhere after this time and 90 seconds, which KV takes. Default: 30.",
  ),
  maxStaleSeconds: about(
    wholeNumber(1, MAX_DURATION_SECONDS),
    "How old the list may be, in seconds, while it cannot be read. Default: 600, or `refreshSeconds` if that is longer.",
  ),
  onStale: about(
    v.picklist(["refuse", "serve"]),
    "What happens when the list is older. `refuse`: requests with a token get 503. `serve`: the gateway goes on with the old list, so it may accept a revoked token. Default: `refuse`.",
  ),
});
