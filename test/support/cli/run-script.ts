import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { spawnInGroup } from "./process-groups.ts";

export interface RunningScript {
  readonly process: ChildProcess;
  readonly finished: Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
  /** Resolves to the output when the text was printed to stdout or stderr. Rejects if the script ends without it. */
  printed(text: string): Promise<string>;
}

/**
 * Runs a script with this Node, as npm would, with its output collected. What still runs after the tests of the file is
 * killed.
 *
 * @param cwd the folder in which it runs; default: that of this process
 */
export function runScript(path: string, args: readonly string[] = [], cwd: string = process.cwd()): RunningScript {
  const child = spawnInGroup(process.execPath, [path, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(),
    cwd,
  });
  const output = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  const collect = (stream: "stdout" | "stderr") => (chunk: Buffer) => {
    output[stream] += chunk.toString();
    for (const look of waiting) look();
  };
  child.stdout?.on("data", collect("stdout"));
  child.stderr?.on("data", collect("stderr"));
  const finished = once(child, "close").then(([code]) => ({ exitCode: Number(code), ...output }));
  return {
    process: child,
    finished,
    printed(text) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const look = () => {
        const all = `${output.stdout}${output.stderr}`;
        if (all.includes(text)) resolve(all);
      };
      waiting.add(look);
      look();
      void finished.then(() => reject(new Error(`Never printed: ${text}\n${output.stdout}${output.stderr}`)));
      return promise.finally(() => waiting.delete(look));
    },
  };
}

/** The environment without the variables that the test runner sets for itself, or that would switch colours off. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NO_COLOR: _colour, TEST: _test, CI: _ci, ...others } = process.env;
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !name.startsWith("VITEST")));
  return { ...rest, TERM: "xterm" };
}
