/** `npm run simulate`: the gateway's key handling under a virtual clock, at loads that no test can make. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineCommand } from "../../src/cli/args/command.ts";
import { EXIT, UsageError } from "../../src/cli/args/exit-code.ts";
import { runCommand } from "../../src/cli/args/run-command.ts";
import { removedKeyBound } from "../../src/keys/removed-key-bound.ts";
import { ROOT } from "../support/project/project-files.ts";
import { writeSection } from "../support/project/write-section.ts";
import { drawDays } from "./chart.ts";
import { defaultIssuer } from "./default-issuer.ts";
import type { FleetOptions } from "./fleet.ts";
import { formatDays, formatHours, formatPhases } from "./report.ts";
import { reportRevocations } from "./revocation/revocation-report.ts";
import { DAY, QUIET, type Scenario, STRESSES } from "./scenario.ts";
import { type Outcome, simulate } from "./simulation.ts";

const LOADS = [100, 10_000, 1_000_000];
const FULL: Omit<FleetOptions, "requestsPerSecond"> = { locations: 300, requestsPerIsolate: 1_000 };
const QUICK: typeof FULL = { locations: 30, requestsPerIsolate: 20_000 };
/** The page and the picture that `--write` renews. */
const PAGE = "docs/measurements/simulation.md";
const PICTURE = "docs/measurements/keys.svg";

const command = defineCommand({
  name: "simulate",
  summary:
    "Run the real key handling through a simulated day, and the list of revocations through half hours. Exit code 1: a valid token is refused in that day.",
  options: {
    seed: { type: "string", default: "1", description: "A whole number; the same gives the same output." },
    quick: {
      type: "boolean",
      description: "A tenth of the locations and a twentieth of the isolates.",
    },
    svg: { type: "string", description: `Where to write the picture of the day, e.g. ${PICTURE}.` },
    write: { type: "boolean", description: `Write the tables into ${PAGE}, and the picture beside it.` },
  },
  positionals: {},
  examples: ["", "--quick --seed 2", "--write"],
  hasScript: true,
  async run(args) {
    const seed = parseSeed(args.seed);
    const size = args.quick ? QUICK : FULL;
    const sections: string[] = [];
    const report = (section: string): void => {
      sections.push(section);
      console.log(`${section}\n`);
    };

    const days: Outcome[] = [];
    for (const requestsPerSecond of LOADS) {
      days.push(await simulate({ ...size, scenario: DAY, seed, requestsPerSecond }));
    }
    report(`A day under three loads, seed ${seed}\n\n${formatDays(days)}`);
    const bound = removedKeyBound(defaultIssuer().keys).whileRefreshing;
    report(`The bound on how long a removed key is accepted, from the settings: ${bound} s`);
    for (const day of days.slice(-1)) {
      report(`The day at ${day.requestsPerSecond.toLocaleString("en")} requests/s\n\n${formatPhases(day)}`);
    }

    const hour = (scenario: Scenario, requestsPerIsolate = size.requestsPerIsolate) =>
      simulate({ ...size, requestsPerIsolate, seed, requestsPerSecond: LOADS.at(-1) ?? 0, scenario });
    const hours = [await hour(QUIET), await hour(QUIET, size.requestsPerIsolate / 10)];
    for (const scenario of STRESSES) hours.push(await hour(scenario));
    report(`Single hours at that load\n\n${formatHours(hours)}`);

    const revocations = await reportRevocations(size, seed, LOADS);
    console.log(`Revoked tokens, in half an hour each\n\n${revocations}\n`);

    if (args.svg !== undefined) writeFileSync(args.svg, drawDays(days));
    if (args.write) {
      writeSection(PAGE, "simulation", `\`\`\`\n${sections.join("\n\n")}\n\`\`\``);
      writeSection(PAGE, "revocations", `\`\`\`\n${revocations}\n\`\`\``);
      writeFileSync(join(ROOT, PICTURE), drawDays(days));
    }
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
