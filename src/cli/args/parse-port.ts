import { UsageError } from "./exit-code.ts";

/** Reads the TCP port of an option; 0 stands for any free port. Throws `UsageError` for anything else. */
export function parsePort(option: string, value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--${option} needs a port from 0 (any free one) to 65535.`);
}

/**
 * Throws `UsageError` if two options name the same port. Several may be 0, because each gets a free port of its own.
 */
export function assertDifferentPorts(ports: Iterable<readonly [option: string, port: number]>): void {
  const owners = new Map<number, string>();
  for (const [option, port] of ports) {
    const owner = port === 0 ? undefined : owners.get(port);
    if (owner !== undefined)
      throw new UsageError(`--${owner} and --${option} are both ${port}: choose different ports.`);
    owners.set(port, option);
  }
}
