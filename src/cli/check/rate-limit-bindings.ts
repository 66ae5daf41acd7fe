import { GATEWAY_BINDINGS } from "../../env.ts";
import { formatRate } from "../../policy/analysis/format-rate-limit.ts";
import type { Policy, RateLimit } from "../../policy/policy.ts";
import { type BoundRateLimit, boundRateLimits } from "../policy-file/bound-rate-limits.ts";
import type { WranglerSettings } from "../policy-file/read-environments.ts";
import type { Found } from "./finding.ts";

/** The gateway's own bindings. None of them counts requests. */
const OWN_BINDINGS: ReadonlySet<string> = new Set(Object.values(GATEWAY_BINDINGS));

/**
 * What is wrong with the bindings that count the requests of limited routes, in an environment of wrangler's file. The
 * numbers that count are those of wrangler's file, so they must be the ones that reviewers of the policy read.
 *
 * @param settings those of the environment; `undefined`: there is no wrangler file, so only the names are checked
 */
export function rateLimitBindings(
  { rateLimits = [] }: Pick<Policy, "rateLimits">,
  settings: WranglerSettings | undefined,
): readonly Found[] {
  const bound = settings && boundRateLimits(settings);
  return rateLimits.flatMap((limit) => {
    const { binding } = limit;
    if (OWN_BINDINGS.has(binding)) {
      const message = `The binding \`${binding}\` belongs to the gateway itself and counts no requests.`;
      return error("own-binding", limit, "binding", message, "Bind the rate limit under another name.");
    }
    if (bound === undefined) return [];
    // All of one name: which of them a deployment takes is not certain.
    const found = bound.filter(({ name }) => name === binding);
    return found.length === 0 ? unbound(limit) : found.flatMap((it) => differences(limit, it));
  });
}

function unbound(limit: RateLimit): Found {
  const { binding, limit: most, periodSeconds } = limit;
  const hint =
    `Add \`[[ratelimits]]\` with \`name = "${binding}"\`, a \`namespace_id\` of your choice such as "1001", and ` +
    `\`simple = { limit = ${most}, period = ${periodSeconds} }\` to every environment.`;
  return error("unbound-rate-limit", limit, "binding", `There is no rate limit \`${binding}\`.`, hint);
}

function differences(limit: RateLimit, { namespace_id: id, simple }: BoundRateLimit): readonly Found[] {
  const found: Found[] = [];
  if (id === undefined || !/^[1-9]\d*$/.test(id)) {
    const message = `The \`namespace_id\` of \`${limit.binding}\` is not a positive whole number, so Cloudflare refuses it.`;
    found.push(error("unbound-rate-limit", limit, "binding", message, 'Write a number as a text, such as "1001".'));
  }
  const [most, period] = [simple?.limit, simple?.period];
  if (most === limit.limit && period === limit.periodSeconds) return found;
  // Wrangler does not check the members of an `unsafe` binding.
  const theirs =
    typeof most === "number" && typeof period === "number"
      ? formatRate({ limit: most, periodSeconds: period })
      : "no numbers as `simple.limit` and `simple.period`";
  const message = `Wrangler's file gives \`${limit.binding}\` ${theirs}, and the policy says ${formatRate(limit)}.`;
  const member = most === limit.limit ? "periodSeconds" : "limit";
  const hint =
    "Write the same numbers in both files, for every environment: those of wrangler's file are the ones that count.";
  return [...found, error("mismatched-rate-limit", limit, member, message, hint)];
}

function error(code: Found["code"], { name }: RateLimit, member: string, message: string, hint: string): Found {
  return { code, severity: "error", path: ["rateLimits", name, member], message, hint, reason: undefined };
}
