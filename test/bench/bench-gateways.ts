import { assertingWorkers, benchWorkers, provenWorkers } from "./gateways.ts";
import { createProver } from "./load/proofs.ts";
import { HEADER_COUNTS } from "./load/requests.ts";
import { signTokens, WORKLOADS } from "./load/workloads.ts";
import { coldTokensNeeded, type Extent, measure, type Samples, type Sender } from "./measure.ts";
import { startPeers } from "./peers/start-peer.ts";
import type { Session } from "./session.ts";

const WORKS = WORKLOADS.flatMap((workload) => HEADER_COUNTS.map((headers) => ({ workload, headers })));

/** What to measure. */
export interface GatewaysOptions {
  readonly extent: Extent;
  /** Names of gateways. Left out: all except those with assertions or DPoP. `bare` is always measured. */
  readonly only: readonly string[] | undefined;
  /** Whether other software than Workers is measured, if it is installed. */
  readonly hasPeers: boolean;
  readonly v8Flags: readonly string[];
  readonly onRound: (round: number) => void;
}

/** Measures the gateway beside a bare proxy and what people write without a gateway. */
export async function benchGateways(session: Session, options: GatewaysOptions): Promise<readonly Samples[]> {
  const { extent, only, v8Flags } = options;
  const { issuer, environment, upstreamHost, gateways } = session;
  const isNamed = (suffix: string): boolean => only?.some((name) => name.endsWith(suffix)) ?? false;
  const sign = (further?: object) =>
    signTokens(issuer, environment.issuer, coldTokensNeeded(extent, WORKS), { ...further });
  const bearer: Sender = { tokens: await sign() };
  const prover = createProver();
  const bound: Sender = isNamed("-dpop") ? { tokens: await sign({ cnf: { jkt: prover.thumbprint } }), prover } : bearer;
  const workers = [
    ...(await benchWorkers(environment)),
    ...(isNamed("-assertion") ? await assertingWorkers(environment) : []),
    ...(isNamed("-dpop") ? await provenWorkers(environment) : []),
  ].filter(({ name }) => name === "bare" || (only?.includes(name) ?? true));
  await session.start(workers, v8Flags);
  if (options.hasPeers) {
    const publicKey = issuer.publicKey.export({ type: "spki", format: "pem" }).toString();
    const context = { upstreamHost, issuer: environment.issuer, keyId: issuer.keyId, publicKey };
    await startPeers(context, (peer) => gateways.push(peer));
  }
  const senderOf = (gateway: string): Sender => (gateway.endsWith("-dpop") ? bound : bearer);
  return measure(gateways, senderOf, upstreamHost, { extent, works: WORKS }, options.onRound);
}
