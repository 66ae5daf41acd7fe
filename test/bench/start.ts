/** `npm run bench:start`: size of the bundle, and CPU time until the first answer, by the number of routes. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { transform } from "esbuild";
import { bundleWorker } from "../../src/local/bundle.ts";
import { compileForWorker } from "../../src/policy/compiled/serialize-policy.ts";
import { buildShippedGateway } from "../support/e2e/shipped-gateway.ts";
import { gatewayCompatibility } from "./gateways.ts";
import { policyWithRoutes } from "./many-routes.ts";
import { cpuMicroseconds } from "./process-usage.ts";
import { median } from "./rows.ts";
import { markdownTable } from "./table.ts";
import { startWorkerd } from "./workerd.ts";

const ROOT = join(import.meta.dirname, "../..");
const ROUTES_FILE = join(ROOT, "routes.json");
const POLICY_MODULE = join(ROOT, "src/compile-at-start.ts");
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
    script: await bundle("test/bench/workers/answer.ts", {}),
    ms: [] as number[],
  },
  ...(await Promise.all(
    [10, 10_000].flatMap((count) => [
      candidate(`${count} routes, loaded only`, "test/bench/workers/loaded.ts", count, stored),
      candidate(`${count} routes`, "src/index.ts", count, stored),
      candidate(`${count} routes, compiled at start`, "src/index.ts", count, asFile),
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

type Files = Readonly<Record<string, string>>;

async function candidate(name: string, entry: string, count: number, filesOf: (policy: unknown) => Files) {
  return { name, script: await bundle(entry, filesOf(policyWithRoutes(count))), ms: [] as number[] };
}

/** As wrangler's build does it. */
function stored(policy: unknown): Files {
  const compiled = compileForWorker(policy, VARS);
  if (!compiled.ok) throw new Error("the bench's policy has faults", { cause: compiled.failure });
  return { [POLICY_MODULE]: `export default ${JSON.stringify(compiled.value)}` };
}

function asFile(policy: unknown): Files {
  return { [ROUTES_FILE]: JSON.stringify(policy) };
}

async function bundle(entry: string, files: Files): Promise<string> {
  const script = await bundleWorker(join(ROOT, entry), { files });
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
