import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { workerdVersion } from "./workerd.ts";

/** What the pages say of a run: the command, the day, the machine and what the measured Workers are made of. */
export function describeRun(command: string): string {
  const made = Object.entries(versions()).map(([name, version]) => `${name} ${version}`);
  const day = new Date().toISOString().slice(0, 10);
  return `Measured by \`${command}\` on ${day}, on ${describeMachine()}, with ${made.join(", ")}.`;
}

/** The machine in one line. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 1e9);
  return `${cpus().length} x ${cpu?.model.trim() ?? "unknown"}, ${gigabytes} GB, Linux ${release()}`;
}

/** Versions of what the measured Workers are made of. */
export function versions(): Readonly<Record<string, string>> {
  return {
    node: process.versions.node,
    workerd: workerdVersion,
    hono: packageVersion("hono"),
    jose: packageVersion("jose"),
  };
}

function packageVersion(name: string): string {
  const file = join(import.meta.dirname, `../../node_modules/${name}/package.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
