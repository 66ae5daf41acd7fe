import { COLD_POLL_MS } from "../limits.ts";
import type { KeyIo } from "./key-io.ts";

/**
 * A look for keys that one request has begun and others profit from. The others read these plain values and never await
 * a promise of it: a Worker ties I/O to the request that began it, and awaiting across requests hangs or throws.
 */
export interface Flight {
  /** Epoch milliseconds after which nobody waits any more: the request that began it may have died. */
  readonly deadline: number;
  landed: boolean;
}

/** Whether somebody is looking right now. */
export function isUnderWay(flight: Flight | undefined, now: number): flight is Flight {
  return flight !== undefined && !flight.landed && now < flight.deadline;
}

/** Looks on a short timer until the flight has landed or is given up. */
export async function waitForLanding(flight: Flight, { now, sleep }: Pick<KeyIo, "now" | "sleep">): Promise<void> {
  while (isUnderWay(flight, now())) await sleep(COLD_POLL_MS);
}
