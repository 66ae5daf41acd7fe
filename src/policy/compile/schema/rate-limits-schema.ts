import * as v from "valibot";
import { MAX_RATE_LIMIT } from "../../../limits.ts";
import { RATE_LIMIT_PERIODS } from "../../settings/rate-limit.ts";
import { closed, dictionary } from "./closed.ts";
import { about, listOf, text, wholeNumber } from "./values.ts";

const rateLimitSchema = closed({
  binding: v.pipe(text, v.description("Name of the rate limiting binding, from `ratelimits` in wrangler's file.")),
  limit: v.pipe(
    wholeNumber(1, MAX_RATE_LIMIT),
    v.description("Most requests in one period. Wrangler's file has the same number as `simple.limit`."),
  ),
  periodSeconds: v.pipe(
    v.picklist(RATE_LIMIT_PERIODS),
    v.description("The period in seconds: 10 or 60. Wrangler's file has the same number as `simple.period`."),
  ),
  by: v.pipe(
    v.union([v.picklist(["client", "subject", "address"]), text]),
    v.description(
      "Whose requests count together: those of one `client`, one `subject` or one IP `address`, or those with one value of a claim, written as `claim:` and its name or JSON Pointer (RFC 6901). A token without the claim counts by its client.",
    ),
  ),
  onError: about(
    v.picklist(["allow", "refuse"]),
    "What happens to requests that cannot be counted. `allow`: they go on, and the gateway logs the failure once. `refuse`: they get 503. Default: `allow`.",
  ),
});

/** `rateLimits`: how many requests one caller may send in a period. */
export const rateLimitsSchema = about(
  dictionary(rateLimitSchema),
  "How many requests one caller may send in a period, by a name of your choice. Routes name them in `rateLimit`.",
);

/** `rateLimit` of a route. */
export const rateLimitNames = about(
  listOf(text),
  "The rate limits of the route: names in `rateLimits`. A request beyond one of them is refused with 429. Default: none.",
);
