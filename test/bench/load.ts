import { Connection } from "./connection.ts";

/** Requests to one gateway. */
export interface Load {
  readonly port: number;
  /** The next request as it goes over the wire. */
  readonly next: () => string;
  /** Any other status ends the bench: a gateway that refuses what it should permit is not measured. */
  readonly expectedStatus: number;
  /** At least as many as connections. */
  readonly requests: number;
  readonly connections: number;
}

/**
 * Sends requests as fast as they are answered, one at a time on each connection.
 *
 * @param onStart called when all connections are open and nothing is sent yet
 * @returns how long it took, in seconds
 */
export async function saturate(load: Load, onStart: () => void = () => {}): Promise<number> {
  return await withConnections(load, async (connections, fail) => {
    onStart();
    const began = performance.now();
    let left = load.requests;
    const run = (connection: Connection, finished: () => void): void => {
      left -= 1;
      connection.send(load.next(), (status) => {
        if (status !== load.expectedStatus) fail(unexpected(status, load));
        else if (left > 0) run(connection, finished);
        else finished();
      });
    };
    await Promise.all(connections.map((connection) => new Promise<void>((resolve) => run(connection, resolve))));
    return (performance.now() - began) / 1000;
  });
}

/**
 * Sends requests at a fixed rate, whether or not earlier ones are answered: one that waits for a free connection is
 * timed from when it was due, so that a stall is not hidden by the requests it kept back.
 *
 * @returns how long each took, in milliseconds
 */
export async function pace(load: Load, requestsPerSecond: number): Promise<number[]> {
  return await withConnections(load, async (connections, fail) => {
    const free = [...connections];
    const waiting: number[] = [];
    const times: number[] = [];
    const began = performance.now();
    let due = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const send = (connection: Connection, since: number): void => {
      connection.send(load.next(), (status) => {
        if (status !== load.expectedStatus) fail(unexpected(status, load));
        if (times.push(performance.now() - since) === load.requests) resolve();
        const waited = waiting.shift();
        if (waited === undefined) free.push(connection);
        else send(connection, waited);
      });
    };
    const timer = setInterval(() => {
      const now = performance.now();
      const target = Math.min(load.requests, Math.floor(((now - began) / 1000) * requestsPerSecond) + 1);
      for (; due < target; due += 1) {
        const connection = free.pop();
        if (connection === undefined) waiting.push(now);
        else send(connection, now);
      }
    }, 1);
    await promise.finally(() => clearInterval(timer));
    return times;
  });
}

async function withConnections<T>(
  { port, connections: count }: Load,
  work: (connections: readonly Connection[], fail: (error: Error) => void) => Promise<T>,
): Promise<T> {
  const { promise: failure, reject: fail } = Promise.withResolvers<never>();
  const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(port, fail)));
  try {
    return await Promise.race([work(connections, fail), failure]);
  } finally {
    for (const connection of connections) connection.close();
  }
}

function unexpected(status: number, { expectedStatus }: Load): Error {
  return new Error(`answered ${status} instead of ${expectedStatus}`);
}
