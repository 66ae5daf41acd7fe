import { within } from "../support/e2e/wait.ts";
import type { Site } from "./call.ts";
import type { Scenario } from "./scenario.ts";

/** Beyond what a scenario takes on a machine that is overloaded several times. */
export const SCENARIO_LIMIT_MS = 120_000;
/** How many of the errors of a scenario are kept. */
const MAX_ERRORS = 3;

/** What came of a scenario. */
export interface Tally {
  readonly scenario: string;
  readonly crew: number;
  /** How long each time took that ended as it must, in milliseconds. */
  readonly times: number[];
  /** How many ended otherwise. */
  broken: number;
  /** The first few of what was wrong with those. */
  readonly errors: string[];
}

/** Does a scenario over and over, as many at a time as it says, until `isOver`; what has begun is brought to its end. */
export async function runCrew(scenario: Scenario, site: Site, isOver: () => boolean): Promise<Tally> {
  const tally: Tally = { scenario: scenario.name, crew: scenario.crew, times: [], broken: 0, errors: [] };
  const member = async (): Promise<void> => {
    while (!isOver()) await runOnce(scenario, site, tally);
  };
  await Promise.all(Array.from({ length: scenario.crew }, member));
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
