import { Denial, type RateLimitReason } from "../answer/denial.ts";
import { RATE_LIMIT_REASONS } from "../answer/rate-limit-reasons.ts";
import type { Sleep } from "../keys/key-io.ts";
import { TIMED_OUT, withTimeLimit } from "../keys/time-limit.ts";
import { MAX_LOGGED_MESSAGE_LENGTH, RATE_LIMIT_RETRY_AFTER_SECONDS, RATE_LIMIT_TIMEOUT_MS } from "../limits.ts";
import type { Fault } from "../policy/fault.ts";
import type { RateLimit, Route } from "../policy/policy.ts";
import type { RateLimitFailedLine } from "../telemetry/lines.ts";
import type { Log } from "../telemetry/log.ts";
import { loggableUnverified } from "../telemetry/loggable.ts";
import { addressKey, type CountedToken, tokenKey } from "./rate-limit-key.ts";

/** The part of a rate limiting binding that is used. Each call counts one request. */
interface RateLimitBinding {
  limit(options: { readonly key: string }): Promise<unknown>;
}

/** What counting depends on outside the policy. */
export interface RateLimitParts {
  /** The Worker's bindings. `rateLimitFaults` has found no fault in them. */
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly sleep: Sleep;
  /** Takes the line of a binding that fails: written even where the lines of decisions are turned off. */
  readonly log: Log;
}

/** Counts a request under the limits of its route. Returns `undefined` at once if none of them applies. */
export interface RateLimiting {
  /**
   * Counts it under the limits by address, before its token is read: guessing tokens counts, too.
   *
   * @returns `rate-limited` or `rate-limit-unavailable`; `undefined`: the request may go on
   */
  readonly byAddress: (route: Route, headers: Pick<Headers, "get">) => Promise<Denial | undefined> | undefined;
  /** Counts it under the other limits, once it is authorized. Without a token there is nobody to count. */
  readonly byToken: (route: Route, token: CountedToken | undefined) => Promise<Denial | undefined> | undefined;
}

/**
 * The faults of a policy whose limits name bindings that the Worker lacks.
 *
 * @param own names of the gateway's own bindings: none of them counts requests
 */
export function rateLimitFaults(
  limits: readonly RateLimit[],
  bindings: Readonly<Record<string, unknown>>,
  own: ReadonlySet<string>,
): readonly Fault[] {
  // Routes with different lists may name the same limit, which is then there twice.
  return [...new Map(limits.map((limit) => [limit.name, limit])).values()]
    .filter(({ binding }) => own.has(binding) || !isBinding(bindings[binding]))
    .map(({ name, binding }) => ({
      path: ["rateLimits", name, "binding"],
      message: `The Worker has no rate limiting binding \`${binding}\`.`,
      hint: "Add it to `ratelimits` in wrangler's file, for every environment.",
    }));
}

/**
 * Makes what counts the requests of routes with `rateLimit`. It counts under one limit after the other, and the first
 * refusal ends it: a request that is refused counts under none of the others. Once a binding does not answer in time,
 * the others are asked at once, so that many bindings that hang cost a request no more time than two.
 *
 * A binding fails if it throws, takes longer than `RATE_LIMIT_TIMEOUT_MS`, or answers anything but whether the request
 * is within the limit. Then `onError` decides. It never rejects.
 */
export function createRateLimits({ bindings, sleep, log }: RateLimitParts): RateLimiting {
  const told = new Set<string>();
  const tell = ({ name }: RateLimit, message: string): void => {
    if (told.has(name)) return;
    told.add(name);
    // No answer depends on its line.
    try {
      log({ event: "rate-limit-failed", rate_limit: name, message } satisfies RateLimitFailedLine, "error");
    } catch {}
  };
  const count = async (
    limits: readonly RateLimit[],
    keyOf: (limit: RateLimit) => Promise<string>,
  ): Promise<Denial | undefined> => {
    const askFor = async (limit: RateLimit) => ask(bindings[limit.binding], await keyOf(limit), sleep);
    let ahead: Promise<Outcome>[] | undefined;
    for (const [index, limit] of limits.entries()) {
      const { name, periodSeconds, onError } = limit;
      const outcome = await (ahead?.shift() ?? askFor(limit));
      if (outcome === TOO_LATE) ahead ??= limits.slice(index + 1).map(askFor);
      if (outcome === true) continue;
      if (outcome === false) {
        return refusal("rate-limited", `The rate limit \`${name}\` is exceeded.`, periodSeconds);
      }
      const message = loggableUnverified(outcome, MAX_LOGGED_MESSAGE_LENGTH);
      if (onError === "refuse") {
        const detail = `The rate limit \`${name}\` could not be counted: ${message}`;
        return refusal("rate-limit-unavailable", detail, RATE_LIMIT_RETRY_AFTER_SECONDS);
      }
      tell(limit, message);
    }
    return undefined;
  };
  return {
    byAddress({ rateLimits = [] }, headers) {
      const limits = rateLimits.filter(isByAddress);
      if (limits.length === 0) return undefined;
      const address = headers.get("cf-connecting-ip");
      return count(limits, (limit) => addressKey(limit, address));
    },
    byToken({ rateLimits = [] }, token) {
      const limits = token === undefined ? [] : rateLimits.filter((limit) => !isByAddress(limit));
      return token === undefined || limits.length === 0 ? undefined : count(limits, (limit) => tokenKey(limit, token));
    },
  };
}

function refusal(reason: RateLimitReason, detail: string, retryAfterSeconds: number): Denial {
  return new Denial(reason, detail, retryAfterSeconds, undefined, RATE_LIMIT_REASONS[reason]);
}

/** Whether the request is within the limit; a text: why nobody knows. */
type Outcome = boolean | string;

const TOO_LATE = `The binding did not answer within ${RATE_LIMIT_TIMEOUT_MS} ms.`;

async function ask(binding: unknown, key: string, sleep: Sleep): Promise<Outcome> {
  let answer: unknown;
  try {
    const asked = async () => (binding as RateLimitBinding).limit({ key });
    answer = await withTimeLimit(RATE_LIMIT_TIMEOUT_MS, sleep, asked());
    const isWithin = answer === TIMED_OUT ? undefined : Reflect.get(Object(answer), "success");
    if (typeof isWithin === "boolean") return isWithin;
  } catch (error) {
    return textOf(error);
  }
  if (answer === TIMED_OUT) return TOO_LATE;
  return "The binding did not answer whether the request is within the limit.";
}

/** Not everything that can be thrown can be made a text. */
function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return "The binding failed.";
  }
}

function isByAddress({ by }: RateLimit): boolean {
  return by.kind === "address";
}

function isBinding(binding: unknown): boolean {
  return typeof binding === "object" && binding !== null && typeof Reflect.get(binding, "limit") === "function";
}
