/**
 * `npm run bench`: CPU time of a request in the gateway, beside a bare proxy and what people write without a gateway,
 * and what remembered tokens keep in memory. With `--features`: what each capability of a policy costs.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../support/project/project-files.ts";
import { writeSection } from "../support/project/write-section.ts";
import { benchGateways } from "./bench-gateways.ts";
import { benchFeatures } from "./features/bench-features.ts";
import { describeMachine, describeRun, versions } from "./machine.ts";
import type { Extent } from "./measure.ts";
import { measureMemory, memoryText } from "./memory/measure-memory.ts";
import { BUDGETED, verdicts } from "./report/budgets.ts";
import { drawChart } from "./report/chart.ts";
import { resultsOf } from "./report/results.ts";
import { readmeTable, resultTable, summaryTable, verdictTable } from "./report/tables.ts";
import { startSession } from "./session.ts";

const PAGE = "docs/measurements/performance.md";
const CHART = "docs/measurements/performance.svg";
const WHOLE: Extent = { warmUpBlocks: 30, rounds: 9, blocksPerRound: 4, pacedRounds: 2, pacedRequests: 400 };
const QUICK: Extent = { warmUpBlocks: 20, rounds: 3, blocksPerRound: 3, pacedRounds: 1, pacedRequests: 100 };

const { values: options } = parseArgs({
  options: {
    /** Takes a quarter of the time; the figures are noisier. */
    quick: { type: "boolean", default: false },
    /** How often all works are measured. More rounds make the figures more exact. */
    rounds: { type: "string" },
    /** Measures instead what each capability of a policy costs, unused and used. */
    features: { type: "boolean", default: false },
    /** Measures only what remembered tokens keep in memory. */
    memory: { type: "boolean", default: false },
    /**
     * Also measures what is installed of HAProxy and Apache (from Debian), Express and Fastify (`test/bench/peers`).
     */
    peers: { type: "boolean", default: false },
    /**
     * Names of gateways, separated by commas; `bare` is always measured, those with assertions or DPoP only if named.
     */
    only: { type: "string" },
    json: { type: "string" },
    svg: { type: "string" },
    /** Writes the tables into `PAGE` and the README, and the chart beside the page; for a whole run only. */
    write: { type: "boolean", default: false },
    /** Such as `--v8-flag=--max-semi-space-size=64`, for every workerd. */
    "v8-flag": { type: "string", multiple: true, default: [] },
  },
});

if (options.write && (options.only ?? options.rounds) !== undefined) {
  throw new Error("--write needs all gateways and all rounds: leave --only and --rounds out.");
}
if (options.write && options.memory) throw new Error("--memory alone writes no table: leave --write or --memory out.");
const command = `npm run bench -- ${process.argv.slice(2).join(" ")}`.replace(/ -- $/, "");
const base = options.quick ? QUICK : WHOLE;
const extent = { ...base, rounds: Number(options.rounds ?? base.rounds) };
const onRound = (round: number): void =>
  void process.stderr.write(round === 0 ? "warm" : ` ${round}/${extent.rounds}${round === extent.rounds ? "\n" : ""}`);

await using session = await startSession();
if (options.features) {
  const { table, samples } = await benchFeatures(session, extent, options["v8-flag"], onRound);
  console.log(`\n${table}\n`);
  await report({ samples });
  if (options.write) writeSection(PAGE, "features", `${table}\n\n${describeRun(command)}`);
} else if (options.memory) {
  const memory = await measureMemory(session);
  console.log(memoryText(memory));
  await report({ memory });
} else {
  const only = options.only?.split(",");
  const asked = { extent, only, hasPeers: options.peers, v8Flags: options["v8-flag"], onRound };
  const samples = await benchGateways(session, asked);
  const results = resultsOf(samples);
  const isBudgeted = BUDGETED.every((name) => session.gateways.some((gateway) => gateway.name === name));
  const tables = [summaryTable(results), ...(isBudgeted ? [verdictTable(verdicts(samples))] : [])];
  const memory = only === undefined ? await measureMemory(session) : undefined;
  if (memory !== undefined) tables.push(memoryText(memory));
  console.log(`\n${[resultTable(results), ...tables].join("\n\n")}\n`);
  await report({ rows: results, memory });
  if (options.svg !== undefined) await writeFile(options.svg, drawChart(results));
  if (options.write) {
    writeSection(PAGE, "bench", [...tables, describeRun(command)].join("\n\n"));
    writeSection("README.md", "bench", readmeTable(results));
    await writeFile(join(ROOT, CHART), drawChart(results));
  }
}

/** Prints what the run was made with, and writes every figure to the file of `--json`. */
async function report(figures: object): Promise<void> {
  const whole = { machine: describeMachine(), versions: versions(), command, ...figures };
  console.log(`${whole.machine}; ${JSON.stringify(whole.versions)}`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(whole, null, 2)}\n`);
}
