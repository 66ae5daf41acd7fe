/** `npm run simulate`: the gateway's key handling under a virtual clock, at loads that no test can make. */
import { writeFileSync } from "node:fs";
import { defineCommand } from "../../src/cli/args/command.ts";
import { EXIT, UsageError } from "../../src/cli/args/exit-code.ts";
import { runCommand } from "../../src/cli/args/run-command.ts";
import { removedKeyBound } from "../../src/keys/removed-key-bound.ts";
import { drawDays } from "./chart.ts";
import { defaultIssuer } from "./default-issuer.ts";
import type { FleetOptions } from "./fleet.ts";
import { formatDays, formatHours, formatPhases } from "./report.ts";
import { DAY, QUIET, STRESSES } from "./scenario.ts";
import { type Outcome, simulate } from "./simulation.ts";

const LOADS = [100, 10_000, 1_000_000];
const FULL: Omit<FleetOptions, "requestsPerSecond"> = { locations: 300, requestsPerIsolate: 1_000 };
const QUICK: typeof FULL = { locations: 30, requestsPerIsolate: 20_000 };

const command = defineCommand({
  name: "simulate",
  summary: "Run the real key handling through a simulated day. Exit code 1: a valid token is refused in that day.",
  options: {
    seed: { type: "string", default: "1", description: "A whole number; the same gives the same output." },
    quick: {
      type: "boolean",
      description: "A tenth of the locations and a twentieth of the isolates.",
    },
    svg: { type: "string", description: "Where to write the picture of the day, e.g. docs/measurements/keys.svg." },
  },
  positionals: {},
  examples: ["", "--quick --seed 2"],
  hasScript: true,
  async run(args) {
    const seed = parseSeed(args.seed);
    const size = args.quick ? QUICK : FULL;
    const days: Outcome[] = [];
    for (const requestsPerSecond of LOADS) {
      days.push(await simulate({ ...size, scenario: DAY, seed, requestsPerSecond }));
    }
    console.log(`A day under three loads, seed ${seed}\n\n${formatDays(days)}\n`);
    const bound = removedKeyBound(defaultIssuer().keys).whileRefreshing;
    console.log(`The bound on how long a removed key is accepted, from the settings: ${bound} s\n`);
    const largest = days.at(-1);
    if (largest !== undefined) {
      console.log(
        `The day at ${largest.requestsPerSecond.toLocaleString("en")} requests/s\n\n${formatPhases(largest)}\n`,
      );
    }
    if (args.svg !== undefined) writeFileSync(args.svg, drawDays(days));

    const load = { seed, requestsPerSecond: LOADS.at(-1) ?? 0 };
    const hours: Outcome[] = [];
    for (const scenario of [QUIET, ...STRESSES]) hours.push(await simulate({ ...size, ...load, scenario }));
    const more = { ...size, requestsPerIsolate: size.requestsPerIsolate / 10 };
    hours.splice(1, 0, await simulate({ ...more, ...load, scenario: QUIET }));
    console.log(`Single hours at that load\n\n${formatHours(hours)}`);
    const isRefused = days.some(({ tally }) => tally.total("refused") + tally.total("deferred") > 0);
    return isRefused ? EXIT.findings : EXIT.fine;
  },
});

process.exitCode = await runCommand(command, process.argv.slice(2));

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d{1,9}$/.test(text)) throw new UsageError("--seed needs a whole number of at most 9 digits.");
  return seed;
}
