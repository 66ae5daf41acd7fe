import type { Gateway } from "./gateway.ts";
import { pace, saturate } from "./load.ts";
import { cpuMicroseconds, residentMegabytes } from "./process-usage.ts";
import { HEADER_COUNTS, type HeaderCount, requestWriter } from "./requests.ts";
import { expectedStatus, TokenQueue, type Tokens, WORKS, type Work } from "./works.ts";

/** How much is measured. */
export interface Extent {
  /** How many requests with the hot token each gateway gets first: V8 optimizes what has run thousands of times. */
  readonly warmUpRequests: number;
  /** How often each cell is measured at saturation. */
  readonly rounds: number;
  readonly requestsPerRound: number;
  /** How often each cell is measured at the fixed rate, in the first rounds. */
  readonly pacedRounds: number;
  readonly pacedRequests: number;
}

/** Connections at saturation. */
const CONNECTIONS = 16;
/** Modest: a fifth of what the slowest gateway takes, so that queues do not build up. */
export const PACED_REQUESTS_PER_SECOND = 500;

/** One gateway under one work with one set of headers. */
export interface Cell {
  readonly gateway: string;
  readonly work: Work;
  readonly headers: HeaderCount;
}

/** What was measured of a cell, one value per round but for `latenciesMs`, which holds every request. */
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
 * Measures every gateway under every work, round by round: whatever else the machine does in the meantime falls on
 * neighbours alike. A round that is not counted comes first, so that code is compiled and key sets are loaded.
 */
export async function measure(
  gateways: readonly Gateway[],
  tokens: Tokens,
  upstreamHost: string,
  extent: Extent,
  onRound: (round: number) => void,
): Promise<readonly Samples[]> {
  const queues = gateways.map((gateway) => ({ gateway, queue: new TokenQueue(tokens) }));
  const cells = WORKS.flatMap((work) =>
    HEADER_COUNTS.flatMap((headers) => {
      const write = requestWriter(upstreamHost, headers);
      return queues.map(({ gateway, queue }) => ({
        gateway,
        load: {
          port: gateway.port,
          next: () => write(queue.next(work)),
          expectedStatus: expectedStatus(work, gateway.name.startsWith("bare")),
          connections: CONNECTIONS,
        },
        samples: noSamples({ gateway: gateway.name, work, headers }),
      }));
    }),
  );
  for (const { load, samples } of cells) {
    if (samples.work === "hot") await saturate({ ...load, requests: extent.warmUpRequests / HEADER_COUNTS.length });
  }
  for (let round = 0; round <= extent.rounds; round += 1) {
    onRound(round);
    for (const { gateway, load, samples } of cells) {
      let before = 0;
      const seconds = await saturate({ ...load, requests: extent.requestsPerRound }, () => {
        before = cpuMicroseconds(gateway.pid);
      });
      const used = cpuMicroseconds(gateway.pid) - before;
      if (round === 0) continue;
      samples.cpuMicroseconds.push(used / extent.requestsPerRound);
      samples.requestsPerSecond.push(extent.requestsPerRound / seconds);
      samples.residentMegabytes.push(residentMegabytes(gateway.pid));
      if (round > extent.pacedRounds) continue;
      const times = await pace({ ...load, requests: extent.pacedRequests }, PACED_REQUESTS_PER_SECOND);
      samples.latenciesMs.push(...times);
    }
  }
  return cells.map(({ samples }) => samples);
}

function noSamples(cell: Cell): Samples {
  return { ...cell, cpuMicroseconds: [], requestsPerSecond: [], latenciesMs: [], residentMegabytes: [] };
}
