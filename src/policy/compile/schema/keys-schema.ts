import { MAX_DURATION_SECONDS, MAX_PUBLICATION_LAG_SECONDS } from "../../../limits.ts";
import { closed } from "./closed.ts";
import { about, timeoutMs, wholeNumber } from "./values.ts";

/** How an issuer's keys are fetched and how long they are used. */
export const keysSchema = closed({
  refreshAfterSeconds: about(
    wholeNumber(1, MAX_DURATION_SECONDS),
    "Keys older than this are refreshed in the background. Default: 600.",
  ),
  maxStaleSeconds: about(wholeNumber(1, MAX_DURATION_SECONDS), "Keys older than this are never used. Default: 86400."),
  cooldownSeconds: about(
    wholeNumber(1, MAX_DURATION_SECONDS),
    "Longest time between two attempts to fetch an unknown key; the first few come sooner. Default: 30.",
  ),
  publicationLagSeconds: about(
    wholeNumber(0, MAX_PUBLICATION_LAG_SECONDS),
    "How long the issuer may take to publish a key after it first signs with it. During that time, the answer to a token with an unknown key is 503, not 401. Default: 60.",
  ),
  timeoutMs: about(timeoutMs, "Time limit for one request to the issuer. Default: 3000."),
});
