import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface RunningScript {
  readonly process: ChildProcess;
  readonly finished: Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
  /** Resolves when the text was printed to stdout or stderr. Rejects if the script ends without it. */
  printed(text: string): Promise<void>;
}

/** Runs a script of `src/cli` as npm would, with its output collected. */
export function runScript(path: string, args: readonly string[] = []): RunningScript {
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "pipe"], env: environment() });
  const output = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  const collect = (stream: "stdout" | "stderr") => (chunk: Buffer) => {
    output[stream] += chunk.toString();
    for (const look of waiting) look();
  };
  child.stdout.on("data", collect("stdout"));
  child.stderr.on("data", collect("stderr"));
  const finished = once(child, "close").then(([code]) => ({ exitCode: Number(code), ...output }));
  return {
    process: child,
    finished,
    printed(text) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const look = () => {
        if (`${output.stdout}${output.stderr}`.includes(text)) resolve();
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
  const { NODE_OPTIONS: _options, NO_COLOR: _colour, TEST: _test, CI: _ci, ...rest } = process.env;
  return { ...rest, TERM: "xterm" };
}
