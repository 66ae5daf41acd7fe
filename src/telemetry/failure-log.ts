import { MAX_LOGGED_MESSAGE_LENGTH } from "../limits.ts";
import type { MetricsFailedLine, ShadowFailedLine } from "./lines.ts";
import type { Log } from "./log.ts";
import { loggableUnverified } from "./loggable.ts";

/**
 * Makes the function that logs why a part failed that no answer depends on: the first time only, so once for each
 * isolate. It never throws, because the log may fail, too, and not everything that can be thrown can be made a text.
 */
export function createFailureLog(
  log: Log,
  event: (MetricsFailedLine | ShadowFailedLine)["event"],
): (why: unknown) => void {
  let hasFailed = false;
  return (why) => {
    if (hasFailed) return;
    hasFailed = true;
    try {
      const message = loggableUnverified(String(why), MAX_LOGGED_MESSAGE_LENGTH);
      log({ event, message } satisfies MetricsFailedLine | ShadowFailedLine, "error");
    } catch {}
  };
}
