/** Takes one line of the log. */
export type Log = (line: object) => void;

/** How plain workerd, like Node, is told what to print for an object. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * Logs an object. Cloudflare keeps it as JSON, its members as fields. Plain workerd would print it for people, on many
 * lines and at several times the cost, so the object says itself that it is printed as JSON, on one.
 */
export const logToConsole: Log = (line) => {
  Object.defineProperty(line, INSPECT, { value: toJson });
  console.log(line);
};

function toJson(this: object): string {
  return JSON.stringify(this);
}
