import { MAX_LOGGED_MESSAGE_LENGTH, MAX_LOGGED_STACK_LENGTH } from "../limits.ts";
import type { CutOffLine, ErrorLine } from "./lines.ts";
import { loggable, loggableUnverified, withoutTokens } from "./loggable.ts";

/** Takes one line of the log. Without a level it is an ordinary one. */
export type Log = (line: object, level?: "error") => void;

/**
 * The version of the form of all lines, as `v` in each. It grows when a member goes or changes its meaning, not when a
 * member is added.
 */
export const LOG_VERSION = 1;

/** What every line has. Plain workerd, like Node, prints what the method returns; JSON has no members with symbols. */
const FORM = { v: LOG_VERSION, [Symbol.for("nodejs.util.inspect.custom")]: toJson };

/**
 * The same object with its version, ready for `console`. Cloudflare stores it as JSON and makes its members searchable.
 * Plain workerd would print it on many lines and at several times the cost, so the object brings a method that prints
 * it as one line of JSON.
 */
export function jsonLine(line: object): object {
  return Object.assign(line, FORM);
}

/** Writes one line to the log. Cloudflare takes the level from the method of `console`. */
export const logToConsole: Log = (line, level) =>
  level === "error" ? console.error(jsonLine(line)) : console.log(jsonLine(line));

/**
 * The same log, with the digest of the policy as `policy` in the first line: each isolate says once which one it has.
 */
export function namingPolicy(digest: string, log: Log): Log {
  let isFirst = true;
  return (line, level) => {
    if (!isFirst) return log(line, level);
    isFirst = false;
    log({ ...line, policy: digest }, level);
  };
}

/** Logs a bug or a fault of the platform as one line at error level: message and stack, without credentials. */
export function logError(requestId: string, error: unknown): void {
  const message = loggableUnverified(String(error), MAX_LOGGED_MESSAGE_LENGTH);
  const stack = error instanceof Error && error.stack !== undefined ? loggableStack(error.stack) : undefined;
  console.error(jsonLine({ event: "error", request_id: requestId, message, stack } satisfies ErrorLine));
}

/** A stack keeps its line breaks: they are what makes it readable. */
function loggableStack(stack: string): string {
  const lines = withoutTokens(stack).slice(0, MAX_LOGGED_STACK_LENGTH).split("\n");
  return lines.map((line) => loggable(line, MAX_LOGGED_STACK_LENGTH)).join("\n");
}

/** Logs as one line at error level that an answer was cut off, because its upstream stopped sending the body. */
export function logCutOff(requestId: string, upstream: string, idleTimeoutMs: number): void {
  const line: CutOffLine = { event: "body-cut-off", request_id: requestId, upstream, idle_timeout_ms: idleTimeoutMs };
  console.error(jsonLine(line));
}

/**
 * Characters that JSON leaves as they are but a terminal obeys: DEL, C1 controls, and changes of the text's direction.
 */
const TRICKS = /[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

function toJson(this: object): string {
  return JSON.stringify(this).replace(TRICKS, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
