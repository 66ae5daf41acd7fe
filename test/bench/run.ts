/** `npm run bench`: what a request costs in the gateway, beside a bare proxy and what people write otherwise. */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { BUDGETED, verdicts } from "./budgets.ts";
import { drawChart } from "./chart.ts";
import type { Gateway } from "./gateway.ts";
import { benchWorkers, gatewayCompatibility } from "./gateways.ts";
import { describeMachine, versions } from "./machine.ts";
import { coldTokensNeeded, type Extent, measure } from "./measure.ts";
import { startPeers } from "./peers/start-peer.ts";
import { rowTable, summaryTable, verdictTable } from "./report.ts";
import { rowsOf } from "./rows.ts";
import { startJwksServer, startUpstream } from "./surroundings.ts";
import { startWorkerd } from "./workerd.ts";
import { createIssuer } from "./works.ts";

const WHOLE: Extent = { warmUpRequests: 6_000, rounds: 9, requestsPerRound: 800, pacedRounds: 2, pacedRequests: 400 };
const QUICK: Extent = { warmUpRequests: 4_000, rounds: 3, requestsPerRound: 400, pacedRounds: 1, pacedRequests: 100 };

const { values: options } = parseArgs({
  options: {
    /** A quarter of the time, for more noise. */
    quick: { type: "boolean", default: false },
    /** Also what else is installed: HAProxy and Apache from Debian, `npm install --prefix test/bench/peers`. */
    peers: { type: "boolean", default: false },
    /** Names of gateways, separated by commas; `bare` is always measured. */
    only: { type: "string" },
    json: { type: "string" },
    svg: { type: "string" },
    /** Such as `--v8-flag=--max-semi-space-size=64`, for every workerd. */
    "v8-flag": { type: "string", multiple: true, default: [] },
  },
});

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const extent = options.quick ? QUICK : WHOLE;
const upstream = await startUpstream();
const jwksServer = await startJwksServer();
const issuer = await createIssuer(jwksServer.issuer, coldTokensNeeded(extent));
jwksServer.publish(issuer.jwks);

const only = options.only?.split(",");
const workers = (
  await benchWorkers({ issuer: jwksServer.issuer, upstream: `http://${upstream.host}`, jwks: issuer.jwks })
).filter(({ name }) => name === "bare" || (only?.includes(name) ?? true));
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
  const samples = await measure(gateways, issuer.tokens, upstream.host, extent, (round) =>
    process.stderr.write(round === 0 ? "warm" : ` ${round}/${extent.rounds}`),
  );
  process.stderr.write("\n");
  const rows = rowsOf(samples);
  console.log(`\n${rowTable(rows)}\n\n${summaryTable(rows)}\n`);
  if (BUDGETED.every((name) => gateways.some((gateway) => gateway.name === name))) {
    console.log(`${verdictTable(verdicts(samples))}\n`);
  }
  const command = `npm run bench -- ${process.argv.slice(2).join(" ")}`;
  const report = { machine: describeMachine(), versions: versions(), command, rows };
  console.log(`${report.machine}; ${JSON.stringify(report.versions)}`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (options.svg !== undefined) await writeFile(options.svg, drawChart(rows));
} finally {
  for (const gateway of gateways) await gateway.stop();
  await upstream.stop();
  await jwksServer.stop();
}
