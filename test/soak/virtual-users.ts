import { within } from "../support/e2e/wait.ts";
import type { Site } from "./call.ts";
import { SCENARIO_LIMIT_MS } from "./limits.ts";
import type { Scenario } from "./scenario.ts";

/** The report shows this many errors of a scenario. */
const MAX_ERRORS = 3;

/** The outcome of a scenario over the whole run. */
export interface Tally {
  readonly scenario: string;
  readonly users: number;
  /** Duration of each iteration that ended as expected, in milliseconds. */
  readonly times: number[];
  /** Number of iterations that ended otherwise. */
  broken: number;
  /** The first errors of those. */
  readonly errors: string[];
}

/** Repeats a scenario until `isOver`, with its number of virtual users at a time. Finishes what has begun. */
export async function runVirtualUsers(scenario: Scenario, site: Site, isOver: () => boolean): Promise<Tally> {
  const tally: Tally = { scenario: scenario.name, users: scenario.users, times: [], broken: 0, errors: [] };
  const user = async (): Promise<void> => {
    while (!isOver()) await runOnce(scenario, site, tally);
  };
  await Promise.all(Array.from({ length: scenario.users }, user));
  return tally;
}

async function runOnce(scenario: Scenario, site: Site, tally: Tally): Promise<void> {
  const { realm } = site.current;
  const began = performance.now();
  try {
    await within(`an end of "${scenario.name}"`, scenario.run(site), SCENARIO_LIMIT_MS);
    tally.times.push(performance.now() - began);
  } catch (error) {
    tally.broken += 1;
    if (tally.errors.length < MAX_ERRORS) tally.errors.push(`${realm}: ${error}`);
  }
}
