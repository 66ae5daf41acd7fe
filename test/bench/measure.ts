import type { Gateway } from "./gateway.ts";
import { Client, type Load } from "./load.ts";
import { cpuMicroseconds, residentMegabytes } from "./process-usage.ts";
import type { Prover } from "./proofs.ts";
import { HEADER_COUNTS, type HeaderCount, requestWriter } from "./requests.ts";
import { expectedStatus, TokenQueue, type Tokens, WORKLOADS, type Workload } from "./workloads.ts";

/** How much is measured. */
export interface Extent {
  /** Requests with the hot token before the first round: V8 optimizes code that has run thousands of times. */
  readonly warmUpRequests: number;
  /** How often each cell is measured at saturation. */
  readonly rounds: number;
  readonly requestsPerRound: number;
  /** How often each cell is measured at the fixed rate, in the first rounds. */
  readonly pacedRounds: number;
  readonly pacedRequests: number;
}

/** Connections to each gateway. */
const CONNECTIONS = 16;
/** A turn takes some hundredths of a second, so that the processor's caches belong to one gateway for most of it. */
const REQUESTS_PER_TURN = 200;
/** A fifth of what the slowest gateway can do, so that no queue builds up. */
const PACED_REQUESTS_PER_SECOND = 500;

/** What a client sends to a gateway. */
export interface Sender {
  readonly tokens: Tokens;
  /** Left out: the tokens are bearer tokens. */
  readonly prover?: Prover;
}

/** One gateway under one workload with one set of headers. */
export interface Cell {
  readonly gateway: string;
  readonly workload: Workload;
  readonly headers: HeaderCount;
}

/** The measurements of a cell: one value per round, and in `latenciesMs` one per request. */
export interface Samples extends Cell {
  readonly cpuMicroseconds: number[];
  readonly requestsPerSecond: number[];
  readonly latenciesMs: number[];
  readonly residentMegabytes: number[];
}

/** How many never-seen tokens `measure` uses up. */
export function coldTokensNeeded({ rounds, requestsPerRound, pacedRounds, pacedRequests }: Extent): number {
  return HEADER_COUNTS.length * ((rounds + 1) * requestsPerRound + pacedRounds * pacedRequests);
}

/**
 * Measures every gateway under every workload. The gateways take short turns, so that other load of the
 * machine affects all of them alike. The first round is not counted: in it, code is compiled and
 * key sets are loaded.
 */
export async function measure(
  gateways: readonly Gateway[],
  senderOf: (gateway: string) => Sender,
  upstreamHost: string,
  extent: Extent,
  onRound: (round: number) => void,
): Promise<readonly Samples[]> {
  const queues = gateways.map((gateway) => {
    const { tokens, prover } = senderOf(gateway.name);
    return { gateway, prover, queue: new TokenQueue(tokens) };
  });
  const groups = WORKLOADS.flatMap((workload) =>
    HEADER_COUNTS.map((headers) => {
      return queues.map(({ gateway, prover, queue }) => {
        const write = requestWriter(upstreamHost, headers, prover);
        return {
          gateway,
          load: {
            next: () => write(queue.next(workload)),
            expectedStatus: expectedStatus(workload, gateway.name.startsWith("bare")),
          },
          samples: noSamples({ gateway: gateway.name, workload, headers }),
        };
      });
    }),
  );
  const [hot = []] = groups;
  await saturateInTurn(hot, extent.warmUpRequests);
  for (let round = 0; round <= extent.rounds; round += 1) {
    onRound(round);
    for (const group of groups) {
      const used = await saturateInTurn(group, extent.requestsPerRound);
      if (round === 0) continue;
      for (const [index, { gateway, samples }] of group.entries()) {
        samples.cpuMicroseconds.push(used[index]?.cpuMicroseconds ?? Number.NaN);
        samples.requestsPerSecond.push(used[index]?.requestsPerSecond ?? Number.NaN);
        samples.residentMegabytes.push(residentMegabytes(gateway.pid));
      }
      if (round <= extent.pacedRounds) await paceEach(group, extent.pacedRequests);
    }
  }
  return groups.flat().map(({ samples }) => samples);
}

/** A cell with what it takes to measure it. */
interface Prepared {
  readonly gateway: Gateway;
  readonly load: Load;
  readonly samples: Samples;
}

/** CPU time of one request on average, and requests per second, during the gateway's turns. */
interface Used {
  readonly cpuMicroseconds: number;
  readonly requestsPerSecond: number;
}

async function saturateInTurn(group: readonly Prepared[], requests: number): Promise<readonly Used[]> {
  const turns = Math.ceil(requests / REQUESTS_PER_TURN);
  const players = await Promise.all(
    group.map(async ({ gateway, load }) => ({
      ...{ pid: gateway.pid, load, client: await Client.open(gateway.port, CONNECTIONS) },
      ...{ cpuBefore: cpuMicroseconds(gateway.pid), seconds: 0 },
    })),
  );
  for (let turn = 0; turn < turns; turn += 1) {
    for (const player of turn % 2 === 0 ? players : players.toReversed()) {
      player.seconds += await player.client.saturate(player.load, REQUESTS_PER_TURN);
    }
  }
  const sent = turns * REQUESTS_PER_TURN;
  return players.map(({ pid, client, cpuBefore, seconds }) => {
    client.close();
    return { cpuMicroseconds: (cpuMicroseconds(pid) - cpuBefore) / sent, requestsPerSecond: sent / seconds };
  });
}

async function paceEach(group: readonly Prepared[], requests: number): Promise<void> {
  for (const { gateway, load, samples } of group) {
    const client = await Client.open(gateway.port, CONNECTIONS);
    samples.latenciesMs.push(...(await client.pace(load, requests, PACED_REQUESTS_PER_SECOND)));
    client.close();
  }
}

function noSamples(cell: Cell): Samples {
  return { ...cell, cpuMicroseconds: [], requestsPerSecond: [], latenciesMs: [], residentMegabytes: [] };
}
