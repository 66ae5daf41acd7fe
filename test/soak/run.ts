/**
 * `npm run soak`: all traffic at once, with faults on both sides. Loopback only; exit code 1 if an invariant was
 * broken.
 */
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { describeMachine, describeRun, versions } from "../bench/machine.ts";
import { writeSection } from "../support/project/write-section.ts";
import { formatReport } from "./format-report.ts";
import type { MemorySample } from "./memory.ts";
import { soak } from "./soak.ts";

const LARGE_BYTES = 100_000_000;
/** More tokens than the gateway's cache holds, so that it must forget some. */
const CALLERS = 12_000;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "300" },
    /** A file for the samples of workerd's memory, as CSV. */
    memory: { type: "string" },
    /** Writes the report into the page on reliability. */
    write: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new Error("--seconds must be a positive number");

const [loadBefore = 0] = loadavg();
const samples: MemorySample[] = [];
const report = await soak({
  seconds,
  largeBytes: LARGE_BYTES,
  callers: CALLERS,
  onSample: (sample) => {
    samples.push(sample);
    process.stderr.write(`\r${sample.seconds.toFixed(0)} s, workerd ${sample.megabytes.toFixed(0)} MB `);
  },
});
process.stderr.write("\n");
if (values.memory !== undefined) {
  const lines = samples.map((sample) => `${sample.seconds.toFixed(1)},${sample.megabytes.toFixed(1)}`);
  writeFileSync(values.memory, ["seconds,megabytes", ...lines, ""].join("\n"));
}
console.log(`${formatReport(report)}\n`);
const loadAfter = loadavg()[0]?.toFixed(1);
const load = `load average ${loadBefore.toFixed(1)} before, ${loadAfter} after`;
console.log(`${describeMachine()}; ${load}; ${JSON.stringify(versions())}`);
if (values.write) {
  const command = ["npm run soak --", ...process.argv.slice(2)].join(" ");
  const run = `${describeRun(command)} Load of the machine: ${loadBefore.toFixed(1)} before, ${loadAfter} after.`;
  writeSection("docs/measurements/reliability.md", "soak", `${formatReport(report)}\n\n${run}`);
}
process.exitCode = report.violations.length > 0 ? 1 : 0;
