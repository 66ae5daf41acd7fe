import { UsageError } from "./run-command.ts";

/** A TCP port as an option gives it; 0 stands for any free one. Throws `UsageError`. */
export function parsePort(option: string, value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--${option} needs a port from 0 (any free one) to 65535.`);
}
