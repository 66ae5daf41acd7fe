/** `npm run soak`: all traffic at once, with faults on both sides. Loopback only; exit code 1 when something did not hold. */
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { describeMachine, versions } from "../bench/machine.ts";
import { formatReport } from "./format-report.ts";
import type { MemorySample } from "./memory.ts";
import { soak } from "./soak.ts";

const LARGE_BYTES = 100_000_000;
/** More than the gateway remembers the verification of, so that it must forget. */
const CALLERS = 12_000;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "300" },
    /** A file for the samples of workerd's memory, as CSV. */
    memory: { type: "string" },
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
const load = `load average ${loadBefore.toFixed(1)} before, ${loadavg()[0]?.toFixed(1)} after`;
console.log(`${describeMachine()}; ${load}; ${JSON.stringify(versions())}`);
process.exitCode = report.violations.length > 0 ? 1 : 0;
