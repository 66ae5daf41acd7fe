/**
 * `npm run bench:start`: size of the bundle, and CPU time until the first answer, by the number of routes. The first
 * answer is that of `/_gateway/health`. The next column has what the first request for a route costs more, because the
 * Worker reads its routes only then. With `--write`, all goes into the page on performance.
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
import { policyWithRoutes, requestPath } from "./many-routes.ts";
import { cpuMicroseconds } from "./process-usage.ts";
import { median } from "./report/results.ts";
import { withLogSink } from "./served/log-sink.ts";
import { startWorkerd } from "./workerd.ts";

const {
  values: { write },
} = parseArgs({ options: { write: { type: "boolean", default: false } } });

const ROUNDS = 25;

/** What a start may cost, in times of the start of a Worker that only answers. */
const BUDGETS = [
  { name: "10 routes", atMost: 1.5 },
  { name: "10000 routes", atMost: 2.2 },
];

const VARS = {
  ISSUER_URL: "https://issuer.example/pool",
  PRODUCTS_URL: "https://a.example",
  ORDERS_URL: "https://b.example",
};

const keyValue = await bundleWorker(join(ROOT, "test/bench/workers/key-value.ts"));
const empty = started("a Worker that only answers", await bundleMinified("test/bench/workers/answer.ts", {}));
const candidates = [
  empty,
  ...(await Promise.all(
    [10, 10_000].flatMap((count) => [
      candidate(`${count} routes, loaded only`, "test/bench/workers/loaded.ts", count, compiledAtBuild),
      candidate(`${count} routes`, "src/index.ts", count, compiledAtBuild),
      candidate(`${count} routes, log printed`, "src/index.ts", count, compiledAtBuild, (script) => script),
      candidate(`${count} routes, compiled at start`, "src/index.ts", count, compiledAtStart),
    ]),
  )),
];

for (let round = 0; round < ROUNDS; round += 1) for (const one of candidates) await start(one);

const deployed = await buildShippedGateway();
const report = [
  `Bundle as deployed: ${kibibytes(deployed.length)} KiB, gzip ${kibibytes(gzipSync(deployed).length)} KiB`,
  markdownTable(
    ["start of", "KiB", "gzip KiB", "CPU ms", "above that", "times that", "first route, ms more"],
    candidates.map(({ name, script, ms, routeMs }) => [
      ...[name, kibibytes(script.length), kibibytes(gzipSync(script).length)],
      ...[median(ms).toFixed(1), (median(ms) - median(empty.ms)).toFixed(1)],
      ...[times(ms).toFixed(2), median(routeMs).toFixed(1)],
    ]),
  ),
  markdownTable(
    ["start of", "times the empty one", "budget", ""],
    BUDGETS.map(({ name, atMost }) => {
      const measured = times(candidates.find((one) => one.name === name)?.ms ?? []);
      return [name, measured.toFixed(2), atMost.toFixed(2), measured <= atMost ? "met" : "OVER BUDGET"];
    }),
  ),
].join("\n\n");
console.log(report);
if (write)
  writeSection("docs/measurements/performance.md", "start", `${report}\n\n${describeRun("npm run bench:start")}`);

/** The middle of the ratios within a round, so that load of neighbours falls on both alike. */
function times(ms: readonly number[]): number {
  return median(ms.map((own, round) => own / (empty.ms[round] ?? Number.NaN)));
}

type Files = Readonly<Record<string, string>>;

/** A Worker, and the CPU time of each of its starts. */
interface Started {
  readonly name: string;
  readonly script: string;
  /** Until the first answer, in milliseconds. */
  readonly ms: number[];
  /** What the first request for a route takes more. */
  readonly routeMs: number[];
}

function started(name: string, script: string): Started {
  return { name, script, ms: [], routeMs: [] };
}

async function candidate(
  name: string,
  entry: string,
  count: number,
  filesOf: (policy: unknown) => Files | Promise<Files>,
  logged = withLogSink,
): Promise<Started> {
  return started(name, logged(await bundleMinified(entry, await filesOf(policyWithRoutes(count)))));
}

/** The files of a Worker whose policy is compiled by the build, as wrangler does it. */
function compiledAtBuild(policy: unknown): Promise<Files> {
  return deployedFiles({ policy, vars: VARS });
}

/** The files of a Worker that compiles its policy at the start. */
function compiledAtStart(policy: unknown): Files {
  return { [ROOT_POLICY]: JSON.stringify(policy) };
}

/** Starts a new workerd, and notes its CPU time until its first answer, and until its first answer for a route. */
async function start({ name, script, ms, routeMs }: Started): Promise<void> {
  const gateway = await startWorkerd({ name, script, vars: VARS, keyValue }, gatewayCompatibility());
  const answered = async (path: string): Promise<number> => {
    await fetch(`http://127.0.0.1:${gateway.port}${path}`);
    return cpuMicroseconds(gateway.pid) / 1000;
  };
  const first = await answered("/_gateway/health");
  ms.push(first);
  routeMs.push((await answered(requestPath(0))) - first);
  await gateway.stop();
}

function kibibytes(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
