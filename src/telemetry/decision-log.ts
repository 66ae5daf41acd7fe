import { MAX_FIRST_LINE_KEY_LENGTH, MAX_FIRST_LINES, MAX_LOGGED_PATH_LENGTH } from "../limits.ts";
import type { Telemetry } from "../policy/policy.ts";
import type { Decision } from "./decision.ts";
import type { Log } from "./log.ts";
import { loggableUnverified } from "./loggable.ts";
import { createMetrics } from "./metrics.ts";

/** What a decision line may need of the request beside the line itself. */
export interface DecidedRequest {
  /** The canonical path; `undefined`: it has none. */
  readonly path: string | undefined;
  readonly url: URL;
  readonly route: { readonly index: number } | undefined;
  /** On an MCP route. */
  readonly message?: { readonly entries: readonly string[] } | undefined;
}

/** Takes the line of one decision. The mapped type lets a line count as any JSON object, too. */
export type DecisionLog = (
  line: { readonly [Member in keyof Decision]: Decision[Member] },
  level: "error" | undefined,
  request: DecidedRequest,
) => void;

/** What the decision log of a policy with `telemetry` needs from outside. */
export interface DecisionLogParts {
  /** Takes the lines of decisions. */
  readonly log: Log;
  /** Takes the line of a dataset that fails: written even where the lines of decisions are turned off. */
  readonly logFailure: Log;
  /** The Worker's bindings. `missingMetrics` has found no fault in them. */
  readonly bindings: Readonly<Record<string, unknown>>;
  /** From 0 to less than 1, such as `Math.random`. Never anything that a caller can choose. */
  readonly random: () => number;
}

/**
 * Makes the decision log of a policy with `telemetry`: it counts every decision, and writes the line of some. It writes
 * errors always, and of the others the share that the policy says. The first line of each client on each route, once
 * permitted and once refused, is always written, so that a rare caller is seen, too. On an MCP route so is the first
 * line for each entry: otherwise a log would show no use of a tool that is rarely called. It never throws.
 */
export function createDecisionLog(
  telemetry: Telemetry,
  { log, logFailure, bindings, random }: DecisionLogParts,
): DecisionLog {
  const seen = new FirstLines();
  const count = createMetrics(telemetry, bindings, logFailure);
  return (line, level, request) => {
    count?.(line);
    const share = shareOf(line, telemetry);
    const sampleShare = share < 1 && seen.isFirst(line, request) ? 1 : share;
    if (random() >= sampleShare) return;
    const path = telemetry.path
      ? loggableUnverified(request.path ?? request.url.pathname, MAX_LOGGED_PATH_LENGTH)
      : undefined;
    log({ ...line, path, sample_share: sampleShare }, level);
  };
}

function shareOf({ decision }: Decision, { allow, deny }: Telemetry): number {
  if (decision === "error") return 1;
  return decision === "allow" ? allow : deny;
}

/** Whose first lines an isolate has written. Bounded: once it is full, nothing more is a first line. */
class FirstLines {
  readonly #keys = new Set<string>();

  isFirst(line: Decision, { route, message }: DecidedRequest): boolean {
    const { decision, route: pattern, issuer, client_id } = line;
    // None of these has a line feed, so two different ones never look alike.
    const key = `${decision}\n${route?.index ?? pattern}\n${issuer}\n${client_id}`;
    if (message === undefined || message.entries.length === 0) return this.#isNew(key);
    // Each entry is remembered, so that its next message alone is no first one.
    return message.entries.map((entry) => this.#isNew(`${key}\n${entry}`)).includes(true);
  }

  #isNew(key: string): boolean {
    if (this.#keys.size >= MAX_FIRST_LINES) return false;
    if (key.length > MAX_FIRST_LINE_KEY_LENGTH || this.#keys.has(key)) return false;
    this.#keys.add(key);
    return true;
  }
}
