import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT } from "./args/exit-code.ts";
import { printErrorLines } from "./print/print-lines.ts";

/** The oldest Node that runs everything: wrangler and vitest ask for it. */
const OLDEST_NODE = [22, 12] as const;

/** Whether a version of Node, such as `20.19.1`, is too old for the command line. */
export function isOlderNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

/**
 * Runs the command with the Node that projects bring, because `scopegate create` has to run before there is a project.
 * npm gets that Node from the registry, in exactly this version, and keeps it. Returns the exit code.
 *
 * This module itself has to run on Node 20, and so has all that it imports.
 */
export function runWithNewerNode(args: readonly string[]): number {
  const packageName = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const version = nodeVersions()[packageName];
  const needed = `Scopegate needs Node ${OLDEST_NODE.join(".")} or later, and this is ${process.versions.node}.`;
  if (version === undefined) {
    printErrorLines([`${needed} Install a newer one.`]);
    return EXIT.unusable;
  }
  printErrorLines([`${needed} npm runs it with ${packageName}@${version}.`]);
  const main = join(import.meta.dirname, "bin.js");
  const [program, ...first] = npmCommand(process.env["npm_execpath"]);
  const command = [...first, "exec", "--yes", `--package=${packageName}@${version}`, "--", "node", main, ...args];
  const { status, error } = spawnSync(program, command, { stdio: "inherit" });
  if (error !== undefined) printErrorLines([`npm cannot be run (${error.message}). Install a newer Node.`]);
  return status ?? EXIT.unusable;
}

/** The program and first arguments that run npm: the one that runs this process, without a shell, or any. */
export function npmCommand(running: string | undefined): readonly [string, ...string[]] {
  if (running === undefined || !/\bnp[mx]-cli\.js$/.test(running)) return ["npm"];
  return [process.execPath, running.replace(/npx-cli\.js$/, "npm-cli.js")];
}

/** The packages that hold a Node each: the same that a project gets. */
function nodeVersions(): Readonly<Record<string, string>> {
  const manifest = readFileSync(join(import.meta.dirname, "../../tools/node/package.json"), "utf8");
  return JSON.parse(manifest).optionalDependencies;
}
