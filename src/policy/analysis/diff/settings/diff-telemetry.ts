import type { Policy, Telemetry } from "../../../policy.ts";
import { type Comparers, compareMembers } from "./comparers.ts";
import type { Note } from "./setting-change.ts";

/** Without `telemetry`, every decision is logged. */
const NONE: Telemetry = { allow: 1, deny: 1, path: false };

/** Compares how many decisions are logged, and where they are counted. It opens and closes nothing. */
export function diffTelemetry(
  { telemetry: was = NONE }: Pick<Policy, "telemetry">,
  { telemetry: is = NONE }: Pick<Policy, "telemetry">,
  note: Note,
): void {
  compareMembers(was, is, TELEMETRY, (member, kind, message) => note(kind, ["telemetry", member], message));
}

const TELEMETRY: Comparers<Telemetry> = {
  allow(was, is, note) {
    if (was !== is) note("other", `The share of permitted requests that are logged was ${was} and is now ${is}.`);
  },
  deny(was, is, note) {
    if (was !== is) note("other", `The share of refused requests that are logged was ${was} and is now ${is}.`);
  },
  path(was, is, note) {
    if (was !== is) note("other", is ? "The log now has the paths of requests." : "The log no longer has paths.");
  },
  metrics(was, is, note) {
    if (was === is) return;
    if (is === undefined) note("other", "Decisions are no longer counted in Analytics Engine.");
    else note("other", `Decisions are now counted in the Analytics Engine dataset bound as ${is}.`);
  },
};
