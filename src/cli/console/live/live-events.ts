import { type PolicyState, shownPolicy } from "../view/policy-state.ts";
import type { StackView } from "../view/stack-view.ts";
import type { EventsOfView } from "../view/view-context.ts";
import { type LiveLine, liveLines } from "./live-line.ts";

/** Lines that a page gets at once. */
export interface LiveBatch {
  /** Tells this run of the gateway from others. The ids of another run's lines say nothing. */
  readonly run: string;
  /** Oldest first. */
  readonly lines: readonly LiveLine[];
  /** How many lines after the last that the page has seen are forgotten already. */
  readonly missed: number;
  /** Whether the policy's file is valid now, so that a page no longer shows the faults that it had. */
  readonly isPolicyValid: boolean;
}

/** Lines that come within this time are sent together, so that a flood of requests is no flood of events. */
const BATCH_MS = 100;

/**
 * Sends the lines that the page has not seen, and then each new one. A page that connects again goes on where it was,
 * without a gap and without a repetition; one that knows another run gets all lines.
 */
export const liveEvents: EventsOfView = (context, sink) => {
  let isOpen = true;
  let timer: NodeJS.Timeout | undefined;
  let stopListening = (): void => undefined;

  const start = async () => {
    const { stack, state } = await context();
    if (stack === undefined || !isOpen) return;
    // A page that was out of sight connects anew, so its browser sends no id.
    const after = new URL(sink.request.url).searchParams.get("after") ?? undefined;
    let seen = lastSeen(sink.lastEventId ?? after, stack);
    const send = (now: PolicyState) => {
      const batch = batchAfter(seen, stack, now);
      seen = stack.recentLines().at(-1)?.id ?? seen;
      sink.send({ id: `${stack.run}.${seen}`, data: JSON.stringify(batch) });
    };
    const sendLater = () => {
      timer ??= setTimeout(async () => {
        // A fault of the policy's file says nothing about the lines: they keep the names that clients had.
        const current = await context().catch(() => undefined);
        timer = undefined;
        if (isOpen) send(current?.state ?? state);
      }, BATCH_MS);
    };
    stopListening = stack.onLine(sendLater);
    send(state);
  };
  // A bug is told when the page itself is asked for.
  start().catch(() => undefined);
  return () => {
    isOpen = false;
    clearTimeout(timer);
    stopListening();
  };
};

function batchAfter(seen: number, { run, recentLines }: StackView, state: PolicyState): LiveBatch {
  const lines = recentLines();
  const [oldest] = lines;
  const missed = seen === 0 || oldest === undefined ? 0 : Math.max(0, oldest.id - seen - 1);
  const unseen = lines.filter(({ id }) => id > seen);
  return { run, lines: liveLines(unseen, shownPolicy(state)?.policy), missed, isPolicyValid: state.kind === "valid" };
}

/** The id of the last line that the page has seen; 0: none of this run. Anyone could write it. */
function lastSeen(eventId: string | undefined, { run, recentLines }: StackView): number {
  const [, eventRun, digits] = /^(.*)\.(\d{1,15})$/s.exec(eventId ?? "") ?? [];
  const id = Number(digits);
  return eventRun === run && id <= (recentLines().at(-1)?.id ?? 0) ? id : 0;
}
