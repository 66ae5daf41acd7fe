import { createProver } from "../load/proofs.ts";
import { signTokens } from "../load/workloads.ts";
import { coldTokensNeeded, type Extent, measure, type Samples, type Sender, type Work } from "../measure.ts";
import type { Session } from "../session.ts";
import { GROUP_CLAIM, MESSAGE } from "./capabilities.ts";
import { featureWorkers } from "./feature-workers.ts";
import { featuresTable } from "./features-table.ts";

const WORKS: readonly Work[] = [
  { workload: "hot", headers: 3 },
  { workload: "cold", headers: 3 },
];

/** Measures what each capability of a policy costs where it is used and where it is not, all in one run. */
export async function benchFeatures(
  session: Session,
  whole: Extent,
  v8Flags: readonly string[],
  onRound: (round: number) => void,
): Promise<{ readonly table: string; readonly samples: readonly Samples[] }> {
  // Latencies say nothing about single capabilities.
  const extent = { ...whole, pacedRounds: 0 };
  const { issuer, environment, upstreamHost } = session;
  const sign = (further: object) =>
    signTokens(issuer, environment.issuer, coldTokensNeeded(extent, WORKS), { ...GROUP_CLAIM, ...further });
  const prover = createProver();
  const plain = { tokens: await sign({}) };
  const senders: Readonly<Record<"plain" | "message" | "proofs", Sender>> = {
    plain,
    message: { ...plain, form: MESSAGE },
    proofs: { tokens: await sign({ cnf: { jkt: prover.thumbprint } }), prover },
  };
  const workers = await featureWorkers(environment);
  const senderByName = new Map(workers.map(({ name, sends }) => [name, senders[sends ?? "plain"]]));
  await session.start(workers, v8Flags);
  const senderOf = (gateway: string): Sender => senderByName.get(gateway) ?? plain;
  const samples = await measure(session.gateways, senderOf, upstreamHost, { extent, works: WORKS }, onRound);
  return { table: featuresTable(workers, samples, WORKS), samples };
}
