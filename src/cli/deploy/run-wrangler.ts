import { execFile, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../args/exit-code.ts";

/** Runs wrangler with arguments, and returns its exit code. */
export type RunWrangler = (args: readonly string[]) => Promise<number>;

/**
 * Runs the wrangler of the project in the current folder. Its output goes to the terminal. Throws `InputError` if the
 * project has no wrangler.
 */
export const runWrangler: RunWrangler = (args) => {
  const program = wranglerProgram();
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: "inherit" });
    child.once("error", fail);
    // Ended by a signal: nobody knows what was deployed.
    child.once("exit", (code) => done(code ?? 1));
  });
};

/**
 * Runs the wrangler of the project in the current folder, and returns what it prints to stdout. `undefined`: it failed,
 * for example because nobody is logged in. It asks no questions. Throws as `runWrangler`.
 */
export function askWrangler(args: readonly string[]): Promise<string | undefined> {
  const program = wranglerProgram();
  return new Promise((done) => {
    execFile(process.execPath, [program, ...args], (error, stdout) => done(error === null ? stdout : undefined));
  });
}

/** What wrangler has done. */
export interface WranglerCall {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs wrangler with arguments, and prints nothing. */
export type CallWrangler = (args: readonly string[]) => Promise<WranglerCall>;

/** Runs the wrangler of the project in the current folder. It asks no questions. Throws as `runWrangler`. */
export const callWrangler: CallWrangler = (args) => {
  const program = wranglerProgram();
  return new Promise((done) => {
    execFile(process.execPath, [program, ...args], { maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) =>
      done({ exitCode: error === null ? 0 : 1, stdout, stderr }),
    );
  });
};

/** The largest value of KV fits, and what wrangler says beside it. */
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

function wranglerProgram(): string {
  try {
    const manifest = createRequire(resolve("package.json")).resolve("wrangler/package.json");
    return join(dirname(manifest), "bin/wrangler.js");
  } catch {
    throw new InputError("wrangler is needed for this. Run: npm install --save-dev wrangler");
  }
}
