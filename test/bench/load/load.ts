import { Connection } from "./connection.ts";

/** Requests to one gateway. */
export interface Load {
  /** The next request as it goes over the wire. */
  readonly next: () => string;
  /** Any other status ends the bench: a gateway that refuses what it should permit is not measured. */
  readonly expectedStatus: number;
}

/** Some kept-alive connections to one gateway, for one turn: servers close connections that are idle for long. */
export class Client {
  readonly #connections: readonly Connection[];
  readonly #failure: Promise<never>;
  readonly #fail: (error: Error) => void;

  private constructor(connections: readonly Connection[], failure: Promise<never>, fail: (error: Error) => void) {
    this.#connections = connections;
    this.#failure = failure;
    this.#fail = fail;
  }

  /** Resolves once all are connected. */
  static async open(port: number, count: number): Promise<Client> {
    const { promise: failure, reject } = Promise.withResolvers<never>();
    failure.catch(() => {});
    const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(port, reject)));
    return new Client(connections, failure, reject);
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  /**
   * Sends requests as fast as they are answered, one at a time on each connection.
   *
   * @param requests at least as many as connections
   * @returns how long it took, in seconds
   */
  async saturate(load: Load, requests: number): Promise<number> {
    const began = performance.now();
    let left = requests;
    const run = (connection: Connection, finished: () => void): void => {
      left -= 1;
      this.#send(connection, load, () => {
        if (left > 0) run(connection, finished);
        else finished();
      });
    };
    const all = Promise.all(this.#connections.map((one) => new Promise<void>((finished) => run(one, finished))));
    await Promise.race([all, this.#failure]);
    return (performance.now() - began) / 1000;
  }

  /**
   * Sends requests at a fixed rate, whether or not earlier ones are answered. A request that waits for a connection is
   * timed from when it was due, so that a stall counts for all the requests that it delays.
   *
   * @returns how long each took, in milliseconds
   */
  async pace(load: Load, requests: number, requestsPerSecond: number): Promise<number[]> {
    const free = [...this.#connections];
    const waiting: number[] = [];
    const times: number[] = [];
    const began = performance.now();
    let due = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const send = (connection: Connection, since: number): void => {
      this.#send(connection, load, () => {
        if (times.push(performance.now() - since) === requests) resolve();
        const waited = waiting.shift();
        if (waited === undefined) free.push(connection);
        else send(connection, waited);
      });
    };
    const timer = setInterval(() => {
      const now = performance.now();
      const target = Math.min(requests, Math.floor(((now - began) / 1000) * requestsPerSecond) + 1);
      for (; due < target; due += 1) {
        const connection = free.pop();
        if (connection === undefined) waiting.push(now);
        else send(connection, now);
      }
    }, 1);
    await Promise.race([promise, this.#failure]).finally(() => clearInterval(timer));
    return times;
  }

  #send(connection: Connection, { next, expectedStatus }: Load, answered: () => void): void {
    connection.send(next(), (status) => {
      if (status === expectedStatus) answered();
      else this.#fail(new Error(`answered ${status} instead of ${expectedStatus}`));
    });
  }
}
