/**
 * `npm run bench:start`: size of the bundle, and CPU time until the first answer, by the number of routes. With `--write`,
 * both go into the page on performance.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { bundleWorker } from "../../src/local/bundle.ts";
import { buildShippedGateway } from "../support/e2e/shipped-gateway.ts";
import { markdownTable } from "../support/project/markdown-table.ts";
import { ROOT, ROOT_POLICY } from "../support/project/project-files.ts";
import { writeSection } from "../support/project/write-section.ts";
import { bundleMinified, deployedFiles } from "./deployed-gateway.ts";
import { gatewayCompatibility } from "./gateways.ts";
import { describeRun } from "./machine.ts";
import { policyWithRoutes } from "./many-routes.ts";
import { cpuMicroseconds } from "./process-usage.ts";
import { median } from "./report/results.ts";
import { startWorkerd } from "./workerd.ts";

const {
  values: { write },
} = parseArgs({ options: { write: { type: "boolean", default: false } } });

const ROUNDS = 9;

const VARS = {
  ISSUER_URL: "https://issuer.example/pool",
  PRODUCTS_URL: "https://a.example",
  ORDERS_URL: "https://b.example",
};

const keyValue = await bundleWorker(join(ROOT, "test/bench/workers/key-value.ts"));
const candidates = [
  {
    name: "a Worker that only answers",
    script: await bundleMinified("test/bench/workers/answer.ts", {}),
    ms: [] as number[],
  },
  ...(await Promise.all(
    [10, 10_000].flatMap((count) => [
      candidate(`${count} routes, loaded only`, "test/bench/workers/loaded.ts", count, compiledAtBuild),
      candidate(`${count} routes`, "src/index.ts", count, compiledAtBuild),
      candidate(`${count} routes, compiled at start`, "src/index.ts", count, compiledAtStart),
    ]),
  )),
];

for (let round = 0; round < ROUNDS; round += 1) {
  for (const { name, script, ms } of candidates) ms.push(await startCpuMs(name, script));
}

const deployed = await buildShippedGateway();
const base = median(candidates[0]?.ms ?? []);
const report = [
  `Bundle as deployed: ${kibibytes(deployed.length)} KiB, gzip ${kibibytes(gzipSync(deployed).length)} KiB`,
  markdownTable(
    ["start of", "KiB", "gzip KiB", "CPU ms", "above that", "times that"],
    candidates.map(({ name, script, ms }) => [
      ...[name, kibibytes(script.length), kibibytes(gzipSync(script).length)],
      ...[median(ms).toFixed(1), (median(ms) - base).toFixed(1), (median(ms) / base).toFixed(2)],
    ]),
  ),
].join("\n\n");
console.log(report);
if (write)
  writeSection("docs/measurements/performance.md", "start", `${report}\n\n${describeRun("npm run bench:start")}`);

type Files = Readonly<Record<string, string>>;

async function candidate(
  name: string,
  entry: string,
  count: number,
  filesOf: (policy: unknown) => Files | Promise<Files>,
) {
  return { name, script: await bundleMinified(entry, await filesOf(policyWithRoutes(count))), ms: [] as number[] };
}

/** The files of a Worker whose policy is compiled by the build, as wrangler does it. */
function compiledAtBuild(policy: unknown): Promise<Files> {
  return deployedFiles({ policy, vars: VARS });
}

/** The files of a Worker that compiles its policy at the start. */
function compiledAtStart(policy: unknown): Files {
  return { [ROOT_POLICY]: JSON.stringify(policy) };
}

/** CPU time of a new workerd from its start to its first answer, in milliseconds. */
async function startCpuMs(name: string, script: string): Promise<number> {
  const gateway = await startWorkerd({ name, script, vars: VARS, keyValue }, gatewayCompatibility());
  await fetch(`http://127.0.0.1:${gateway.port}/_gateway/health`);
  const microseconds = cpuMicroseconds(gateway.pid);
  await gateway.stop();
  return microseconds / 1000;
}

function kibibytes(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
