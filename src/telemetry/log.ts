/** Takes one line of the log. */
export type Log = (line: object) => void;

/** How plain workerd, like Node, is told what to print for an object. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * The same object, ready to be logged. Cloudflare keeps it as JSON, its members as fields. Plain workerd would print it for
 * people, on many lines and at several times the cost, so the object says itself that it is printed as JSON, on one.
 */
export function jsonLine(line: object): object {
  return Object.defineProperty(line, INSPECT, { value: toJson });
}

/** Logs an object. */
export const logToConsole: Log = (line) => console.log(jsonLine(line));

/** What JSON leaves as it is and a terminal does not: DEL, C1 controls, and what turns the direction of text. */
const TRICKS = /[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

function toJson(this: object): string {
  return JSON.stringify(this).replace(TRICKS, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
