import type { Gateway } from "./gateway.ts";
import { Client, type Load } from "./load/load.ts";
import { type HeaderCount, type RequestOptions, requestWriter } from "./load/requests.ts";
import { expectedStatus, TokenQueue, type Tokens, type Workload } from "./load/workloads.ts";
import { cpuMicroseconds, residentMegabytes } from "./process-usage.ts";

/** How much is measured. In a block, each gateway has one turn. */
export interface Extent {
  /** Blocks of the first work before the first round: V8 optimizes code that has run thousands of times. */
  readonly warmUpBlocks: number;
  /** How often all works are measured, one after the other. */
  readonly rounds: number;
  readonly blocksPerRound: number;
  /** In how many of the first rounds each cell is measured at the fixed rate, too. */
  readonly pacedRounds: number;
  readonly pacedRequests: number;
}

/** Connections to each gateway. */
const CONNECTIONS = 16;
/** A turn takes about a tenth of a second, so that other load of the machine affects all turns of a block alike. */
const REQUESTS_PER_TURN = 200;
/** A fifth of what the slowest gateway can do, so that no queue builds up. */
const PACED_REQUESTS_PER_SECOND = 500;

/** What a client sends to a gateway. */
export interface Sender extends RequestOptions {
  readonly tokens: Tokens;
}

/** What all gateways are asked for at the same time. */
export interface Work {
  readonly workload: Workload;
  readonly headers: HeaderCount;
}

/** One gateway with one work. */
export interface Cell extends Work {
  readonly gateway: string;
}

/** The measurements of a cell. */
export interface Samples extends Cell {
  /** CPU time of one request on average, for each block. The cells of one work have the same blocks. */
  readonly cpuMicroseconds: number[];
  /** For each block, at saturation. */
  readonly requestsPerSecond: number[];
  /** For each request at the fixed rate. */
  readonly latenciesMs: number[];
  /** After each round. */
  readonly residentMegabytes: number[];
}

/** How many never-seen tokens `measure` uses up. */
export function coldTokensNeeded(extent: Extent, works: readonly Work[]): number {
  const { rounds, blocksPerRound, pacedRounds, pacedRequests } = extent;
  const ofOneWork = (rounds + 1) * blocksPerRound * REQUESTS_PER_TURN + pacedRounds * pacedRequests;
  return works.filter(({ workload }) => workload === "cold").length * ofOneWork;
}

/**
 * Measures every gateway with every work. All gateways run all the time and take short turns, so that other load of the
 * machine affects all of them alike. The first round does not count: in it, code is compiled and key sets are loaded.
 */
export async function measure(
  gateways: readonly Gateway[],
  senderOf: (gateway: string) => Sender,
  upstreamHost: string,
  { extent, works }: { readonly extent: Extent; readonly works: readonly Work[] },
  onRound: (round: number) => void,
): Promise<readonly Samples[]> {
  const queues = gateways.map((gateway) => {
    const { tokens, ...options } = senderOf(gateway.name);
    return { gateway, options, queue: new TokenQueue(tokens) };
  });
  const groups = works.map(({ workload, headers }) =>
    queues.map(({ gateway, options, queue }): Prepared => {
      const write = requestWriter(upstreamHost, headers, options);
      return {
        gateway,
        load: {
          next: () => write(queue.next(workload)),
          expectedStatus: expectedStatus(workload, gateway.name.startsWith("bare")),
        },
        samples: noSamples({ gateway: gateway.name, workload, headers }),
      };
    }),
  );
  await runBlocks(groups[0] ?? [], extent.warmUpBlocks, () => {});
  for (let round = 0; round <= extent.rounds; round += 1) {
    onRound(round);
    for (const group of groups) {
      await runBlocks(group, extent.blocksPerRound, ({ samples }, used) => {
        if (round === 0) return;
        samples.cpuMicroseconds.push(used.cpuMicroseconds);
        samples.requestsPerSecond.push(used.requestsPerSecond);
      });
      if (round === 0) continue;
      for (const { gateway, samples } of group) samples.residentMegabytes.push(residentMegabytes(gateway.pid));
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

/** CPU time of one request on average, and requests per second, of one gateway in one block. */
interface Used {
  readonly cpuMicroseconds: number;
  readonly requestsPerSecond: number;
}

/**
 * Gives each gateway one turn in each block, in random order: what runs before a turn leaves its traces in the
 * processor's caches. The CPU time is counted from the end of one block to the end of the next, because garbage is also
 * collected after a turn.
 */
async function runBlocks(
  group: readonly Prepared[],
  blocks: number,
  onUsed: (cell: Prepared, used: Used) => void,
): Promise<void> {
  const players = await Promise.all(
    group.map(async (cell) => ({
      ...{ cell, client: await Client.open(cell.gateway.port, CONNECTIONS) },
      ...{ cpuBefore: cpuMicroseconds(cell.gateway.pid), seconds: 0 },
    })),
  );
  for (let block = 0; block < blocks; block += 1) {
    for (const player of shuffled(players)) {
      player.seconds = await player.client.saturate(player.cell.load, REQUESTS_PER_TURN);
    }
    for (const player of players) {
      const cpu = cpuMicroseconds(player.cell.gateway.pid);
      onUsed(player.cell, {
        cpuMicroseconds: (cpu - player.cpuBefore) / REQUESTS_PER_TURN,
        requestsPerSecond: REQUESTS_PER_TURN / player.seconds,
      });
      player.cpuBefore = cpu;
    }
  }
  for (const { client } of players) client.close();
}

function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
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
