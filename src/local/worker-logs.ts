/** One call of `console` in a Worker, or an exception that left it (level `error`). */
export interface WorkerLog {
  /** Name of the Worker. */
  readonly worker: string;
  /** `log`, `info`, `debug`, `warn` or `error`. */
  readonly level: string;
  /** The arguments, each as a JSON value. */
  readonly message: readonly unknown[];
}

/** The name of the tail Worker. */
export const LOG_WORKER = "scopegate-log";
/** Distinguishes the lines of `LOG_SCRIPT` from all other output of workerd. */
const LOG_PREFIX = "scopegate-log ";

/**
 * A tail Worker that prints logs as JSON. workerd itself would print objects as `util.inspect` does, cut at a depth of
 * three. The props tell the tail Worker which Worker wrote a log.
 */
export const LOG_SCRIPT = `
const print = (log) => console.log(${JSON.stringify(LOG_PREFIX)} + JSON.stringify(log));
export default {
  tail(events, env, { props: { worker } }) {
    for (const { logs, exceptions } of events) {
      for (const { level, message } of logs) print({ worker, level, message });
      for (const { name, message, stack } of exceptions) {
        print({ worker, level: "error", message: [name + ": " + message, stack ?? ""] });
      }
    }
  },
};
`;

/** Reads a line that workerd printed. `undefined`: the tail Worker did not print it. */
export function parseWorkerLog(line: string): WorkerLog | undefined {
  return line.startsWith(LOG_PREFIX) ? (JSON.parse(line.slice(LOG_PREFIX.length)) as WorkerLog) : undefined;
}
