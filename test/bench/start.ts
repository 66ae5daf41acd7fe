/** `npm run bench:start`: size of the bundle, and CPU time until the first answer, by the number of routes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { transform } from "esbuild";
import { bundleWorker } from "../../src/local/bundle.ts";
import { buildShippedGateway } from "../support/integration-build.ts";
import { gatewayCompatibility } from "./gateways.ts";
import { policyWithRoutes } from "./many-routes.ts";
import { cpuMicroseconds } from "./process-usage.ts";
import { median } from "./rows.ts";
import { markdownTable } from "./table.ts";
import { startWorkerd } from "./workerd.ts";

const ROOT = join(import.meta.dirname, "../..");
const ROUTES_FILE = join(ROOT, "routes.json");
const ROUNDS = 9;

const shipped: unknown = JSON.parse(readFileSync(ROUTES_FILE, "utf8"));
const VARS = {
  ISSUER_URL: "https://issuer.example/pool",
  PRODUCTS_URL: "https://a.example",
  ORDERS_URL: "https://b.example",
};

const keyValue = await bundleWorker(join(ROOT, "test/bench/workers/key-value.ts"));
const candidates = [
  {
    name: "a Worker that only answers",
    script: await bundle("test/bench/workers/answer.ts", shipped),
    ms: [] as number[],
  },
  ...(await Promise.all(
    [10, 10_000].flatMap((count) => [
      candidate(`${count} routes, not compiled`, "test/bench/workers/uncompiled.ts", count),
      candidate(`${count} routes`, "src/index.ts", count),
    ]),
  )),
];

for (let round = 0; round < ROUNDS; round += 1) {
  for (const { name, script, ms } of candidates) ms.push(await startCpuMs(name, script));
}

const deployed = await buildShippedGateway();
console.log(
  `Bundle as deployed: ${kibibytes(deployed.length)} KiB, gzip ${kibibytes(gzipSync(deployed).length)} KiB\n`,
);
const base = median(candidates[0]?.ms ?? []);
console.log(
  markdownTable(
    ["start of", "KiB", "gzip KiB", "CPU ms", "above that"],
    candidates.map(({ name, script, ms }) => [
      ...[name, kibibytes(script.length), kibibytes(gzipSync(script).length)],
      ...[median(ms).toFixed(1), (median(ms) - base).toFixed(1)],
    ]),
  ),
);

async function candidate(name: string, entry: string, count: number) {
  return { name, script: await bundle(entry, policyWithRoutes(count)), ms: [] as number[] };
}

async function bundle(entry: string, policy: unknown): Promise<string> {
  const script = await bundleWorker(join(ROOT, entry), { files: { [ROUTES_FILE]: JSON.stringify(policy) } });
  return (await transform(script, { minify: true, format: "esm", target: "es2024" })).code;
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
