import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { workerdVersion } from "./workerd.ts";

/** The machine in one line. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 1e9);
  return `${cpus().length} x ${cpu?.model.trim() ?? "unknown"}, ${gigabytes} GB, Linux ${release()}`;
}

/** What the measured Workers are made of. */
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
