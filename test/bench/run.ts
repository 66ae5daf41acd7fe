/** `npm run bench`: CPU time of a request in the gateway, beside a bare proxy and what people write without a gateway. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../support/project/project-files.ts";
import { writeSection } from "../support/project/write-section.ts";
import { startJwksServer, startUpstream } from "./environment.ts";
import type { Gateway } from "./gateway.ts";
import { assertingWorkers, benchWorkers, gatewayCompatibility, provenWorkers } from "./gateways.ts";
import { describeMachine, describeRun, versions } from "./machine.ts";
import { coldTokensNeeded, type Extent, measure, type Sender } from "./measure.ts";
import { startPeers } from "./peers/start-peer.ts";
import { createProver } from "./proofs.ts";
import { BUDGETED, verdicts } from "./report/budgets.ts";
import { drawChart } from "./report/chart.ts";
import { resultsOf } from "./report/results.ts";
import { resultTable, summaryTable, verdictTable } from "./report/tables.ts";
import { startWorkerd } from "./workerd.ts";
import { createIssuer } from "./workloads.ts";

const PAGE = "docs/measurements/performance.md";
const CHART = "docs/measurements/performance.svg";
const WHOLE: Extent = { warmUpRequests: 6_000, rounds: 9, requestsPerRound: 800, pacedRounds: 2, pacedRequests: 400 };
const QUICK: Extent = { warmUpRequests: 4_000, rounds: 3, requestsPerRound: 400, pacedRounds: 1, pacedRequests: 100 };

const { values: options } = parseArgs({
  options: {
    /** Takes a quarter of the time; the figures are noisier. */
    quick: { type: "boolean", default: false },
    /** Also measures what is installed of HAProxy and Apache (from Debian), Express and Fastify (`test/bench/peers`). */
    peers: { type: "boolean", default: false },
    /** Names of gateways, separated by commas; `bare` is always measured, those with assertions or DPoP only if named. */
    only: { type: "string" },
    json: { type: "string" },
    svg: { type: "string" },
    /** Writes the tables into `PAGE` and the chart beside it; for a whole run only. */
    write: { type: "boolean", default: false },
    /** Such as `--v8-flag=--max-semi-space-size=64`, for every workerd. */
    "v8-flag": { type: "string", multiple: true, default: [] },
  },
});

if (options.write && options.only !== undefined) throw new Error("--write needs all gateways: leave --only out.");

const extent = options.quick ? QUICK : WHOLE;
const upstream = await startUpstream();
const jwksServer = await startJwksServer();
const issuer = await createIssuer(jwksServer.issuer, coldTokensNeeded(extent));
const only = options.only?.split(",");
const isNamed = (suffix: string): boolean => only?.some((name) => name.endsWith(suffix)) ?? false;
const prover = createProver();
const binding = isNamed("-dpop")
  ? await createIssuer(jwksServer.issuer, coldTokensNeeded(extent), prover.thumbprint)
  : undefined;
const jwks = { keys: [...issuer.jwks.keys, ...(binding?.jwks.keys ?? [])] };
jwksServer.publish(jwks);

const environment = { issuer: jwksServer.issuer, upstream: `http://${upstream.host}`, jwks };
const asserting = isNamed("-assertion") ? await assertingWorkers(environment) : [];
const proven = isNamed("-dpop") ? await provenWorkers(environment) : [];
const workers = [...(await benchWorkers(environment)), ...asserting, ...proven].filter(
  ({ name }) => name === "bare" || (only?.includes(name) ?? true),
);
const senderOf = (gateway: string): Sender =>
  binding !== undefined && gateway.endsWith("-dpop") ? { tokens: binding.tokens, prover } : { tokens: issuer.tokens };
const gateways: Gateway[] = [];
try {
  for (const worker of workers) {
    gateways.push(await startWorkerd({ ...worker, v8Flags: options["v8-flag"] }, gatewayCompatibility()));
  }
  if (options.peers) {
    const publicKey = issuer.publicKey.export({ type: "spki", format: "pem" }).toString();
    const { keyId } = issuer;
    const context = { upstreamHost: upstream.host, issuer: jwksServer.issuer, keyId, publicKey };
    await startPeers(context, (peer) => gateways.push(peer));
  }
  const samples = await measure(gateways, senderOf, upstream.host, extent, (round) =>
    process.stderr.write(round === 0 ? "warm" : ` ${round}/${extent.rounds}`),
  );
  process.stderr.write("\n");
  const results = resultsOf(samples);
  console.log(`\n${resultTable(results)}\n\n${summaryTable(results)}\n`);
  if (BUDGETED.every((name) => gateways.some((gateway) => gateway.name === name))) {
    console.log(`${verdictTable(verdicts(samples))}\n`);
  }
  const command = `npm run bench -- ${process.argv.slice(2).join(" ")}`;
  const report = { machine: describeMachine(), versions: versions(), command, rows: results };
  console.log(`${report.machine}; ${JSON.stringify(report.versions)}`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (options.svg !== undefined) await writeFile(options.svg, drawChart(results));
  if (options.write) {
    const tables = [summaryTable(results), verdictTable(verdicts(samples)), describeRun(command)];
    writeSection(PAGE, "bench", tables.join("\n\n"));
    await writeFile(join(ROOT, CHART), drawChart(results));
  }
} finally {
  for (const gateway of gateways) await gateway.stop();
  await upstream.stop();
  await jwksServer.stop();
}
